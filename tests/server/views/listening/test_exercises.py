"""The HTTP face of an exercise, asked of the running service."""

from __future__ import annotations

import gzip
import http.client
import json
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from tests.conftest import Service

BASE = "/exercises/side-by-side"


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> dict:
        return json.loads(self.body)


def ask(service: Service, path: str, method: str = "GET", **headers: str) -> Answer:
    address = urllib.parse.urlsplit(service.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    response = connection.getresponse()
    answer = Answer(response.status, response.headers, response.read())
    connection.close()
    return answer


def test_a_timeline_says_when_everything_happens(service: Service) -> None:
    answer = ask(service, f"{BASE}/timeline.json?length=300&lead_in=10")
    timeline = answer.json()
    assert answer.status == 200
    assert timeline["duration"] == 306
    assert [p["name"] for p in timeline["parts"]] == ["arrive", "consent", "practice", "return", "close"]
    assert {c["kind"] for c in timeline["cues"]} >= {"line", "rest", "bell"}
    lines = [c for c in timeline["cues"] if c["kind"] == "line"]
    assert all(set(c["text"]) == {"circle", "square"} for c in lines)


def test_without_a_bell_the_timeline_has_none(service: Service) -> None:
    timeline = ask(service, f"{BASE}/timeline.json?bell=none").json()
    assert "bell" not in {c["kind"] for c in timeline["cues"]}


@pytest.mark.parametrize(
    ("query", "choices"),
    [
        ("length=7", "180, 300, 480"), ("setting=apart", "together, earbuds"),
        ("voice=nobody", "flite-higher, lower, higher"),
        ("bed=ocean", "none, air, hum"), ("bell=loud", "soft, none"), ("lead_in=-1", "0, 4, 10, 20, 30, 60"),
        ("words=few", "all, fewer"), ("length=", "180, 300, 480"), ("length=210%00", "180, 300, 480"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "file", ["timeline.json", "audio.mp3", "captions.vtt", "chapters.json", "transcript.txt"]
)
def test_a_wrong_choice_is_one_sentence_that_names_the_right_ones(
    service: Service, file: str, query: str, choices: str
) -> None:
    answer = ask(service, f"{BASE}/{file}?{query}")
    assert answer.status == 400
    error = answer.json()["error"]
    assert error["code"] == "bad_choice"
    assert "choose one of: " in error["message"]
    assert error["message"].endswith(f"{choices}.")


def without_words(timeline: dict) -> dict:
    cues = [{key: value for key, value in cue.items() if key != "text"} for cue in timeline["cues"]]
    return {**timeline, "cues": cues}


def test_a_reading_has_other_words_at_the_same_times(service: Service) -> None:
    one, other = (ask(service, f"{BASE}/timeline.json?reading={n}").json() for n in (0, 3))
    assert without_words(one) == without_words(other)
    texts = [[cue["text"] for cue in timeline["cues"] if cue["kind"] == "line"] for timeline in (one, other)]
    assert texts[0] != texts[1]
    assert (texts[0][0], texts[0][-1]) == (texts[1][0], texts[1][-1])
    times = [
        [
            line
            for line in ask(service, f"{BASE}/captions.vtt?reading={n}").body.decode().splitlines()
            if "-->" in line
        ]
        for n in (0, 3)
    ]
    assert times[0] == times[1]
    assert ask(service, f"{BASE}/chapters.json?reading=3").body == ask(service, f"{BASE}/chapters.json").body


def test_a_reading_is_other_sound_and_comes_round(service: Service) -> None:
    marks = [ask(service, f"{BASE}/audio.mp3?reading={n}", "HEAD").headers["ETag"] for n in (0, 3, 12, 15)]
    assert marks[:2] == marks[2:]
    assert marks[0] != marks[1]
    assert marks[0] == ask(service, f"{BASE}/audio.mp3", "HEAD").headers["ETag"]


@pytest.mark.parametrize("reading", ["-1", "100000", "three", "3.5", "", "%D9%A3", "9" * 3000])
@pytest.mark.parametrize("file", ["timeline.json", "audio.mp3", "captions.vtt", "transcript.txt"])
def test_a_bad_reading_is_one_sentence(service: Service, file: str, reading: str) -> None:
    answer = ask(service, f"{BASE}/{file}?reading={reading}")
    assert answer.status == 400
    assert answer.json()["error"]["message"] == "A reading is a whole number from 0 to 99999."


def test_fewer_words_are_silence_at_the_same_times(service: Service) -> None:
    whole, fewer = (ask(service, f"{BASE}/timeline.json?words={words}").json() for words in ("all", "fewer"))
    assert [(c["start"], c["end"]) for c in whole["cues"]] == [(c["start"], c["end"]) for c in fewer["cues"]]
    counts = [sum(c["kind"] == "line" for c in timeline["cues"]) for timeline in (whole, fewer)]
    assert 0 < counts[1] < counts[0]
    captions = [
        ask(service, f"{BASE}/captions.vtt?words={words}").body.count(b"-->") for words in ("all", "fewer")
    ]
    assert captions == counts


@pytest.mark.parametrize("kind", ["mp3", "flac", "wav"])
def test_sound_comes_whole_with_its_length_and_type(service: Service, kind: str) -> None:
    answer = ask(service, f"/exercises/doorway/audio.{kind}")
    assert answer.status == 200
    assert len(answer.body) == int(answer.headers["Content-Length"])
    assert (
        answer.headers["Content-Type"]
        == {"mp3": "audio/mpeg", "flac": "audio/flac", "wav": "audio/wav"}[kind]
    )
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.body[:4] in (b"ID3\x04", b"fLaC", b"RIFF")


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-1", 0, 2),
        ("bytes=5000-5099", 5000, 5100),
        ("bytes=-10", -10, None),
        ("bytes=440000-", 440000, None),
    ],
)
def test_a_range_is_exactly_those_bytes(service: Service, asked: str, start: int, stop: int | None) -> None:
    whole = ask(service, "/exercises/doorway/audio.mp3").body
    answer = ask(service, "/exercises/doorway/audio.mp3", Range=asked)
    assert answer.status == 206
    assert answer.body == whole[start:stop]
    first = start if start >= 0 else len(whole) + start
    assert answer.headers["Content-Range"] == f"bytes {first}-{first + len(answer.body) - 1}/{len(whole)}"


def test_ranges_work_from_the_first_moment_also_at_the_end(service: Service) -> None:
    path = "/exercises/overheard/audio.mp3?voice=higher"
    tail = ask(service, path, Range="bytes=-500")
    probe = ask(service, path, Range="bytes=0-1")
    whole = ask(service, path)
    assert (tail.status, probe.status) == (206, 206)
    assert probe.body == b"ID"
    assert tail.body == whole.body[-500:]


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=99999999-99999999"])
def test_a_range_outside_the_file_is_416_with_a_sentence(service: Service, asked: str) -> None:
    answer = ask(service, "/exercises/doorway/audio.mp3", Range=asked)
    assert answer.status == 416
    assert "bytes" in answer.json()["error"]["message"]
    assert answer.headers["Content-Range"].startswith("bytes */")


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "pages=1-2", "bytes=x-y", "bytes=5-1", "nonsense"])
def test_a_range_that_makes_no_sense_is_answered_with_the_whole(service: Service, asked: str) -> None:
    assert ask(service, "/exercises/doorway/audio.mp3", Range=asked).status == 200


