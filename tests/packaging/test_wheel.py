"""The wheel: built, installed into a bare environment without the checkout, and used from an empty folder."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOURCES = ("exercises", "audio", "server", "web")
BESIDE = (
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "requirements.txt",
    "requirements-piper.txt",
    "requirements-redis.txt",
)


@dataclass
class Installed:
    """An environment with the wheel in it, an empty folder to stand in, and a home of its own."""

    bin: Path
    packages: Path
    folder: Path
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        left_out = ("PYTHONPATH", "XDG_DATA_HOME", "STILL_HERE_DATA")
        own = {name: value for name, value in os.environ.items() if name not in left_out}
        return {
            **own,
            "HOME": str(self.home),
            "STILL_HERE_VOICE": "neutral",
            "STILL_HERE_PREVIEWS_AHEAD": "no",
        }

    def runs(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.bin / command[0]), *command[1:]], cwd=self.folder, env=self.environment,
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that nothing of the build stays in the checkout."""
    copy = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in BESIDE:
        shutil.copy(ROOT / name, copy / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps"]
    done = subprocess.run(
        [*command, "--no-build-isolation", "--wheel-dir", str(copy / "dist"), str(copy)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return next((copy / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel installed. What it depends on is taken from the environment of the tests, which has the same pins."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder / "env", with_pip=False, symlinks=True)
    python = folder / "env" / "bin" / "python"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    done = subprocess.run([*pip, "--disable-pip-version-check", str(wheel)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    packages = next((folder / "env" / "lib").glob("python*/site-packages"))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (folder / "empty").mkdir()
    (folder / "home").mkdir()
    return Installed(python.parent, packages, folder / "empty", folder / "home")


@pytest.fixture(scope="module")
def address(installed: Installed) -> Iterator[str]:
    """The address of the service that the installed command runs."""
    process = subprocess.Popen(
        [str(installed.bin / "still-here"), "run", "--port", "0"], cwd=installed.folder, env=installed.environment,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    found = re.search(r"http://\S+?:\d+", process.stdout.readline())
    assert found
    yield found.group()
    process.terminate()
    process.wait(10)
    process.stdout.close()


def fetched(address: str, path: str) -> bytes:
    with urllib.request.urlopen(address + path, timeout=60) as answer:
        return bytes(answer.read())


def test_everything_that_is_no_test_is_inside_and_nothing_else(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    kept = {
        path.relative_to(ROOT).as_posix()
        for source in SOURCES
        for path in (ROOT / source).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert inside == kept


def test_its_dependencies_are_the_pins_and_natural_and_redis_are_extras(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    head = archive.read(next(name for name in archive.namelist() if name.endswith("/METADATA"))).decode()
    asked = [line.partition(": ")[2] for line in head.splitlines() if line.startswith("Requires-Dist: ")]
    pins = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and line[0] != "#"]

    def names(lines: list[str]) -> list[str]:
        return sorted(re.split(r"[;\s]", line)[0].lower() for line in lines)

    assert names([line for line in asked if "extra ==" not in line]) == names(pins)
    assert [line.split(";")[0] for line in asked if 'extra == "natural"' in line] == ["piper-tts==1.8.0"]
    assert [line.split(";")[0] for line in asked if 'extra == "redis"' in line] == ["redis==8.1.0"]


def test_the_modules_are_those_of_the_environment(installed: Installed) -> None:
    code = "import json, exercises, audio, server; print(json.dumps([m.__file__ for m in (exercises, audio, server)]))"
    files = json.loads(installed.runs("python", "-c", code).stdout)
    assert all(Path(file).is_relative_to(installed.packages) for file in files)


def test_it_knows_its_version_and_its_name(installed: Installed) -> None:
    assert re.fullmatch(r"Still Here \d+\.\d+\.\d+\n", installed.runs("still-here", "--version").stdout)
    assert installed.runs("still-here", "--help").stdout.startswith("usage: still-here ")


def test_it_checks_its_own_scripts(installed: Installed) -> None:
    done = installed.runs("still-here", "check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.match(r"\d\d scripts checked, no problems", done.stdout)


def test_it_composes_where_modules_of_the_same_names_lie_about(installed: Installed) -> None:
    (installed.folder / "audio").mkdir()
    (installed.folder / "audio" / "__init__.py").write_text("raise SystemExit('not this one')")
    try:
        done = installed.runs("still-here", "compose", "doorway", "--length", "66", "--out", "a.mp3")
        assert done.returncode == 0, done.stderr
        assert (installed.folder / "a.mp3").stat().st_size > 100_000
    finally:
        shutil.rmtree(installed.folder / "audio")
        (installed.folder / "a.mp3").unlink(missing_ok=True)


def test_it_serves_pages_with_everything_that_they_load(address: str) -> None:
    page = fetched(address, "/exercises/doorway/").decode()
    assert "Doorway" in page
    loaded = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', fetched(address, "/").decode() + page))
    assert len(loaded) > 3
    for path in loaded:
        assert fetched(address, path)
    assert b"Espa\xc3\xb1ol" in fetched(address, "/")
    assert fetched(address, "/es/")
    assert json.loads(fetched(address, "/manifest.webmanifest"))["icons"]


def test_it_makes_sound_in_processes_of_its_own(address: str) -> None:
    assert fetched(address, "/exercises/doorway/audio.flac?length=66")[:4] == b"fLaC"


def test_what_it_keeps_is_in_the_users_own_folder(address: str, installed: Installed) -> None:
    assert fetched(address, "/healthz") == b"alive\n"
    kept = installed.home / ".local" / "share" / "still-here"
    assert (kept / "passcode").is_file()
    assert kept.stat().st_mode & 0o077 == 0
    assert not list(installed.folder.iterdir())
