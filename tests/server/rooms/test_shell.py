"""The parts of the shell that need no socket: timers, admission, files, headers, settings."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Request
from werkzeug.test import EnvironBuilder

from audio.studio.client import Studio
from server.app import create_app
from server.config import SettingError, Settings, read_settings
from server.http.origin import is_from_here
from server.rooms.admission.admission import Admission
from server.rooms.core.protocol.errors import BadCode, Crowded, TooMany
from server.rooms.scores import ScoreStore
from server.rooms.stores.journal import Journal
from server.rooms.timers import Timers
from server.services.redis_link import RedisLink
from server.services.sign_in import SignIns, make_passcode, passcode_file
from tests.support.redis_server import RedisServer

# ── timers


class Wakings:
    """Timers whose time is a number."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers = Timers(lambda: self.now, lambda room: None)

    def at(self, now: float) -> list[str]:
        """The rooms that are due at this time."""
        self.now = now
        return self.timers.due(now)


def test_a_room_is_woken_at_the_last_time_it_named() -> None:
    wakings = Wakings()
    wakings.timers.set("a", 5.0)
    wakings.timers.set("b", 6.0)
    wakings.timers.set("a", 9.0)
    assert wakings.at(5.5) == []
    assert wakings.at(6.0) == ["b"]
    assert wakings.at(8.9) == []
    wakings.timers.set("a", 8.95)
    assert wakings.at(9.5) == ["a"]
    assert wakings.at(100.0) == []


def test_a_room_that_is_gone_is_not_woken() -> None:
    wakings = Wakings()
    wakings.timers.set("a", 5.0)
    wakings.timers.drop("a")
    assert wakings.at(6.0) == []


def test_naming_a_later_time_again_and_again_takes_no_room() -> None:
    wakings = Wakings()
    for n in range(10_000):
        wakings.timers.set("a", 100.0 + n)
    assert len(wakings.timers._heap) == 1


# ── admission


def test_a_code_that_filled_its_room_says_so_and_any_other_used_one_does_not() -> None:
    admission = Admission(os.urandom)
    code = admission.invite("room", "square", 0.0)
    assert admission.redeem(code, "192.0.2.1", 1.0, None, lambda room: False).seat == "square"
    with pytest.raises(Crowded):
        admission.redeem(code, "192.0.2.1", 2.0, None, lambda room: room == "room")
    with pytest.raises(BadCode):
        admission.redeem(code, "192.0.2.1", 3.0, None, lambda room: False)
    with pytest.raises(BadCode):
        admission.redeem(code, "192.0.2.1", 700.0, None, lambda room: True)


def test_a_code_runs_out_after_ten_minutes() -> None:
    admission = Admission(os.urandom)
    code = admission.invite("room", "square", 0.0)
    with pytest.raises(BadCode):
        admission.redeem(code, "192.0.2.1", 600.0, None, lambda room: False)


def test_a_code_that_was_right_is_no_guess() -> None:
    admission = Admission(os.urandom)
    for n in range(30):
        code = admission.invite(f"room {n}", "square", 0.0)
        assert admission.redeem(code, "192.0.2.1", 0.0, None, lambda room: False).room == f"room {n}"


def test_invitations_are_not_made_without_end() -> None:
    admission = Admission(os.urandom)
    for _ in range(12):
        admission.invite("room", "square", 0.0)
    with pytest.raises(TooMany):
        admission.invite("room", "square", 0.0)


# ── files


def test_a_disk_that_takes_nothing_stops_no_room(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "rooms").write_text("in the way")
    store = Journal(tmp_path / "rooms")
    store.keep("0" * 16, {})
    store.keep("1" * 16, {})
    store.forget("0" * 16)
    assert list(store.kept()) == []
    assert len([r for r in caplog.records if "kept over a restart" in r.message]) == 1


def test_what_was_kept_comes_back_and_rubbish_does_not(tmp_path: Path) -> None:
    store = Journal(tmp_path)
    for n in range(3):
        store.keep("a" * 16, {"room": n})
    store.keep("b" * 16, {"room": 7})
    store.forget("b" * 16)
    with (tmp_path / "journal").open("a") as file:
        file.write('{}\n[1]\n["x", {}]\n["../../etc/passwd.", {}]\n["cut of')
    assert list(Journal(tmp_path).kept()) == [("a" * 16, {"room": 2})]
    assert (tmp_path / "journal").read_text() == '\n["aaaaaaaaaaaaaaaa",{"room":2}]\n'


def test_a_room_that_is_over_is_gone_from_the_disk_once_tidied(tmp_path: Path) -> None:
    store = Journal(tmp_path)
    store.keep("a" * 16, {"room": 1})
    store.keep("b" * 16, {"room": 2})
    store.forget("a" * 16)
    store.tidy()
    assert "a" * 16 not in (tmp_path / "journal").read_text()
    store.keep("b" * 16, {"room": 3})
    assert list(Journal(tmp_path).kept()) == [("b" * 16, {"room": 3})]


