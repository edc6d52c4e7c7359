"""nginx from Debian's packages, with the configuration that stands in docs/deploy.md."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.programs import end, wait_for, with_us

ROOT = Path(__file__).parents[2]
LISTENS, HANDS_ON = "127.0.0.1:8080", "127.0.0.1:8000"


def configuration() -> str:
    """The block of the document, as it stands."""
    found = re.search(r"```nginx\n(.*?)```", (ROOT / "docs" / "deploy.md").read_text(), re.DOTALL)
    assert found
    return found.group(1)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def nginx(folder: Path, service_host: str, replaced: dict[str, str] | None = None) -> Iterator[str]:
    """Run nginx in front of a service; gives where it listens. Of the document only the two ports are changed."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        reason = "nginx is not here; install nginx-light to run this"
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(reason)
    host = f"127.0.0.1:{free_port()}"
    text = configuration()
    for old, new in {LISTENS: host, HANDS_ON: service_host, **(replaced or {})}.items():
        assert old in text
        text = text.replace(old, new)
    places = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{name}_temp_path {folder}/{name};\n" for name in places)
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n{temporary}{text}}}\n"
    )
    process = subprocess.Popen(
        with_us([program, "-p", str(folder), "-c", str(file)]), stderr=subprocess.DEVNULL
    )
    try:
        wait_for(host, "nginx")
        yield host
    finally:
        end(process)
