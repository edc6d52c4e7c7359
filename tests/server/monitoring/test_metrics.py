"""Tests of the numbers and of the JSON log: a room is played, and nothing of it is found in either."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from audio.studio.client import Studio
from exercises.library import load_library
from server.app import create_app
from server.config import Settings
from server.monitoring import metrics
from tests.conftest import ROOT, Service, start_service, stop_service
from tests.server.conftest import PASSCODE
from tests.support.phone import Phone, conducted, new_address, playing

LABELS = {
    "kind": {"partner", "therapist"},
    "result": {"done", "refused", "unreadable", "flood", "made", "kept", "dropped", "failed"},
    "rank": {"room", "spoken", "listener", "file", "preview"},
    "route": {*metrics.ROUTES.values(), *metrics.BLUEPRINTS.values(), metrics.NOT_ROUTED, "other"}
    - {"socket"},
    "status": {"2xx", "3xx", "4xx", "5xx"},
    "le": {str(b) for b in metrics.BUCKETS_S} | {"+Inf"},
}
"""Every value that a label may have; no code, id, address, exercise or state is among them."""


@dataclass
class Watched:
    """A service that shows its numbers and writes its log as JSON."""

    service: Service
    numbers: str
    log: Path

    def scrape(self) -> str:
        """The numbers, as Prometheus gets them."""
        with urllib.request.urlopen(f"{self.numbers}/metrics", timeout=10) as answer:
            return answer.read().decode()

    def value(self, name: str, **labels: str) -> float:
        """One number; 0 where it is not there yet."""
        for family in text_string_to_metric_families(self.scrape()):
            for sample in family.samples:
                if sample.name == name and labels.items() <= sample.labels.items():
                    return sample.value
        return 0.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder, port = tmp_path_factory.mktemp("watched"), free_port()
    running = start_service(
        folder / "data", "--proxies", "1", "--metrics-port", str(port), "--log-json",
        errors=folder / "log", STILL_HERE_PASSCODE=PASSCODE,
    )  # fmt: skip
    yield Watched(running, f"http://127.0.0.1:{port}", folder / "log")
    stop_service(running)


def test_a_room_that_was_played_is_found_in_no_number_and_in_no_line_of_the_log(watched: Watched) -> None:
    service = watched.service
    guide, circle, square = conducted(service, PASSCODE)
    for phone, state in ((circle, "guarded"), (square, "heavy")):
        phone.connects(nearest=state, let_see=True)
        phone.gets_ready()
    guide.sees("console", phase="ready")
    assert guide.says("start")["type"] == "done"
    playing(circle, square)
    asks = [message["ask"] for message in circle.told if message.get("ask")]
    assert circle.says("pause")["type"] == "done"
    typed = "the blue kettle sings"
    guide.says("say", text=typed)
    circle.sends(type="nonsense", op=99)
    Phone(service, new_address()).ask("POST", "/join", {"code": "0000-0000"})
    circle.ask("GET", "/exercises/doorway/audio.mp3?length=66")
    # what ends by itself and what cannot be kept are told in the log
    pid = service.process.pid
    studio = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
    os.kill(studio, signal.SIGKILL)
    time.sleep(0.5)
    circle.ask("GET", "/exercises/doorway/audio.mp3?length=66")

    numbers, log = watched.scrape(), watched.log.read_text()
    assert "the studio process ended" in log
    phones = (guide, circle, square)
    secrets = {p.room for p in phones} | {c for p in phones for c in p.codes} | {typed, PASSCODE}
    secrets |= {value for p in phones for value in p.cookies.values()}
    secrets |= {p.forwarded["X-Forwarded-For"] for p in phones} | {ask["words"] for ask in asks}
    for secret in filter(None, secrets):
        assert secret.lower() not in numbers.lower()
        assert secret.replace("-", "").lower() not in (numbers + log).lower().replace("-", "")
    words = set(re.findall(r"[a-z0-9-]+", (numbers + log).lower()))
    ids = {exercise.id for exercise in load_library()}
    assert not words & (ids | {"guarded", "heavy", "198", "circle", "square", "true", "false"})


def test_every_label_has_a_value_out_of_a_table(watched: Watched) -> None:
    circle = Phone(watched.service, new_address())
    circle.opens()
    for path in (
        "/",
        "/es/",
        "/nowhere-at-all",
        "/exercises/side-by-side/",
        "/therapist",
        "/sw.js",
        "/help?x=%00",
    ):
        circle.ask("GET", path)
    for family in text_string_to_metric_families(watched.scrape()):
        for sample in family.samples:
            for name, value in sample.labels.items():
                assert value in LABELS[name], sample


def test_every_blueprint_has_a_class(tmp_path: Path) -> None:
    app = create_app(Settings(data=tmp_path), Studio(tmp_path))
    assert {name for name in app.view_functions if metrics.class_of(name) == "other"} == set()


def test_rooms_seats_and_commands_are_counted(watched: Watched) -> None:
    before = watched.value("still_here_commands_total", result="done")
    frames = watched.value("still_here_clock_frames_total")
    refused = watched.value("still_here_commands_total", result="unreadable")
    rooms = watched.value("still_here_rooms_open")
    seats = watched.value("still_here_seats_connected", kind="partner")
    phone = Phone(watched.service, new_address())
    phone.opens()
    phone.connects()
    assert watched.value("still_here_rooms_open") == rooms + 1
    assert watched.value("still_here_seats_connected", kind="partner") == seats + 1
    phone.probes()
    phone.says("choose", exercise="doorway", length=66)
    phone_two = Phone(watched.service, new_address())
    phone_two.opens()
    phone_two.connects().sends(type="nothing-known")
    phone_two.hears("refused")
    assert watched.value("still_here_clock_frames_total") == frames + 1
    assert watched.value("still_here_commands_total", result="done") > before
    assert watched.value("still_here_commands_total", result="unreadable") == refused + 1


def test_sound_that_is_made_is_counted_and_so_is_how_long_answers_took(watched: Watched) -> None:
    made = watched.value("still_here_renders_total", result="made")
    pages = watched.value("still_here_request_seconds_count", route="page", status="2xx")
    phone = Phone(watched.service, new_address())
    assert phone.ask("GET", "/exercises/doorway/audio.flac?length=66").status == 200
    assert phone.ask("GET", "/help").status == 200
    assert watched.value("still_here_renders_total", result="made") == made + 1
    assert watched.value("still_here_request_seconds_count", route="page", status="2xx") == pages + 1


def test_the_log_is_json_line_by_line(watched: Watched) -> None:
    lines = [json.loads(line) for line in watched.log.read_text().splitlines()]
    assert lines[0]["message"] == "the service is open"
    assert all(set(line) == {"time", "level", "logger", "message"} for line in lines)


def test_a_page_elsewhere_gets_no_numbers_and_neither_does_another_path(watched: Watched) -> None:
    rebound = urllib.request.Request(f"{watched.numbers}/metrics", headers={"Host": "evil.example"})
    for request in (rebound, f"{watched.numbers}/", f"{watched.numbers}/es/metrics"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)
        assert refused.value.code == 404
    assert Phone(watched.service).ask("GET", "/metrics").status == 404


def test_unless_asked_for_nothing_of_them_is_even_loaded(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from server.app import create_app; from server.config import Settings\n"
        "from audio.studio.client import Studio; import sys\n"
        f"create_app(Settings(data=Path({str(tmp_path)!r})), Studio(Path({str(tmp_path)!r})))\n"
        "print('prometheus_client' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        options = ["--port", "0", "--data", str(tmp_path / "data"), "--metrics-port", port]
        done = subprocess.run([sys.executable, "-m", "server", "run", *options], cwd=ROOT,
                              capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert "--metrics-port" in done.stderr


def test_every_number_stands_in_the_document(watched: Watched) -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    for family in text_string_to_metric_families(watched.scrape()):
        if family.name.startswith("still_here_"):
            assert f"`{family.name}" in text, family.name
