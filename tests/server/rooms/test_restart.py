"""The end of the service, in order and not, and what the phones find when it is back."""

from __future__ import annotations

import json
import signal
import time
import urllib.parse
from pathlib import Path
from typing import Any

from tests.conftest import Service, start_service, stop_service
from tests.support.phone import Phone, couple, playing


def again(service: Service) -> Service:
    """The same service once more, at the same address."""
    port = urllib.parse.urlsplit(service.url).port
    assert port
    return start_service(service.data, "--proxies", "1", port=port)


def last_line(file: Path) -> Any:
    """The room that was kept last, and what was kept of it."""
    return json.loads([line for line in file.read_text().splitlines() if line][-1])


def killed(service: Service) -> None:
    service.process.kill()
    service.process.wait()
    assert service.process.stdout
    service.process.stdout.close()


def test_after_a_kill_both_are_back_in_the_room_with_the_same_course(tmp_path: Path) -> None:
    service = start_service(tmp_path / "data", "--proxies", "1")
    circle, square = couple(service)
    before, _ = playing(circle, square)
    plans = [phone.sees("plan")["plan"] for phone in (circle, square)]
    epoch = circle.probes()["epoch"]
    killed(service)
    service = again(service)
    for phone, plan in zip((circle, square), plans, strict=True):
        phone.service = service
        phone.connects(plan=plan)
        course = phone.sees("course")
        assert course["vectors"] == before["vectors"]
        assert phone.sees("room")["phase"] == "playing"
        assert not [m for m in phone.told if m["type"] == "plan"]
        assert phone.probes()["epoch"] == epoch
    assert square.says("pause")["type"] == "done"
    assert circle.sees("room", phase="paused")
    stop_service(service)


def test_a_room_that_was_still_preparing_is_prepared_again(tmp_path: Path) -> None:
    service = start_service(tmp_path / "data", "--proxies", "1")
    circle, square = couple(service)
    killed(service)
    service = again(service)
    for phone in (circle, square):
        phone.service = service
        deadline = time.monotonic() + 30
        while phone.ask("GET", f"/rooms/{phone.room}/", Accept="text/html").status == 503:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        phone.connects().sees("plan")
    playing(circle, square)
    stop_service(service)


def test_another_boot_of_the_machine_shifts_the_course_by_the_wall_clock(tmp_path: Path) -> None:
    service = start_service(tmp_path / "data", "--proxies", "1")
    circle, square = couple(service)
    before, _ = playing(circle, square)
    plan = circle.sees("plan")["plan"]
    killed(service)
    file = tmp_path / "data" / "rooms" / "journal"
    room, kept = last_line(file)
    # as if the clock had been another, 1,000 seconds behind this one
    kept["epoch"] = "another"
    kept["mono"] -= 1000
    kept["room"]["course"] = [[p, v, at - 1000] for p, v, at in kept["room"]["course"]]
    kept["room"]["heard_at"] -= 1000
    file.write_text(json.dumps([room, kept]))
    service = again(service)
    circle.service = service
    circle.connects(plan=plan)
    vector = circle.sees("course")["vectors"][0]
    assert abs(vector["at"] - before["vectors"][0]["at"]) < 0.5
    stop_service(service)


def test_a_file_that_cannot_be_read_costs_that_room_and_no_other(tmp_path: Path) -> None:
    service = start_service(tmp_path / "data", "--proxies", "1")
    circle, square = couple(service)
    playing(circle, square)
    killed(service)
    file = tmp_path / "data" / "rooms" / "journal"
    _, good = last_line(file)
    for n, rubbish in enumerate([3, {}, {"room": 3}, {**good, "seats": 7}, {**good, "mono": "x"},
                                 {**good, "room": {**good["room"], "course": "x"}}]):  # fmt: skip
        with file.open("a") as stream:
            stream.write(json.dumps([f"{n:016x}", rubbish]) + "\n{\n[]\n7\n" + "[" * 5000 + '\n["half')
    service = again(service)
    circle.service = service
    assert circle.connects().sees("room")["phase"] == "playing"
    stop_service(service)
    # what came after the start may have been kept as well, in lines of its own
    assert {json.loads(line)[0] for line in file.read_text().splitlines() if line} == {circle.room}


def test_told_to_end_it_closes_every_socket_with_1012_and_ends_within_five_seconds(tmp_path: Path) -> None:
    service = start_service(tmp_path / "data", "--proxies", "1")
    phones: list[Phone] = [phone for _ in range(5) for phone in couple(service)]
    silent = phones[0].open_socket()
    service.process.send_signal(signal.SIGTERM)
    # one that took its seat over without a word has no other end
    assert [phone.close_code() for phone in phones[1:]] == [1012] * 9
    assert service.process.wait(5) == 0
    silent.vanish()
    assert service.process.stdout
    service.process.stdout.close()
    lines = (tmp_path / "data" / "rooms" / "journal").read_text().splitlines()
    assert len({json.loads(line)[0] for line in lines if line}) == 5
