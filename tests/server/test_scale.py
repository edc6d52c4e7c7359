"""Several services that are one to people: behind HAProxy as docs/scale.md configures it, on a real Redis."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from tests.conftest import Service
from tests.server.conftest import PASSCODE
from tests.support.errors import NotInstalled
from tests.support.haproxy import Cluster
from tests.support.phone import Phone, conducted, couple, playing
from tests.support.programs import find
from tests.support.redis_server import redis_or_skip
from tests.support.wire import Closed, Refused

BACK_S = 40.0
"""A test waits so long at most for what takes a few seconds on a machine that does nothing else."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("scale")
    try:
        find("haproxy", "haproxy", "/usr/sbin/haproxy")
    except NotInstalled as error:
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip)(str(error))
    with redis_or_skip(folder / "redis") as redis, Cluster(folder, redis, PASSCODE) as running:
        yield running
    assert "Traceback" not in (folder / "errors").read_text()


@pytest.fixture
def front(cluster: Cluster) -> Iterator[Service]:
    """The address that people use, with every service there."""
    for number, service in enumerate(cluster.services):
        if service.process.poll() is not None:
            cluster.start_again(number)
    with cluster.shown() as seen:
        yield seen


def eventually(what: Callable[[], object]) -> bool:
    until = time.monotonic() + BACK_S
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def is_back(phone: Phone) -> bool:
    """One try of a page that connects again by itself."""
    try:
        phone.connects()
    except (Refused, Closed, OSError, AssertionError):
        return False
    return True


def comes_back(*phones: Phone) -> None:
    for phone in phones:
        assert eventually(lambda phone=phone: is_back(phone))  # type: ignore[misc]


def test_rooms_are_spread_and_whoever_has_a_code_finds_them(cluster: Cluster, front: Service) -> None:
    owners = set()
    for _ in range(8):
        circle, square = couple(front)
        assert circle.room == square.room
        assert eventually(lambda room=circle.room: cluster.owner(room) >= 0)  # type: ignore[misc]
        owners.add(cluster.owner(circle.room))
    assert owners == {0, 1}
    assert Phone(front, "203.0.113.9").joins("AAAA-BBBB").code == "bad_code"


def test_a_code_works_once_wherever_it_is_tried(cluster: Cluster) -> None:
    one, other = (Phone(service, "203.0.113.10") for service in cluster.services)
    one.opens()
    code = one.invites()
    told = other.ask(
        "POST", "/join", {"code": code}
    )  # asked again where the room is, the phone comes to itself here
    assert told.status in (200, 503)
    if told.status == 200:
        assert Phone(cluster.services[0], "203.0.113.11").joins(code).code in ("bad_code", "crowded")


def test_after_its_service_was_killed_a_room_goes_on_with_another(cluster: Cluster, front: Service) -> None:
    circle, square = couple(front)
    before, _ = playing(circle, square)
    epoch = circle.probes()["epoch"]
    owner = cluster.owner(circle.room)
    cluster.kill(owner)
    comes_back(circle, square)
    assert cluster.owner(circle.room) == 1 - owner
    course = circle.sees("course")
    assert abs(course["vectors"][0]["at"] - before["vectors"][0]["at"]) < 0.1
    assert circle.probes()["epoch"] == epoch  # both are on one machine
    assert square.says("pause")["type"] == "done"
    assert circle.sees("room", phase="paused")
    cluster.start_again(owner)
    # and goes back to where it belongs as soon as somebody asks there
    assert eventually(
        lambda: circle.ask("GET", f"/rooms/{circle.room}/").status and cluster.owner(circle.room) == owner
    )
    comes_back(circle, square)
    assert circle.sees("room", phase="paused")


def test_a_service_that_ends_in_order_hands_its_rooms_on(cluster: Cluster, front: Service) -> None:
    circle, square = couple(front)
    playing(circle, square)
    owner = cluster.owner(circle.room)
    cluster.send(owner, signal.SIGTERM)
    assert (circle.close_code(), square.close_code()) == (1012, 1012)
    comes_back(circle, square)
    assert cluster.owner(circle.room) == 1 - owner
    assert circle.sees("room", phase="playing")
    assert cluster.services[owner].process.wait(10) == 0


def test_an_owner_that_stood_still_lets_its_room_go_and_phones_see_one(
    cluster: Cluster, front: Service
) -> None:
    circle, square = couple(front)
    playing(circle, square)
    owner = cluster.owner(circle.room)
    cluster.send(owner, signal.SIGSTOP)
    try:
        comes_back(circle, square)
        assert cluster.owner(circle.room) == 1 - owner
        old = Phone(cluster.services[owner], "203.0.113.12")
        old.cookies, old.room = dict(circle.cookies), circle.room
    finally:
        cluster.send(owner, signal.SIGCONT)
    assert square.says("pause")["type"] == "done"
    assert circle.sees("room", phase="paused")
    # whoever asks the old owner gets the room as the new one left it, or has to come back
    assert eventually(lambda: old.ask("GET", f"/rooms/{old.room}/").status == 200)
    old.connects()
    assert old.sees("room")["phase"] == "paused"


def test_a_therapist_is_signed_in_everywhere_and_signing_out_ends_every_console(
    cluster: Cluster, front: Service
) -> None:
    guide, *_ = conducted(front, PASSCODE)
    for service in cluster.services:
        page = Phone(service, "203.0.113.13")
        page.cookies = dict(guide.cookies)
        shown = page.ask("GET", "/therapist", Accept="text/html").body.decode()
        assert guide.room in shown
    page = Phone(cluster.services[1 - cluster.owner(guide.room)], "203.0.113.14")
    page.cookies = dict(guide.cookies)
    assert page.ask("POST", "/therapist/sign-out", {}).status == 200
    assert guide.close_code(10.0) in (4002, 4003)


def test_with_redis_away_an_exercise_goes_on_and_all_is_there_when_it_is_back(
    cluster: Cluster, front: Service
) -> None:
    circle, square = couple(front)
    playing(circle, square)
    cluster.redis.stop()
    assert square.says("pause")["type"] == "done"
    assert circle.sees("room", phase="paused")
    time.sleep(4.0)  # past the lease
    assert circle.probes()
    assert square.ask("GET", f"/rooms/{square.room}/", Accept="text/html").status == 200
    (cluster.folder / "redis").rename(cluster.folder / "lost")
    cluster.redis.start()
    assert eventually(lambda: b'"paused":"' in cluster.redis.told and cluster.owner(circle.room) >= 0)
    assert circle.connects().sees("room")["phase"] == "paused"


def test_whoever_comes_anew_hears_a_room_that_has_moved_though_its_clips_never_were_there(
    cluster: Cluster, front: Service
) -> None:
    guide, circle, _ = conducted(front, PASSCODE)
    circle.gets_ready()
    owner = cluster.owner(circle.room)
    shutil.rmtree(cluster.services[1 - owner].data / "clips", ignore_errors=True)
    cluster.kill(owner)
    comes_back(guide, circle)
    plan = circle.sees("plan")
    clips = {cue["clip"] for cue in plan["tracks"]["main"]["cues"] if cue["clip"]}
    sizes = set()
    for clip in clips:
        answer = circle.ask("GET", f"/rooms/{circle.room}/{clip}")
        assert answer.body[:4] == b"fLaC"
        sizes.add(len(answer.body))
    assert len(sizes) == 1  # which wording it is shows in no length