def test_an_if_range_of_another_version_gets_the_whole(service: Service) -> None:
    etag = ask(service, "/exercises/doorway/audio.mp3").headers["ETag"]
    same = ask(service, "/exercises/doorway/audio.mp3", Range="bytes=0-9", If_Range=etag)
    other = ask(service, "/exercises/doorway/audio.mp3", Range="bytes=0-9", If_Range='"older"')
    assert (same.status, other.status) == (206, 200)


def test_a_head_tells_the_length_and_composes_nothing(service: Service) -> None:
    path = "/exercises/same-window/audio.mp3?voice=lower&lead_in=30"
    answer = ask(service, path, "HEAD")
    assert answer.status == 200
    assert answer.body == b""
    assert (
        ask(service, "/exercises/same-window/sound.json?voice=lower&lead_in=30").json()["state"] == "absent"
    )
    assert int(answer.headers["Content-Length"]) == len(ask(service, path).body)


@pytest.mark.parametrize(
    "file", ["audio.mp3", "timeline.json", "captions.vtt", "chapters.json", "transcript.txt"]
)
def test_what_has_not_changed_is_not_sent_again(service: Service, file: str) -> None:
    first = ask(service, f"/exercises/doorway/{file}")
    again = ask(service, f"/exercises/doorway/{file}", If_None_Match=first.headers["ETag"])
    assert again.status == 304
    assert again.body == b""


