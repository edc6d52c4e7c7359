"""The container's files: what they promise can be read in them, and their health check is run against a service.

No registry of images can be reached from where these tests run. Where root and tools allow it, the file's own steps are
run on a root of Debian (tests/support/container.py), and what they make is tried; elsewhere those tests are skipped.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from server.config import ENVIRONMENT_PREFIX, read_settings
from tests.conftest import ROOT, Service
from tests.support.container import CannotBuild, Image, built
from tests.support.haproxy import configuration
from tests.support.nginx import free_port

if sys.version_info >= (3, 11):
    import tomllib


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, str]]:
    """The instructions of the Containerfile: (word, rest), continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Containerfile").read_text("utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, rest in (line.split(maxsplit=1) for line in lines)]


def whole() -> dict[str, Any]:
    """All of compose.yaml."""
    return yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    return whole()["services"]["still-here"]


def rest_of(steps: list[tuple[str, str]], word: str) -> str:
    """Text of the last instruction with this word."""
    return [rest for one, rest in steps if one == word][-1]


def test_it_runs_as_nobody_with_one_volume(steps: list[tuple[str, str]]) -> None:
    user = rest_of(steps, "USER").split(":")[0]
    assert user.isdigit()
    assert user != "0"
    assert [rest for word, rest in steps if word == "VOLUME"] == ["/data"]
    words = [word for word, _ in steps]
    assert words.index("USER") < words.index("ENTRYPOINT")


def test_its_settings_are_settings_of_the_service(steps: list[tuple[str, str]], tmp_path: Path) -> None:
    given = dict(pair.split("=", 1) for pair in shlex.split(rest_of(steps, "ENV")))
    ours = {name: value for name, value in given.items() if name.startswith(ENVIRONMENT_PREFIX)}
    settings = read_settings({}, ours)
    assert str(settings.data) == rest_of(steps, "VOLUME")
    assert settings.host == "0.0.0.0"
    assert str(settings.port) == rest_of(steps, "EXPOSE")


@pytest.mark.skipif(
    sys.version_info < (3, 11), reason="reads pyproject.toml with tomllib, which Python 3.11 brought"
)
def test_its_command_is_the_one_that_the_wheel_brings(steps: list[tuple[str, str]]) -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert json.loads(rest_of(steps, "ENTRYPOINT"))[0] in scripts


def test_every_package_comes_by_its_pin(steps: list[tuple[str, str]]) -> None:
    built = next(rest for word, rest in steps if word == "RUN")
    assert "--requirement requirements.txt --requirement requirements-redis.txt" in built
    assert "--no-index" in [rest for word, rest in steps if word == "RUN"][-1]


def check(steps: list[tuple[str, str]], port: str) -> int:
    """Run the health check of the file against a port of this machine; gives its exit status."""
    command = json.loads(rest_of(steps, "HEALTHCHECK").split("CMD", 1)[1])
    assert command[0] == "python"
    told = [part.replace(f":{rest_of(steps, 'EXPOSE')}/", f":{port}/") for part in command[1:]]
    return subprocess.run([sys.executable, *told], capture_output=True, timeout=30).returncode


def test_its_health_check_tells_a_service_that_answers_from_none(
    steps: list[tuple[str, str]], service: Service
) -> None:
    port = service.url.rsplit(":", 1)[1]
    assert check(steps, port) == 0
    assert check(steps, "1") != 0


def test_composed_it_can_write_nothing_but_its_volume_and_what_is_temporary(composed: dict[str, Any]) -> None:
    assert composed["read_only"] is True
    assert composed["volumes"] == ["still-here:/data"]
    assert [mount.split(":")[0] for mount in composed["tmpfs"]] == ["/tmp"]
    assert composed["cap_drop"] == ["ALL"]
    assert composed["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in composed["ports"])


def test_three_services_are_configured_as_the_document_says_and_only_where_they_are_asked_for() -> None:
    file = whole()
    services, network = file["services"], file["networks"]["inside"]["ipam"]["config"][0]["subnet"]
    text = configuration().replace("127.0.0.1:8080", ":8080")
    redis = services["redis"]["networks"]["inside"]["ipv4_address"]
    for number, name in enumerate(("one", "two", "three"), 1):
        one = services[name]
        own = one["networks"]["inside"]["ipv4_address"]
        assert ipaddress.ip_address(own) in ipaddress.ip_network(network)
        text = text.replace(f"127.0.0.1:800{number}", f"{own}:8000")
        assert read_settings({}, one["environment"]).redis == f"redis://{redis}:6379/0"
        assert one["read_only"] is True
        assert one["volumes"][0] == f"{name}:/data"
        assert one["volumes"][1:] == services["one"]["volumes"][1:]  # what they share
    assert file["configs"]["haproxy"]["content"].replace("$$", "$") == text
    assert [name for name, one in services.items() if "profiles" not in one] == ["still-here"]
    mounted = {mount.split(":")[0] for one in services.values() for mount in one.get("volumes", ())}
    assert mounted == set(file["volumes"])


def test_what_three_services_share_belongs_to_the_user_of_the_container(steps: list[tuple[str, str]]) -> None:
    made = [rest for word, rest in steps if word == "RUN"][-1]
    shared = [mount.split(":")[1] for mount in whole()["services"]["one"]["volumes"]]
    assert shared
    for folder in shared:
        assert re.search(rf"{folder}(\s|$)", made)


# --- built by the file's own steps


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    try:
        with built(ROOT, tmp_path_factory.mktemp("image")) as made:
            yield made
    except CannotBuild as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def contained(image: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of the service as its container runs it, and the volume."""
    volume = tmp_path_factory.mktemp("volume")
    shutil.copytree(image.root / "data", volume, dirs_exist_ok=True)
    for path in (volume, *volume.rglob("*")):
        os.chown(path, *map(int, image.config["User"].split(":")))
    port = free_port()
    environment = {**image.environment, "STILL_HERE_PORT": str(port)}
    process = subprocess.Popen(image.command(volume), env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        assert any(" is open at " in line for line in process.stdout)
        yield f"http://127.0.0.1:{port}", volume
    finally:
        process.terminate()
        process.wait(20)


def test_its_own_steps_make_a_service_that_composes_as_nobody_on_a_root_that_cannot_be_written(
    image: Image, contained: tuple[str, Path], steps: list[tuple[str, str]]
) -> None:
    url, volume = contained
    assert check(steps, url.rsplit(":", 1)[1]) == 0
    with urllib.request.urlopen(f"{url}/exercises/doorway/audio.mp3?length=75", timeout=120) as answer:
        assert answer.read(3) == b"ID3"
    user = int(rest_of(steps, "USER").split(":")[0])
    assert {path.stat().st_uid for path in volume.rglob("*")} == {user}
    assert any((volume / "clips").iterdir())


def test_it_brings_what_rooms_in_redis_need(image: Image) -> None:
    done = subprocess.run(
        ["chroot", str(image.root), "python", "-c", "import redis, server"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
