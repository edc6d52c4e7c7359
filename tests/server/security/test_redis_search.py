"""Nothing private in Redis: all that it was ever told or asked is searched after a whole evening with three phones."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from server.rooms.scores import SCORE
from server.rooms.socket.connection import GIVEN_UP
from tests.conftest import running_service
from tests.server.conftest import PASSCODE
from tests.support.phone import Phone, conducted, playing
from tests.support.private_words import found
from tests.support.redis_server import RedisServer

ASKED = """\
id: asked
title: Asked
family: reach
level: 2
order: 99
lengths: [44, 50, 60]
aim: Ask once.
when: "Any time."
place: "Any chair."
care: "Side by Side is there instead."
reviewed: null
therapist: {rung: "R1.", watch_for: ["A held breath."], what_to_do: ["End it."]}
steps:
  - part: arrive
  - rest: 2
  - say: "Sit, or stand."
  - rest: 3
  - part: consent
  - say: "You can pause."
  - rest: 3
  - choice: {ask: "Do you both want a hand on the table?", yes: "Yes", no: "Not today"}
  - part: practice
  - say:
      guarded: "You set how near this is."
      heavy: "You can stay as you are."
      plain: "Stay with it, or wander off."
      shared: "Stay as you are, or wander."
  - rest: 3
  - part: return
  - say: "Look round."
  - rest: 3
  - part: close
  - say: "That's all."
  - rest: 3
"""
TYPED = ("Zebras juggle marmalade.", "El ornitorrinco ñoño tararea.")
"""Words that no script says."""
STATES = ("guarded", "heavy")
FIELDS = {"room", "seats", "mono", "wall", "epoch", "owner", "label", "plan"}
OF_THE_ROOM = {
    "snapshot", "circle_first", "reading", "setting", "speaker", "stage", "rev", "lower_from", "voice", "paused",
    "unattended", "quieter_only", "asked", "lines", "heard_at", "closing_at", "ended_at", "note", "choice", "course",
    "agreed", "hold", "met", "admission", "waiting", "quiet", "seats",
}  # fmt: skip
"""Fields of a room that are kept: how many questions and lines there were, and not what was said to them."""
KEYS = ("room", "node", "wanted", "conducted", "code", "codes", "sign-in", "ended", "score")


def answers(phone: Phone, yes: bool, kind: str) -> None:
    ask = phone.sees("room")["ask"]
    if not ask or ask["kind"] != kind:
        ask = phone.hears(lambda m: m["type"] == "room" and m["ask"] and m["ask"]["kind"] == kind)["ask"]
    assert phone.says("answer", ask=ask["id"], yes=yes)["type"] == "done"


def evening(guide: Phone, circle: Phone, square: Phone) -> None:
    """An exercise to its end, with everything in it that is nobody's business, and the beginning of another."""
    for phone, nearest in ((circle, "guarded"), (square, "heavy")):
        phone.sees("plan")
        assert phone.says("nearest", nearest=nearest, let_see=phone is circle)["type"] == "done"
        phone.hears("plan")
    for phone in (circle, square):
        phone.gets_ready()
    guide.sees("console", phase="ready")
    guide.says("start")
    playing(circle, square)
    for line in TYPED:
        assert guide.says("say", text=line)["type"] == "done"
        circle.hears("line")
    assert square.says("pause")["type"] == "done"
    for phone, yes in ((circle, False), (circle, True), (square, True)):
        answers(phone, yes, "resume")
    square.connects(nearest="heavy", let_see=False)
    answers(circle, True, "beat")
    answers(square, False, "beat")
    for phone in (circle, square):
        phone.hears(lambda m: m["type"] == "room" and m["phase"] == "ended", 120.0)
    guide.sees("console", phase="ended")
    assert guide.says("again")["type"] == "done"
    for phone in (circle, square):
        phone.hears("plan")
        phone.gets_ready()
    guide.hears(lambda m: m["type"] == "console" and m["phase"] == "ready")
    guide.says("start")
    for phone, yes in ((circle, True), (square, False)):
        answers(phone, yes, "start")
    for phone in (circle, square, guide):
        phone.sends(type="leave", op=phone.op + 1)
        assert phone.close_code() == GIVEN_UP


def test_no_state_answer_typed_word_code_or_token_ever_reaches_redis(
    own_redis: RedisServer, tmp_path: Path
) -> None:
    scripts = tmp_path / "data" / "scripts"
    scripts.mkdir(parents=True)
    (scripts / "asked.yaml").write_text(ASKED)
    environment = {"STILL_HERE_REDIS": own_redis.address, "STILL_HERE_PASSCODE": PASSCODE}
    with (
        own_redis.overheard() as overheard,
        running_service(tmp_path / "data", "--proxies", "1", **environment) as service,
    ):
        phones = conducted(service, PASSCODE, exercise="asked", length=44)
        evening(*phones)
    own_redis.stop()
    told = own_redis.told
    assert phones[0].room.encode() in told
    assert b"EVALSHA" in overheard.upper()
    codes = [code for phone in phones for code in phone.codes]
    guessable = [*codes, *(code.replace("-", "") for code in codes), PASSCODE]
    tokens = [token for phone in phones for token in phone.cookies.values()]
    words = [word.strip(".") for line in TYPED for word in line.split() if len(word) > 3]
    asked = bytes(overheard)
    for what in (told, asked):
        assert found(what, [*TYPED, *words, *guessable]) == []
        assert found(what, tokens, as_digests=False) == []
    # scores have the words of scripts, which may be heavy
    commands = (b" ".join(words) for words in own_redis.writes)
    writes, lines = (
        b"\n".join(line for line in every if SCORE.encode() not in line)
        for every in (commands, asked.split(b"\n"))
    )
    assert b"stage" in writes
    assert b"stage" in lines
    for what in (writes, lines):
        assert found(what, STATES) == []
    kept = [json.loads(values["kept"]) for values in hashes(own_redis) if "kept" in values]
    assert any(one["room"]["stage"] == "ended" for one in kept)
    for one in kept:
        assert set(one) <= FIELDS
        assert set(one["room"]) == OF_THE_ROOM
        assert all(len(seat) == 2 for seat in one["room"]["seats"].values())
    keys = {command[1].decode() for command in own_redis.writes if len(command) > 1}
    assert {key.split(":")[1] for key in keys if key.startswith("still-here:")} <= set(KEYS)


def hashes(server: RedisServer) -> list[dict[str, str]]:
    """The fields of every hash as it was written each time."""
    sets = [words for words in server.writes if words[0].upper() == b"HSET"]
    return [dict(zip(*[iter(map(bytes.decode, words[2:]))] * 2, strict=True)) for words in sets]


def test_the_search_finds_what_is_there(own_redis: RedisServer) -> None:
    word = "El ñandú"
    with own_redis.overheard() as overheard:
        for number, text in enumerate((word.upper(), json.dumps(word), word.encode().hex())):
            own_redis.asks("SET", f"as {number}", f"some {text} thing")
        for before in range(3):
            own_redis.asks(
                "SET", "as base64", base64.b64encode(b"-" * before + word.encode() + b"!").decode()
            )
        own_redis.asks("GET", "the guarded one")
    written = list(own_redis.writes)
    for number in range(3):
        (words,) = (words for words in written if words[1] == b"as %d" % number)
        assert found(words[2], [word, "guarded"]) == [word]
    for words in (words for words in written if words[1] == b"as base64"):
        assert found(words[2], [word, "guarded"]) == [word]
    assert found(bytes(overheard), ["guarded", "heavy"]) == ["guarded"]
