"""The feeds of a data folder: keys that are kept nowhere, and an end that lasts."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from audio.recordings.voice_selection import RECORDED, OfferedVoice
from audio.speech.engines import voice_list
from server.services.export.export_set import SPREAD, parse_set
from server.services.export.feeds import FeedNotKept, FeedStore, UnknownFeed, feed_voices

VOICES = voice_list()
CHOSEN = parse_set(VOICES, {"length": "longest", "voice": VOICES[1].id})
DAY, LATER = date(2026, 11, 24), date(2026, 12, 1)


@pytest.fixture
def store(tmp_path: Path) -> FeedStore:
    return FeedStore(tmp_path / "feeds")


def test_a_key_opens_its_feed_and_no_other_does(store: FeedStore) -> None:
    key, feed = store.make(CHOSEN, os.urandom, DAY)
    other, _ = store.make(CHOSEN, os.urandom, DAY)
    assert store.find(key) == feed
    assert store.find(other) != feed
    for wrong in ("", "nothing", key[:-1], key + "A", feed.digest, f"../{feed.digest}"):
        assert store.find(wrong) is None


def test_the_key_is_in_no_file_and_no_name_of_one(store: FeedStore, tmp_path: Path) -> None:
    key, _ = store.make(CHOSEN, os.urandom, DAY)
    for path in tmp_path.rglob("*"):
        assert key not in str(path)
        assert path.is_dir() or key.encode() not in path.read_bytes()


def test_what_is_kept_is_a_day_and_choices(store: FeedStore, tmp_path: Path) -> None:
    _, feed = store.make(CHOSEN, os.urandom, DAY)
    plain = json.loads((tmp_path / "feeds" / f"{feed.digest}.json").read_text())
    assert plain == {
        "format": 1, "made": "2026-11-24", "revoked": None,
        "choices": {"length": "longest", "setting": "together", "voice": VOICES[1].id, "words": "all"}, "label": "",
    }  # fmt: skip
    assert feed.set_choices(VOICES) == replace(CHOSEN, reading=SPREAD)


def test_an_end_lasts_and_the_feed_is_still_known(store: FeedStore, tmp_path: Path) -> None:
    key, feed = store.make(CHOSEN, os.urandom, DAY)
    store.revoke(feed, LATER)
    again = FeedStore(tmp_path / "feeds").find(key)
    assert again is not None
    assert again.revoked == LATER
    assert store.revoke(again, date(2027, 1, 1)).revoked == LATER


def test_a_feed_is_named_by_its_first_letters_or_its_address(store: FeedStore) -> None:
    key, feed = store.make(CHOSEN, os.urandom, DAY)
    address = f"https://still.example.org/feeds/{key}/feed.xml"
    assert (
        store.named(feed.name) == store.named(feed.digest) == store.named(address) == store.named(key) == feed
    )
    for wrong in ("", "abc", "zzzz", address.replace(key, "A" * 43)):
        with pytest.raises(UnknownFeed):
            store.named(wrong)


def test_a_voice_that_is_gone_gives_way_to_the_default(store: FeedStore) -> None:
    _, feed = store.make(CHOSEN, os.urandom, DAY)
    chosen = feed.set_choices(VOICES[:1])
    assert (chosen.voice, chosen.length) == (VOICES[0].id, "longest")


def test_the_newest_come_first_and_the_ended_last(store: FeedStore) -> None:
    feeds = [store.make(CHOSEN, os.urandom, date(2026, 11, day))[1] for day in (1, 3, 2)]
    store.revoke(feeds[1], LATER)
    assert [feed.made.day for feed in store.all()] == [2, 1, 3]


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"made": "never", "revoked": null, "choices": {}}', "\x00"]
)
def test_a_file_that_cannot_be_read_opens_nothing_and_hides_no_other(
    store: FeedStore, tmp_path: Path, content: str
) -> None:
    key, feed = store.make(CHOSEN, os.urandom, DAY)
    _, other = store.make(CHOSEN, os.urandom, DAY)
    (tmp_path / "feeds" / f"{feed.digest}.json").write_text(content)
    assert store.find(key) is None
    assert store.all() == [other]


def test_a_folder_that_takes_nothing_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "feeds").write_text("a file where the folder should be")
    with pytest.raises(FeedNotKept, match=r"The data folder takes nothing \(.+\)\. Make room"):
        FeedStore(tmp_path / "feeds").make(CHOSEN, os.urandom, DAY)


def test_a_recorded_voice_is_in_no_feed(store: FeedStore) -> None:
    offers = (
        *(OfferedVoice(v.id, v.label, v.language) for v in VOICES),
        OfferedVoice(RECORDED, "Recorded voice", ""),
    )
    assert [offer.id for offer in feed_voices(offers)] == [voice.id for voice in VOICES]
    _, feed = store.make(parse_set(offers, {"voice": RECORDED}), os.urandom, DAY)
    assert feed.set_choices(feed_voices(offers)).voice == VOICES[0].id
