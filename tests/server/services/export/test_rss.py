"""A feed as XML: what the schema, a real parser and the rules say of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from audio.render.metadata import COVER
from server.services.export.rss import Episode, Show, rss, show_guid
from tests.support.feed_rules import complaints

MADE = datetime(2026, 11, 24, tzinfo=timezone.utc)
HOST = "https://still.example.org/feeds/key"


def episode(number: int, **changes: object) -> Episode:
    plain = Episode(
        guid=f"still-here/exercises/e{number}", title=f"Exercise {number}", summary="Sit, and nothing else.",
        published=MADE - timedelta(minutes=1000 - number), number=number, seconds=75, size=450_000,
        sound=f"{HOST}/e{number}.mp3", chapters=f"{HOST}/e{number}.chapters.json", captions=f"{HOST}/e{number}.vtt",
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def show(*episodes: Episode) -> Show:
    return Show(
        guid=show_guid("ab" * 32), address=f"{HOST}/feed.xml", home="https://still.example.org/",
        cover=f"{HOST}/cover.png", changed=MADE, episodes=episodes,
    )  # fmt: skip


def test_a_feed_is_without_error_and_warning() -> None:
    assert complaints(rss(show(episode(1), episode(2)))) == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"size": 0}, "enclosure"),
        ({"sound": "/e1.mp3"}, "enclosure"),
        ({"seconds": -1}, "duration"),
        ({"number": 2}, "episode number"),
        ({"guid": "still-here/exercises/e2"}, "guid"),
        ({"published": MADE + timedelta(days=1)}, "newer"),
        ({"title": ""}, "title"),
    ],
)
def test_the_rules_find_what_is_wrong(change: dict[str, Any], word: str) -> None:
    found = complaints(rss(show(replace(episode(1), **change), episode(2))))
    assert any(word in complaint for complaint in found), found


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60))
def test_any_title_arrives_as_it_was_written(title: str) -> None:
    parsed = feedparser.parse(rss(show(episode(1, title=f"A {title}"))), sanitize_html=False)
    assert not parsed.bozo
    assert rss(show(episode(1, title=f"A {title}"))).decode().count("<item>") == 1
    body = etree.fromstring(rss(show(episode(1, title=f"A {title}"))))
    assert body.findtext("channel/item/title") == f"A {title}"


def test_a_parser_reads_what_an_app_shows() -> None:
    parsed = feedparser.parse(rss(show(episode(3))))
    entry = parsed.entries[0]
    assert (parsed.feed.title, entry.title, entry.itunes_duration) == ("Still Here", "Exercise 3", "75")
    assert entry.enclosures[0].length == "450000"
    assert entry.guidislink is False
    assert parsed.feed.image.href == f"{HOST}/cover.png"


def test_the_guid_of_a_feed_stays_and_is_its_own() -> None:
    assert show_guid("ab" * 32) == show_guid("ab" * 32) != show_guid("cd" * 32)


def test_the_cover_is_a_square_that_directories_take() -> None:
    header = Path(COVER).read_bytes()[:33]
    width, height = (int.from_bytes(header[at : at + 4], "big") for at in (16, 20))
    assert header[:8] == b"\x89PNG\r\n\x1a\n"
    assert width == height
    assert 1400 <= width <= 3000
    assert header[25] in (2, 3), "colour, and nothing transparent"
