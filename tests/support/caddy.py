"""Caddy from Debian's packages, with the Caddyfile for a path that stands in docs/deploy.md."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.nginx import HANDS_ON, ROOT, free_port
from tests.support.programs import end, wait_for, with_us

LISTENS = "still.example.org"
ALONE = "{\n    admin off\n}\n"
"""Nobody changes what it does while it runs."""


def configuration() -> str:
    """The block of the document, as it stands."""
    found = re.search(r"```caddyfile\n(.*?)```", (ROOT / "docs" / "deploy.md").read_text(), re.DOTALL)
    assert found
    return found.group(1)


@contextlib.contextmanager
def caddy(folder: Path, service_host: str) -> Iterator[str]:
    """Run Caddy in front of a service; gives where it listens. Of the document only the two addresses are changed."""
    program = shutil.which("caddy")
    if program is None:
        reason = "caddy is not here; with Debian, apt-get install caddy to run this"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(reason)
    host = f"127.0.0.1:{free_port()}"
    text = configuration()
    for old, new in {LISTENS: f"http://{host}", HANDS_ON: service_host}.items():
        assert old in text
        text = text.replace(old, new)
    file = folder / "Caddyfile"
    file.write_text(ALONE + text)
    process = subprocess.Popen(
        with_us([program, "run", "--config", str(file), "--adapter", "caddyfile"]), stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
    )  # fmt: skip
    try:
        wait_for(host, "caddy")
        yield host
    finally:
        end(process)
