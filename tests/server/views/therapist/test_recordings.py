"""A therapist's own voice over HTTP: who may, what is taken, what couples then hear, and what is left of it after."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from audio.dsp.wav import wav_bytes
from bench.figures.failures.uploads import MUTATIONS, send, upload
from exercises.library import load_library
from exercises.model import LOUDSPEAKER, words_for
from exercises.recordable import line_digest
from server.http.headers import NO_DEVICES
from server.rooms.core.protocol.sentences import GUIDE
from server.services.voices.recording_status import lines_of
from tests.conftest import Service
from tests.server.conftest import PASSCODE
from tests.support.phone import Answer, Phone, new_address

HOME = "/therapist/recordings"
LIBRARY = load_library()
DOORWAY = lines_of(LIBRARY.get("doorway"), every_wording=False)
LAMP = lines_of(LIBRARY.get("lamp-out"), every_wording=False)
RATE = 24_000


def voice(seconds: float = 1.2, seed: int = 1) -> bytes:
    """A WAV that can be a line."""
    rng = np.random.default_rng(seed)
    noise = np.convolve(rng.standard_normal(round(seconds * RATE)), np.ones(10) / 10, "same")
    sound = noise / np.abs(noise).max() * 0.4 * np.abs(np.sin(np.arange(len(noise)) / RATE * 9))
    return wav_bytes(np.rint(sound * 32767).astype(np.int16), RATE)


def therapist(rooms: Service) -> Phone:
    phone = Phone(rooms, new_address())
    assert phone.signs_in(PASSCODE).status == 200
    return phone


def post(phone: Phone, path: str, body: bytes = b"", **headers: str) -> Answer:
    cookie = "; ".join(f"{name}={value}" for name, value in phone.cookies.items())
    return phone.ask_form(HOME + path, body, **{"Cookie": cookie, "Content-Type": "audio/wav", **headers})


def form(phone: Phone, path: str, body: str = "", **headers: str) -> Answer:
    more = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return post(phone, path, body.encode(), **more)


def reads(phone: Phone, line: Any, body: bytes | None = None, exercise: str = "doorway") -> Answer:
    return post(phone, f"/{exercise}/{line.digest}.wav", voice() if body is None else body)


def files(rooms: Service, folder: str, pattern: str = "*") -> list[Path]:
    return [path for path in (rooms.data / folder).rglob(pattern) if path.is_file()]


def test_nobody_else_reads_hears_or_deletes(rooms: Service) -> None:
    phone = Phone(rooms, new_address())
    line = DOORWAY[0].digest
    for path in (
        f"/doorway/{line}.wav",
        f"/doorway/{line}/delete",
        "/delete",
        "/fill",
        "/export",
        "/import.json",
    ):
        answer = phone.ask_form(HOME + path, voice(), Content_Type="audio/wav")
        assert (answer.status, answer.code) == (403, "not_signed_in"), path
    assert phone.ask("GET", f"{HOME}/doorway/{line}.flac").code == "not_signed_in"
    page = phone.ask("GET", HOME, Accept="text/html")
    assert (page.status, page.headers["Location"]) == (303, "/therapist")


def test_another_sites_page_cannot_upload(rooms: Service) -> None:
    phone = therapist(rooms)
    answer = post(phone, f"/doorway/{DOORWAY[0].digest}.wav", voice(), Origin="https://elsewhere.example")
    assert answer.code == "not_from_here"


def test_of_these_pages_the_reading_page_alone_may_use_the_microphone(rooms: Service) -> None:
    phone = therapist(rooms)
    reading = phone.ask("GET", f"{HOME}/doorway/", Accept="text/html")
    assert reading.status == 200
    assert reading.headers["Permissions-Policy"] == f"{NO_DEVICES}, microphone=(self)"
    assert "unsafe" not in reading.headers["Content-Security-Policy"]
    for path in (HOME, "/", "/therapist", "/exercises/doorway/", "/join"):
        page = phone.ask("GET", path, Accept="text/html")
        assert page.headers["Permissions-Policy"] == f"{NO_DEVICES}, microphone=()", path


def test_a_take_is_kept_heard_and_counted(rooms: Service) -> None:
    phone = therapist(rooms)
    form(phone, "/delete", "what=all&sure=yes")
    line = DOORWAY[1]
    answer = reads(phone, line)
    assert answer.status == 200, answer.body
    assert (answer.json["state"], answer.json["words"]) == ("kept", line.words)
    heard = phone.ask("GET", f"{HOME}/doorway/{line.digest}.flac")
    samples, rate = soundfile.read(io.BytesIO(heard.body))
    assert rate == 24_000
    assert len(samples) / rate == pytest.approx(answer.json["seconds"], abs=0.01)
    assert heard.headers["Cache-Control"] == "no-store"
    assert f"1 of {len(DOORWAY)} lines".encode() in phone.ask("GET", HOME, Accept="text/html").body
    assert files(rooms, "recordings/incoming") == []


def test_words_that_several_exercises_share_are_read_once(rooms: Service) -> None:
    shared = {line.digest for line in DOORWAY} & {line.digest for line in LAMP}
    words = {line.digest: line for line in DOORWAY}
    for digest in shared:
        phone = therapist(rooms)
        reads(phone, words[digest])
        assert phone.ask("GET", f"{HOME}/lamp-out/{digest}.flac").status == 200


@pytest.mark.parametrize("mutation", range(len(MUTATIONS)))
def test_what_cannot_be_a_line_is_refused_with_its_reason(rooms: Service, mutation: int) -> None:
    phone = therapist(rooms)
    cookie = f"therapist={phone.cookies['therapist']}"
    for number in range(mutation, 90, len(MUTATIONS)):
        refusal = send(phone.host, cookie, DOORWAY[5].digest, upload(number))
        assert refusal.code not in ("", "internal", "bad_request"), refusal
    assert phone.ask("GET", f"{HOME}/doorway/{DOORWAY[5].digest}.flac").status == 404
    assert files(rooms, "recordings/incoming") == []


def test_a_refused_take_leaves_the_one_before(rooms: Service) -> None:
    phone = therapist(rooms)
    reads(phone, DOORWAY[2])
    before = phone.ask("GET", f"{HOME}/doorway/{DOORWAY[2].digest}.flac").body
    refused = reads(phone, DOORWAY[2], wav_bytes(np.zeros(RATE, np.int16), RATE))
    assert (refused.status, refused.code) == (422, "silent")
    assert phone.ask("GET", f"{HOME}/doorway/{DOORWAY[2].digest}.flac").body == before


def test_a_line_that_no_script_says_is_not_taken(rooms: Service) -> None:
    phone = therapist(rooms)
    answer = post(phone, f"/doorway/{'0' * 64}.wav", voice())
    assert (answer.status, answer.code) == (404, "not_found")


def test_a_take_that_outlasts_its_room_is_told(rooms: Service) -> None:
    phone = therapist(rooms)
    answer = reads(phone, DOORWAY[3], voice(DOORWAY[3].room_s + 3))
    assert "s late. Read it a little faster." in answer.json["note"]
    assert reads(phone, DOORWAY[3]).json["note"] == ""


def listens(phone: Phone, query: str, kind: str = "flac") -> Answer:
    return phone.ask("GET", f"/exercises/doorway/audio.{kind}?bed=none&bell=none&{query}")


def test_the_recorded_voice_is_heard_changes_with_its_takes_and_is_gone_when_deleted(rooms: Service) -> None:
    phone = therapist(rooms)
    reads(phone, DOORWAY[0], voice(seed=7))
    assert b'value="recorded"' in phone.ask("GET", "/exercises/doorway/", Accept="text/html").body
    first = listens(phone, "voice=recorded")
    assert first.status == 200
    assert first.headers["Cache-Control"] == "no-store"
    assert files(rooms, "takes", "recorded-*")
    reads(phone, DOORWAY[0], voice(seed=8))
    assert not files(rooms, "takes", "recorded-*")
    second = listens(phone, "voice=recorded")
    assert second.headers["ETag"] != first.headers["ETag"]
    assert second.body != first.body
    assert listens(phone, "voice=neutral").headers["ETag"] != second.headers["ETag"]
    assert form(phone, f"/doorway/{DOORWAY[0].digest}/delete", Accept="text/html").status == 303
    assert not files(rooms, "takes", "recorded-*")
    assert not files(rooms, "recordings", f"{DOORWAY[0].digest}*")


def test_a_room_plays_what_was_read_and_keeps_no_clip_of_it_after_deleting(rooms: Service) -> None:
    phone = therapist(rooms)
    guide = words_for(next(iter(GUIDE.values())), LOUDSPEAKER)
    assert post(phone, f"/said-in-rooms/{line_digest(guide)}.wav", voice(seed=3)).status == 200
    reads(phone, DOORWAY[0], voice(seed=4))
    assert phone.opens("/therapist/rooms", screened="yes", voice="recorded").status == 200
    circle = Phone(rooms, new_address())
    circle.joins(phone.invites("circle"))
    circle.connects()
    plan = circle.sees("plan")
    addresses = {cue["clip"] for track in plan["tracks"].values() for cue in track["cues"] if cue.get("clip")}
    assert any(f"{'0' * 8}{DOORWAY[0].digest[:24]}" in address for address in addresses)
    own = next(address for address in addresses if f"{'0' * 8}{DOORWAY[0].digest[:24]}" in address)
    clip = circle.ask("GET", f"/rooms/{circle.room}/{own}")
    assert clip.status == 200
    assert clip.headers["Cache-Control"] == "no-store"
    assert len(files(rooms, "clips/00", f"{'0' * 8}{DOORWAY[0].digest[:24]}*")) == 1
    form(phone, f"/doorway/{DOORWAY[0].digest}/delete")
    assert not files(rooms, "clips/00", f"{'0' * 8}{DOORWAY[0].digest[:24]}*")
    assert circle.ask("GET", f"/rooms/{circle.room}/{own}").status == 404


def test_who_fills_in_is_chosen_and_changes_the_sound(rooms: Service) -> None:
    phone = therapist(rooms)
    reads(phone, DOORWAY[4], voice(seed=5))
    tags = []
    for name in ("lower", "neutral"):
        assert form(phone, "/fill", f"voice={name}").status == 303
        tags.append(listens(phone, "voice=recorded", "mp3").headers["ETag"])
    assert tags[0] != tags[1]
    assert form(phone, "/fill", "voice=recorded").code == "bad_choice"


def test_a_set_is_taken_along_and_brought_back(rooms: Service) -> None:
    phone = therapist(rooms)
    reads(phone, DOORWAY[6])
    reads(phone, DOORWAY[7])
    packed = form(phone, "/export")
    assert packed.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(packed.body)) as archive:
        names = archive.namelist()
        listed = json.loads(archive.read("recordings.json"))["lines"]
    assert f"lines/{DOORWAY[6].digest}.wav" in names
    assert listed[DOORWAY[7].digest]["exercise"] == "doorway"
    assert form(phone, "/delete", "what=all").code == "bad_choice"
    assert form(phone, "/delete", "what=all&sure=yes").status == 303
    assert files(rooms, "recordings", "*.line") == []
    assert listens(phone, "voice=recorded").code == "bad_choice"
    answer = post(phone, "/import.json", packed.body)
    assert answer.json == {"count": len(names) - 1}
    assert phone.ask("GET", f"{HOME}/doorway/{DOORWAY[6].digest}.flac").status == 200
    assert files(rooms, "recordings/incoming") == []


def test_takes_of_words_that_nobody_says_are_told_and_can_be_deleted_alone(rooms: Service) -> None:
    phone = therapist(rooms)
    reads(phone, DOORWAY[8])
    packed = form(phone, "/export").body
    stray = "f" * 64
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(buffer, "w") as new:
        new.writestr(f"lines/{stray}.wav", old.read(f"lines/{DOORWAY[8].digest}.wav"))
        one = {"exercise": "doorway", "place": DOORWAY[9].place, "lufs": -30}
        new.writestr("recordings.json", json.dumps({"format": 1, "lines": {stray: one}}))
    assert post(phone, "/import.json", buffer.getvalue()).json == {"count": 1}
    assert b"1 line wants a new take" in phone.ask("GET", HOME, Accept="text/html").body
    assert b'data-state="changed"' in phone.ask("GET", f"{HOME}/doorway/", Accept="text/html").body
    assert form(phone, "/delete", "what=stray&sure=yes").status == 303
    assert files(rooms, "recordings", "f" * 64 + "*") == []
    assert files(rooms, "recordings", f"{DOORWAY[8].digest}*")


def test_the_archive_has_the_recorded_voice_and_no_feed_does(rooms: Service) -> None:
    phone = therapist(rooms)
    reads(phone, DOORWAY[9])
    archive = phone.ask("GET", "/files/still-here.zip?voice=recorded&bed=none&bell=none&length=shortest")
    assert archive.status == 200
    with zipfile.ZipFile(io.BytesIO(archive.body)) as file:
        sound = file.read("doorway/doorway.mp3")
    shortest = LIBRARY.get("doorway").lengths[0]
    assert sound == listens(phone, f"voice=recorded&length={shortest}", "mp3").body
    desk = phone.ask("GET", "/therapist/feeds", Accept="text/html").body
    assert b'value="neutral"' in desk
    assert b'value="recorded"' not in desk
    assert form(phone, f"/doorway/{DOORWAY[9].digest}/delete", Accept="text/html").status == 303
