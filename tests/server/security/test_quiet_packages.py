"""Nothing leaves the machine: no package that the service is made of asks for a socket, a name or a file elsewhere."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.audio.speech.engines.no_sockets import can_watch
from tests.audio.speech.engines.test_quiet_engine import watched
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not can_watch(), reason="the kernel's filters are known on Linux alone")


def packages() -> list[str]:
    """Every package that the service needs to run, or can be given, as far as it is installed here."""
    files = ("requirements.txt", "requirements-piper.txt", "requirements-redis.txt")
    lines = [line for file in files for line in (ROOT / file).read_text().splitlines()]
    names = {found[0] for line in lines if (found := re.match(r"[A-Za-z0-9_.-]+", line))}
    return sorted(names & {one.metadata["Name"] for one in importlib.metadata.distributions()})


def modules_of(package: str) -> list[str]:
    """The modules that a package brings at its top level."""
    files = importlib.metadata.files(package) or []
    tops = {
        file.parts[0].removesuffix(".py") for file in files if file.suffix == ".py" and ".." not in file.parts
    }
    return sorted(top for top in tops if re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", top))


def test_the_packages_are_found() -> None:
    assert len(packages()) > 12
    assert "gevent" in modules_of("gevent")


def test_no_package_asks_for_a_socket_or_writes_elsewhere_when_it_is_imported(tmp_path: Path) -> None:
    wanted = [module for package in packages() for module in modules_of(package)]
    code = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "import audio, importlib, contextlib\n"
        f"for name in {wanted!r}:\n"
        "    with contextlib.suppress(ImportError):\n"
        "        importlib.import_module(name)\n"
        "print('all of them')\n"
    )
    done = watched(tmp_path, "-c", code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("all of them")
    assert [path for path in (tmp_path / "HOME").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "main",
    ["server.app", "server.cli.main", "audio.studio.process", "audio.speech.workers.voice_process", "bench"],
)
def test_every_process_of_ours_forbids_reports_before_any_package_is_imported(main: str) -> None:
    code = (
        "import sys, os, builtins\n"
        "real = builtins.__import__\n"
        "def watch(name, *rest):\n"
        "    if name.partition('.')[0] in ('onnxruntime', 'piper', 'hibari'):\n"
        "        assert os.environ.get('ORT_DISABLE_TELEMETRY') == '1', name\n"
        "    return real(name, *rest)\n"
        "builtins.__import__ = watch\n"
        f"import {main}\n"
        "print(os.environ.get('ORT_DISABLE_TELEMETRY'))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip() == "1", done.stderr
