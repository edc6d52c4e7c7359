"""The pure core of what is kept on a phone, imported in a page and asked directly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.fixture(scope="module")
def ask(browser: Any, service: Any) -> Iterator[Callable[[str], Any]]:
    """Evaluates an expression in which `s` is cache-policy.js and `c` is schedule.js."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.goto(service.url + "/help")
    yield lambda expression: page.evaluate(
        f"""async () => {{
          const s = await import("/static/offline/cache-policy.js");
          const c = await import("/static/player/stage/schedule.js");
          return {expression};
        }}"""
    )
    context.close()


WHOLE = {
    "status": 200, "type": "basic", "redirected": False, "contentType": "audio/mpeg", "cacheControl": "no-cache",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({}, True),
        ({"contentType": "audio/mpeg; charset=binary"}, True),
        ({"status": 206}, False),
        ({"status": 503}, False),
        ({"status": 304}, False),
        ({"type": "opaque"}, False),
        ({"type": "cors"}, False),
        ({"redirected": True}, False),
        ({"contentType": "text/html"}, False),
        ({"contentType": None}, False),
        ({"cacheControl": "no-store"}, False),
        ({"cacheControl": "private, no-store"}, False),
    ],
)
def test_only_whole_answers_from_here_are_kept(ask: Callable[[str], Any], change: Any, kept: bool) -> None:
    answer = json.dumps({**WHOLE, **change})
    assert ask(f's.mayKeep({answer}, "audio/mpeg")') is kept


@pytest.mark.parametrize(
    ("method", "mode", "path", "own", "way"),
    [
        ("GET", "navigate", "/", True, "page"),
        ("GET", "navigate", "/exercises/doorway/", True, "page"),
        ("GET", "no-cors", "/static/abc/styles/base.css", True, "asset"),
        ("GET", "cors", "/manifest.webmanifest", True, "asset"),
        ("GET", "no-cors", "/exercises/doorway/audio.mp3", True, "part"),
        ("GET", "cors", "/exercises/doorway/timeline.json", True, "part"),
        ("GET", "navigate", "/exercises/doorway/transcript.txt", True, "part"),
        ("GET", "cors", "/exercises/doorway/sound.json", True, "network"),
        ("GET", "cors", "/rooms/abc/invite", True, "network"),
        ("GET", "no-cors", "/rooms/abc/clips/1.flac", True, "network"),
        ("POST", "navigate", "/rooms", True, "network"),
        ("HEAD", "cors", "/exercises/doorway/audio.mp3", True, "network"),
        ("GET", "no-cors", "/static/abc/styles/base.css", False, "network"),
    ],
)
def test_who_answers_a_request(
    ask: Callable[[str], Any], method: str, mode: str, path: str, own: bool, way: str
) -> None:
    request = json.dumps({"method": method, "mode": mode, "path": path, "isOwn": own})
    assert ask(f"s.wayOf({request}).as") == way


def test_a_part_is_known_by_its_exercise_and_name(ask: Callable[[str], Any]) -> None:
    request = '{method: "GET", mode: "cors", path: "/exercises/lamp-out/captions.vtt", isOwn: true}'
    assert ask(f"s.wayOf({request})") == {"as": "part", "id": "lamp-out", "name": "captions.vtt"}


@pytest.mark.parametrize(
    ("header", "slice_"),
    [
        (None, None), ("bytes=0-1", [0, 2]), ("bytes=0-", [0, 100]), ("bytes=90-200", [90, 100]),
        ("bytes=-10", [90, 100]), ("bytes=-200", [0, 100]), ("bytes=99-99", [99, 100]), ("bytes=100-", "none"),
        ("bytes=-0", "none"), ("bytes=5-3", None), ("bytes=0-1,4-5", None), ("items=0-1", None), ("bytes=-", None),
    ],
)  # fmt: skip
def test_a_range_is_read_as_the_standard_says(ask: Callable[[str], Any], header: Any, slice_: Any) -> None:
    assert ask(f"s.sliceOf({json.dumps(header)}, 100)") == slice_


