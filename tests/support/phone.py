"""A phone and a therapist's console in tests: HTTP with a cookie, and a socket, against the real service."""

from __future__ import annotations

import contextlib
import http.client
import json
import time
import urllib.parse
from collections.abc import Callable
from itertools import count
from typing import Any
from weakref import WeakSet

from tests.conftest import Service
from tests.support.wire import Closed, Wire

EXERCISE, LENGTH = "doorway", 75
PROBE_S = 1.0
"""A wait longer than this, as for clips on a busy machine, does not make other phones of the room count as gone."""
_connected: WeakSet[Phone] = WeakSet()


class Answer:
    """The answer to an HTTP request."""

    def __init__(self, response: http.client.HTTPResponse):
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The stable code of an error."""
        return self.json["error"]["code"]


class Phone:
    """One browser: it keeps a cookie, asks by HTTP, and opens a socket."""

    def __init__(self, service: Service, address: str | None = None, prefix: str = ""):
        """`address` is where it seems to come from, for a service that believes a proxy; `prefix` its language."""
        self.prefix = prefix
        self.service = service
        self.forwarded = {"X-Forwarded-For": address} if address else {}
        self.host = urllib.parse.urlsplit(service.url).netloc
        self.cookies: dict[str, str] = {}
        self.room = ""
        self.socket: Wire
        self.told: list[dict[str, Any]] = []
        self.op = 0
        self.codes: list[str] = []
        self.is_mute = False
        """Tells whether it keeps its connection open and says nothing by itself."""

    def moves_to(self, service: Service) -> None:
        """Ask another service from now on, as if it had the address of the one before."""
        self.service, self.host = service, urllib.parse.urlsplit(service.url).netloc

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request, as a page of the service would make it."""
        sent = {"Origin": self.service.url, "Accept": "application/json", **self.forwarded}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        data = None
        if body is not None:
            data, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self._request(method, path, data, sent)

    def ask_form(self, path: str, data: bytes | str, **headers: str) -> Answer:
        """One POST with a body as it is."""
        sent = {"Origin": self.service.url, "Accept": "application/json", **self.forwarded}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self._request("POST", path, data.encode() if isinstance(data, str) else data, sent)

    def opens_securely(self) -> str:
        """Open a room as if by https; the cookie."""
        answer = self.ask("POST", "/rooms", {"exercise": EXERCISE}, X_Forwarded_Proto="https")
        return answer.headers["Set-Cookie"]

    def _request(self, method: str, path: str, data: bytes | None, sent: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection(self.host, timeout=30)
        connection.request(method, self.prefix + path, data, {k: v for k, v in sent.items() if v})
        answer = Answer(connection.getresponse())
        connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status == 307:  # as browsers do: the same once more, over there
            return self._request(method, urllib.parse.urlsplit(answer.headers["Location"]).path, data, sent)
        return answer

    def opens(self, path: str = "/rooms", **more: Any) -> Answer:
        """Open a room and take its first seat."""
        body = {"exercise": EXERCISE, "length": LENGTH, **more}
        return self._seated(self.ask("POST", path, body))

    def signs_in(self, passcode: str) -> Answer:
        return self.ask("POST", "/therapist/sign-in", {"passcode": passcode})

    def invites(self, seat: str = "") -> str:
        """A code for the other phone."""
        answer = self.ask("POST", f"/rooms/{self.room}/invite", {"seat": seat})
        assert answer.status == 200, answer.body
        self.codes.append(answer.json["code"])
        return self.codes[-1]

    def joins(self, code: str) -> Answer:
        """Exchange a code for a seat."""
        return self._seated(self.ask("POST", "/join", {"code": code}))

    def _seated(self, answer: Answer) -> Answer:
        if answer.status == 200:
            self.room = answer.json["address"].split("/")[-2]
        return answer

    def connects(self, **hello: Any) -> Phone:
        """Open the socket and say hello; gives itself."""
        self.socket = self.open_socket()
        self.told = []
        _connected.add(self)
        self.sends(type="hello", **hello)
        self.op = self.hears("welcome")["op"]
        return self

    def open_socket(self, **headers: str) -> Wire:
        """A socket without a hello; a header given as empty is left out."""
        sent = {"Origin": self.service.url, "Cookie": f"seat={self.cookies.get('seat', '')}", **headers}
        sent = {k: v for k, v in {**self.forwarded, **sent}.items() if v}
        return Wire(self.host, f"{self.prefix}/rooms/{self.room}/socket", sent)

    def sends(self, **message: Any) -> None:
        """One frame."""
        self.socket.send(json.dumps({"v": 1, **message}))

    def says(self, kind: str, **fields: Any) -> dict[str, Any]:
        """One operation, and its answer."""
        self.op += 1
        self.sends(type=kind, op=self.op, **fields)
        return self.hears(lambda m: m["type"] in ("done", "refused") and m["op"] == self.op)

    def hears(self, what: str | Callable[[dict[str, Any]], bool], limit_s: float = 60.0) -> dict[str, Any]:
        """Read on until a message of this kind; everything heard stays in `told`."""
        fits = (lambda m: m["type"] == what) if isinstance(what, str) else what
        until = time.monotonic() + limit_s
        while (left := until - time.monotonic()) > 0:
            frame = self.socket.receive(timeout=min(left, PROBE_S))
            if frame is None:
                self._keep_alive()
                continue
            message = json.loads(frame)
            self.told.append(message)
            if fits(message):
                return message
        raise AssertionError(f"nothing of {what} was heard; last: {[m['type'] for m in self.told[-5:]]}")

    def _keep_alive(self) -> None:
        """Probe from every phone of this room, as pages do each second: a silent one is told as away."""
        for phone in _connected:
            if phone.room == self.room and not phone.is_mute and not phone.socket.closed:
                with contextlib.suppress(OSError):
                    phone.sends(type="probe", id=0, t0=0.0)

    def sees(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The latest message of a kind that has these fields, waited for if need be."""

        def fits(message: dict[str, Any]) -> bool:
            return message["type"] == kind and all(message.get(k) == v for k, v in fields.items())

        of_kind = [m for m in self.told if m["type"] == kind]
        return of_kind[-1] if of_kind and fits(of_kind[-1]) else self.hears(fits)

    def gets_ready(self) -> None:
        """Report that it can begin, for the plan that it has."""
        self._is_ready_for(self.sees("plan"))

    def hears_when_ready(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Read on until a message that fits, and report for each plan that comes meanwhile, as pages do."""

        def taken(message: dict[str, Any]) -> bool:
            if message["type"] == "plan":
                self._is_ready_for(message)
            return fits(message)

        return self.hears(taken)

    def _is_ready_for(self, plan: dict[str, Any]) -> None:
        self.sends(type="facts", plan=plan["plan"], sound=True, clips=True, clock=True, clock_ms=0.5)

    def probes(self) -> dict[str, Any]:
        """Ask for the shared clock."""
        self.sends(type="probe", id=1, t0=time.monotonic())
        return self.hears("probe")

    def close_code(self, limit_s: float = 5.0) -> int:
        """The code with which the service closes the socket."""
        until = time.monotonic() + limit_s
        try:
            while time.monotonic() < until:
                frame = self.socket.receive(timeout=0.2)
                if frame is not None:
                    self.told.append(json.loads(frame))
        except Closed as closed:
            return closed.code or 0
        raise AssertionError("the socket is still open")


_addresses = count(1)


def new_address() -> str:
    """An address that no other test has used, so that none meets another's limits."""
    number = next(_addresses)
    return f"198.18.{number // 250}.{number % 250 + 1}"


def couple(service: Service, **opened: Any) -> tuple[Phone, Phone]:
    """Two phones in a room, connected; `opened` is what it is opened with besides."""
    address = new_address()
    circle, square = Phone(service, address), Phone(service, address)
    answer = circle.opens(**opened)
    assert answer.status == 200, answer.body
    assert square.joins(circle.invites()).status == 200
    return circle.connects(), square.connects()


def conducted(service: Service, passcode: str, **opened: Any) -> tuple[Phone, Phone, Phone]:
    """A therapist with two phones in a room, connected; `opened` is what it is opened with besides."""
    address = new_address()
    guide, circle, square = (Phone(service, address) for _ in range(3))
    assert guide.signs_in(passcode).status == 200
    assert guide.opens("/therapist/rooms", screened="yes", **opened).status == 200
    assert circle.joins(guide.invites("circle")).status == 200
    assert square.joins(guide.invites("square")).status == 200
    return guide.connects(), circle.connects(), square.connects()


def playing(circle: Phone, square: Phone) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both ready, both said yes: the course that each was told."""
    for phone in (circle, square):
        phone.gets_ready()
    for phone in (circle, square):
        ask = phone.hears(lambda m: m["type"] == "room" and m["ask"] is not None)["ask"]
        assert phone.says("answer", ask=ask["id"], yes=True)["type"] == "done"
    return circle.sees("course", track="main"), square.sees("course", track="main")
