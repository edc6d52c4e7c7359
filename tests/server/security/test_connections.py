"""As a stranger on the network: half requests, endless bodies, too many connections, what contradicts itself."""

from __future__ import annotations

import contextlib
import io
import json
import socket
import time
import urllib.parse
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.config import Settings
from server.http.hosts import is_known, names_of
from server.http.limits.crowd import Crowd
from server.http.limits.listener import Body
from server.http.limits.rates import REQUESTS, SEAT_REQUESTS, Turnstile
from server.monitoring.quiet_log import OncePerMinute
from server.process.resources import connections_within, few_descriptors
from server.rooms.admission.networks import network_of
from tests.conftest import Service
from tests.support.phone import Phone, couple, new_address


def dial(service: Service) -> socket.socket:
    address = urllib.parse.urlsplit(service.url)
    return socket.create_connection((address.hostname, address.port), 10)


def status_of(service: Service, raw: bytes) -> int:
    """The status that raw bytes are answered with."""
    with dial(service) as link:
        link.sendall(raw)
        return int((link.recv(4096) or b"HTTP/1.1 0").split(b" ", 2)[1])


def host_of(service: Service) -> bytes:
    return urllib.parse.urlsplit(service.url).netloc.encode()


# ── what is no request


@pytest.mark.parametrize(
    "fields",
    [
        b"Content-Length: 3\r\nTransfer-Encoding: chunked",
        b"Content-Length: 3\r\nContent-Length: 3",
        b"Content-Length: 3\r\nContent-Length: 9",
        b"Content-Length: +3",
        b"Content-Length: 3, 3",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    ],
)
def test_a_request_that_contradicts_itself_is_none(rooms: Service, fields: bytes) -> None:
    raw = b"POST /join HTTP/1.1\r\nHost: " + host_of(rooms) + b"\r\n" + fields + b"\r\n\r\nabc"
    assert status_of(rooms, raw) == 400


def test_two_hosts_are_none(rooms: Service) -> None:
    assert status_of(rooms, b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n") == 400


@pytest.mark.parametrize("path", ["/static/%00", "/static/a%00.js", "/exercises/%00/", "/rooms/%00/", "/%0a"])
def test_a_name_that_no_file_can_have_is_not_there(rooms: Service, path: str) -> None:
    assert (
        status_of(rooms, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        == 404
    )


@pytest.mark.parametrize("path", ["/therapist/sign-in", "/join"])
def test_half_a_sign_is_refused(rooms: Service, path: str) -> None:
    phone = Phone(rooms, new_address())
    body = json.dumps({"passcode": "\ud800abcdefgh", "code": "\udfff0000000"})
    assert phone.ask_form(path, body, Content_Type="application/json").status == 400


# ── hosts


def test_only_this_machines_names_and_those_that_are_set_count() -> None:
    names = names_of(Settings(hosts="still.example.org, Other.example"), None)
    assert names is not None
    for host in ("localhost:8000", "127.0.0.1", "[::1]:8000", "still.example.org", "OTHER.example:443"):
        assert is_known(host.lower(), names), host
    for host in ("evil.example", "", "localhost.evil.example", "127.0.0.1@evil.example:80", "[::1"):
        assert not is_known(host, names), host


def test_in_the_lan_the_names_of_this_machine_count() -> None:
    names = names_of(Settings(lan=True, host="0.0.0.0"), "192.0.2.7")
    assert names is not None
    assert {"192.0.2.7", socket.gethostname().lower()} <= names


def test_another_host_gets_nothing(service: Service) -> None:
    raw = b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert status_of(service, raw) == 400


# ── connections


def test_half_requests_keep_nobody_out(service: Service) -> None:
    halves = []
    try:
        for _ in range(700):
            link = dial(service)
            halves.append(link)
            link.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
        began = time.monotonic()
        assert (
            status_of(service, b"GET /help HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n") == 200
        )
        assert time.monotonic() - began < 10
    finally:
        for link in halves:
            link.close()


def test_a_refused_body_is_not_read_on(rooms: Service) -> None:
    head = (
        f"POST /join HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nX-Forwarded-For: {new_address()}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {10**12}\r\n\r\n"
    )
    sent = 0
    with dial(rooms) as link:
        link.sendall(head.encode())
        link.settimeout(5)
        with contextlib.suppress(OSError):
            for _ in range(200):
                link.sendall(b"x" * 1_000_000)
                sent += 1_000_000
    assert sent < 60_000_000


CONNECTIONS = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["enter", "served", "room", "waits", "leave"])), max_size=80
)