@given(size=st.integers(1, 10**7), first=st.integers(0, 10**7), more=st.integers(0, 10**7))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_slice_lies_within_the_file(ask: Callable[[str], Any], size: int, first: int, more: int) -> None:
    found = ask(f's.sliceOf("bytes={first}-{first + more}", {size})')
    assert found == ("none" if first >= size else [first, min(first + more + 1, size)])


def test_choices_are_the_same_in_any_order(ask: Callable[[str], Any]) -> None:
    assert ask('s.sameChoices("length=75&voice=lower", "voice=lower&length=75")')
    assert not ask('s.sameChoices("length=75&voice=lower", "length=75&voice=higher")')
    assert not ask('s.sameChoices("length=75", "length=75&voice=lower")')


def test_a_copy_is_named_by_what_is_in_it(ask: Callable[[str], Any]) -> None:
    one, other = ask("""[s.copyName("x", ['W/"a"', '"b-mp3"']), s.copyName("x", ['"a"', '"c-mp3"'])]""")
    assert one == "still-here-copy-x-a-b-mp3"
    assert one != other


def test_only_what_nobody_needs_is_cleared(ask: Callable[[str], Any]) -> None:
    names = [
        "still-here-shell-1",
        "still-here-shell-2",
        "still-here-shell-3",
        "still-here-kept",
        "of-another",
    ]
    names += ["still-here-copy-a", "still-here-copy-b", "still-here-copy-c"]
    spare = ask(
        f's.spareCaches({json.dumps(names)}, "3", [{{cache: "still-here-copy-a"}}], ["still-here-copy-b"])'
    )
    assert sorted(spare) == ["still-here-copy-c", "still-here-shell-1"]


def test_room_is_reckoned_before_it_is_used(ask: Callable[[str], Any]) -> None:
    assert ask("s.hasRoom({quota: 10e6, usage: 1e6}, 5e6)")
    assert not ask("s.hasRoom({quota: 10e6, usage: 6e6}, 5e6)")
    assert not ask("s.hasRoom({quota: 5e6, usage: 0}, 5e6)")
    assert ask("s.hasRoom({}, 5e6)")


def test_sizes_are_told_as_people_read_them(ask: Callable[[str], Any]) -> None:
    assert ask("[4000, 1310000, 120e6, 2.5e9].map(s.sizeWords)") == [
        "less than 0.1 MB", "1.3 MB", "120 MB", "2.5 GB",
    ]  # fmt: skip


LINES = """[{at: 0, cue: -1}, {at: 4, cue: 0}, {at: 7, cue: 0}, {at: 12, cue: 3}, {at: 20, cue: 3}]"""


def test_a_line_begins_where_its_words_came(ask: Callable[[str], Any]) -> None:
    assert ask(f"[0, 3.9, 4, 11.9, 12, 30].map((t) => c.lineStart({LINES}, t))") == [0, 0, 4, 4, 12, 12]


def test_going_on_never_passes_a_question(ask: Callable[[str], Any]) -> None:
    plan = "{exercise: {level: %d}, cues: [{kind: 'decision', start: 6, end: 9}]}"
    assert ask(f"[5, 13].map((t) => c.resumeAt({plan % 2}, {LINES}, t))") == [4, 6]
    assert ask(f"[5, 13].map((t) => c.resumeAt({plan % 1}, {LINES}, t))") == [4, 6]
    assert ask(f"[5, 13].map((t) => c.resumeAt({{exercise: {{level: 1}}, cues: []}}, {LINES}, t))") == [4, 12]


def test_the_next_part_is_the_one_after(ask: Callable[[str], Any]) -> None:
    plan = "{parts: [{start: 0}, {start: 10}, {start: 30}]}"
    assert ask(f"[0, 9.9, 10, 30].map((t) => c.nextPartStart({plan}, t))") == [10, 10, 30, None]