@pytest.mark.parametrize("file", ["audio.mp3", "timeline.json", "captions.vtt", "chapters.json"])
def test_another_choice_has_another_tag(service: Service, file: str) -> None:
    first, other = (ask(service, f"/exercises/doorway/{file}?length={n}").headers["ETag"] for n in (66, 75))
    assert first != other


def test_many_listeners_get_the_same_sound_at_once(service: Service) -> None:
    with ThreadPoolExecutor(8) as threads:
        path = "/exercises/lamp-out/audio.mp3?voice=lower"
        bodies = list(threads.map(lambda _: ask(service, path).body, range(8)))
    assert len(set(bodies)) == 1


def test_somebody_who_leaves_in_the_middle_disturbs_nobody(service: Service) -> None:
    address = urllib.parse.urlsplit(service.url)
    for _ in range(5):
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        connection.request("GET", "/exercises/open-hand/audio.mp3?voice=lower")
        connection.getresponse().read(100)
        connection.close()
    answer = ask(service, "/exercises/open-hand/audio.mp3?voice=lower")
    assert len(answer.body) == int(answer.headers["Content-Length"])


def test_sound_of_an_exercise_for_the_therapists_room_does_not_start(service: Service) -> None:
    for name in ("seen-a-little", "halfway"):
        answer = ask(service, f"/exercises/{name}/audio.mp3")
        assert answer.status == 403
        assert "with a therapist" in answer.json()["error"]["message"]
        assert ask(service, f"/exercises/{name}/transcript.txt").status == 200


@pytest.mark.parametrize("kind", ["flac", "wav"])
def test_an_exercise_that_asks_for_consent_is_no_file(service: Service, kind: str) -> None:
    answer = ask(service, f"/exercises/a-glance-and-a-rest/audio.{kind}")
    assert answer.status == 403
    assert "a file cannot ask" in answer.json()["error"]["message"]


def test_where_the_sound_stands_can_be_asked(service: Service) -> None:
    path = "/exercises/back-in-the-room"
    ask(service, f"{path}/audio.mp3?voice=higher")
    deadline = time.monotonic() + 30
    while (state := ask(service, f"{path}/sound.json?voice=higher").json())["state"] != "ready":
        assert time.monotonic() < deadline
        assert state["message"] is None


def test_an_unknown_exercise_is_a_page_with_the_way_back(service: Service) -> None:
    page = ask(service, "/exercises/breathe-deeply/", Accept="text/html")
    assert page.status == 404
    assert b'href="/"' in page.body
    assert b"Traceback" not in page.body
    plain = ask(service, "/exercises/breathe-deeply/timeline.json")
    assert plain.json()["error"]["code"] == "not_found"
    assert ask(service, "/nowhere", Accept="text/html").status == 404
    assert ask(service, "/exercises/doorway/audio.ogg").status == 404


def test_text_is_compressed_for_those_who_ask(service: Service) -> None:
    plain = ask(service, f"{BASE}/timeline.json")
    packed = ask(service, f"{BASE}/timeline.json", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    sound = ask(service, "/exercises/doorway/audio.mp3", Accept_Encoding="gzip", Range="bytes=0-99")
    assert sound.headers["Content-Encoding"] is None


@pytest.mark.parametrize(
    "path", ["/", "/help", f"{BASE}/", f"{BASE}/timeline.json", "/nowhere", "/static/styles/base.css"]
)
def test_every_answer_carries_the_security_headers(service: Service, path: str) -> None:
    headers = ask(service, path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in headers or "Python" not in headers["Server"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_method_that_is_not_used_is_one_sentence(service: Service, method: str) -> None:
    answer = ask(service, f"{BASE}/timeline.json", method)
    assert answer.status == 405
    assert answer.json()["error"]["message"]