@settings(max_examples=30, deadline=None)
@given(CONNECTIONS)
def test_the_crowd_keeps_its_bounds_and_never_ends_a_room(steps: list[tuple[int, str]]) -> None:
    crowd, open_now, rooms_now = Crowd(8, 4), dict[Any, str](), set[Any]()
    for number, (which, step) in enumerate(steps):
        known = list(open_now)
        one = known[which % len(known)] if known else None
        if step == "enter":
            network = f"n{which % 3}"
            may_stay, victim = crowd.enter(number, network)
            assert victim not in rooms_now
            assert victim is None or victim in open_now
            open_now.pop(victim, None)
            if may_stay:
                open_now[number] = network
        elif one is not None and step == "leave":
            crowd.leave(one)
            open_now.pop(one)
            rooms_now.discard(one)
        elif one is not None:
            crowd.becomes(one, step)  # type: ignore[arg-type]
            (rooms_now.add if step == "room" else rooms_now.discard)(one)
        assert len(crowd) == len(open_now) <= 8


def test_a_newcomer_takes_the_place_of_who_waits_longest() -> None:
    crowd = Crowd(3, 3)
    for name in ("first", "second", "third"):
        assert crowd.enter(name, "n") == (True, None)
    crowd.becomes("first", "served")
    assert crowd.enter("fourth", "n") == (True, "second")
    crowd.becomes("third", "room")
    crowd.becomes("fourth", "served")
    assert crowd.enter("fifth", "n") == (False, None) or len(crowd) == 3


def test_a_body_has_its_time() -> None:
    class Slow:
        def read(self, size: int = -1) -> bytes:
            import gevent

            gevent.sleep(5)
            return b"x"

    body = Body(Slow(), 10)
    body._until = time.monotonic() + 0.05
    with pytest.raises(TimeoutError):
        body.read(1)
    quick = Body(io.BytesIO(b"one\ntwo\n"), 8)
    assert list(quick) == [b"one\n", b"two\n"]


def test_descriptors_bound_the_connections_and_few_are_said() -> None:
    assert connections_within(256) == 64
    assert "256" in few_descriptors(256)
    assert few_descriptors(65_536) == ""


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2ff:3::1", "2001:db8:1:200::/56"),
        ("127.0.0.1", "127.0.0.1"),
        ("nobody", "unknown"),
    ],
)
def test_what_counts_as_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


# ── requests


def test_a_network_that_asks_too_much_is_refused_and_a_seat_has_its_own_share() -> None:
    now = [0.0]
    gate = Turnstile(lambda e, s: [b"ok"], lambda: now[0], lambda room, token: token == "good")
    stranger = {"REMOTE_ADDR": "192.0.2.1", "PATH_INFO": "/"}
    seat = {**stranger, "PATH_INFO": f"/rooms/{'a' * 16}/", "HTTP_COOKIE": "seat=good"}
    thief = {**seat, "HTTP_COOKIE": "seat=bad"}
    statuses: list[str] = []
    told = lambda status, head: statuses.append(status)  # noqa: E731
    for _ in range(int(REQUESTS.burst)):
        assert gate(stranger, told) == [b"ok"]
    now[0] += 0.0
    for _ in range(200):
        gate._networks.of("192.0.2.0/24", now[0]).tokens = -200.0
        gate(thief, told)
    assert statuses == ["429 Too Many Requests"] * 200
    for _ in range(int(SEAT_REQUESTS.burst)):
        assert gate(seat, told) == [b"ok"]


def test_handshakes_without_a_seat_take_nothing_from_the_phone_beside_them(rooms: Service) -> None:
    circle, square = couple(rooms)
    head = (
        f"GET /rooms/{circle.room}/socket HTTP/1.1",
        "Host: localhost",
        "Origin: http://localhost",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        f"X-Forwarded-For: {circle.forwarded['X-Forwarded-For']}",
    )
    raw = "\r\n".join([*head, "", ""])
    for _ in range(150):
        assert status_of(rooms, raw.encode()) in (403, 429)
    for _ in range(3):
        assert circle.connects().probes()
        assert square.connects().probes()


# ── what is logged


def test_a_kind_of_error_is_one_line_a_minute() -> None:
    now = [0.0]
    once = OncePerMinute(lambda: now[0])

    def record(line: int, error: Exception | None = None) -> Any:
        raised = (type(error), error, None) if error else None
        return SimpleNamespace(
            pathname="x.py", lineno=line, exc_info=raised, msg="failed", args=None, exc_text=None,
            getMessage=lambda: "failed",
        )  # fmt: skip

    first = record(1, ValueError("somebody's words"))
    assert once.filter(first)
    assert first.msg == "failed (ValueError)"
    assert first.exc_info is None
    assert not once.filter(record(1, ValueError("others")))
    assert once.filter(record(1, KeyError("x")))
    assert once.filter(record(2))
    now[0] = 61.0
    assert once.filter(record(1, ValueError("again")))