def test_the_journal_does_not_grow_without_end(tmp_path: Path) -> None:
    store = Journal(tmp_path)
    for n in range(5_000):
        store.keep("a" * 16, {"room": "x" * 500, "n": n})
    assert (tmp_path / "journal").stat().st_size < 1_200_000
    assert next(iter(Journal(tmp_path).kept()))[1]["n"] == 4_999


def test_where_clips_lie_is_remembered(tmp_path: Path) -> None:
    scores = ScoreStore(tmp_path)
    scores.keep("ab", {"A line.": ("key", 1.5)})
    assert scores.find("ab") == {"A line.": ("key", 1.5)}
    assert scores.find("cd") is None
    (tmp_path / "ab").write_text(json.dumps({"A line.": 3}))
    assert scores.find("ab") is None


def test_which_clips_a_score_has_is_known_to_every_service_of_a_redis(
    redis: RedisServer, tmp_path: Path
) -> None:
    one, other = (ScoreStore(tmp_path / name, RedisLink(redis.address)) for name in ("one", "other"))
    one.keep("ab", {"A line.": ("key", 1.5)})
    assert other.find("ab") == {"A line.": ("key", 1.5)}
    assert other.find("cd") is None
    away = ScoreStore(tmp_path / "two", RedisLink("redis://127.0.0.1:1/0"))
    away.keep("ab", {"A line.": ("key", 1.5)})
    assert away.find("ab")
    assert away.find("cd") is None


# ── where a request comes from


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        ("http://example.org", "example.org", True),
        ("https://example.org", "example.org:443", True),
        ("https://example.org", "example.org", True),
        ("http://192.168.1.5:8000", "192.168.1.5:8000", True),
        ("http://[::1]:8000", "[::1]:8000", True),
        ("http://EXAMPLE.org", "example.org", True),
        ("http://example.org:8000", "example.org:8001", False),
        ("http://example.org.evil.net", "example.org", False),
        ("http://evil.net#example.org", "example.org", False),
        ("http://evil.net@example.org", "evil.net", False),
        ("ftp://example.org", "example.org", False),
        ("example.org", "example.org", False),
        ("http://[", "example.org", False),
        ("http://example.org:99999999", "example.org", False),
        ("null", "null", False),
    ],
)
def test_an_origin_is_this_hosts_own_or_not(origin: str, host: str, own: bool) -> None:
    request = Request(EnvironBuilder(headers={"Origin": origin, "Host": host}).get_environ())
    assert is_from_here(request, needs_origin=True) is own


# ── headers and settings


def app_with(tmp_path: Path, **settings: Any) -> Flask:
    return create_app(Settings(data=tmp_path, **settings), Studio(tmp_path))


def test_a_page_may_open_sockets_to_its_own_host_alone(tmp_path: Path) -> None:
    client = app_with(tmp_path).test_client()
    policy = client.get("/help", headers={"Host": "still.example:8000"}).headers["Content-Security-Policy"]
    assert "connect-src 'self' ws://still.example:8000" in policy
    assert "'unsafe-inline'" not in policy
    odd = client.get("/help", headers={"Host": "x; script-src *"}).headers["Content-Security-Policy"]
    assert "script-src" not in odd


def test_behind_a_proxy_that_is_believed_tls_shows(tmp_path: Path) -> None:
    said = {"X-Forwarded-Proto": "https", "Host": "still.example"}
    plain = app_with(tmp_path).test_client().get("/help", headers=said)
    assert "Strict-Transport-Security" not in plain.headers
    behind = app_with(tmp_path, proxies=1).test_client().get("/help", headers=said)
    assert "max-age=" in behind.headers["Strict-Transport-Security"]
    assert "wss://still.example" in behind.headers["Content-Security-Policy"]


@pytest.mark.parametrize(("given", "lan"), [("yes", True), ("1", True), ("no", False), ("TRUE", True)])
def test_a_switch_is_read_from_the_environment(given: str, lan: bool) -> None:
    assert read_settings({}, {"STILL_HERE_LAN": given}).lan is lan
    with pytest.raises(SettingError, match="takes one of"):
        read_settings({}, {"STILL_HERE_LAN": "perhaps"})


# ── signing in


def test_a_sign_in_ends_by_itself_and_when_told_to(tmp_path: Path) -> None:
    now = [0.0]
    signs = SignIns(Settings(data=tmp_path, passcode="Lamp-Door"), lambda: now[0], os.urandom)
    assert signs.is_passcode("lamp door")
    assert not signs.is_passcode("lamp")
    assert not signs.is_passcode("")
    first, second = signs.sign_in(), signs.sign_in()
    assert signs.owner(first)
    signs.sign_out(first)
    assert signs.owner(first) is None
    now[0] = 13 * 3600
    assert signs.owner(second) is None


def test_without_any_passcode_nobody_signs_in(tmp_path: Path) -> None:
    signs = SignIns(Settings(data=tmp_path), lambda: 0.0, os.urandom)
    assert not signs.is_passcode("")
    assert not signs.is_passcode("- -")
    made = make_passcode(Settings(data=tmp_path), os.urandom)
    assert made
    assert make_passcode(Settings(data=tmp_path), os.urandom) is None
    assert signs.is_passcode(made)
    assert passcode_file(tmp_path).stat().st_mode & 0o077 == 0
