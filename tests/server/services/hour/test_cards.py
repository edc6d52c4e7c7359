"""The cards of a data folder: what is kept of them, and what is left when they are over."""

from __future__ import annotations

import json
import os
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest

from server.services.hour.cards import CardStore
from server.services.hour.pieces import Piece

DAY = date(2026, 11, 24)
PIECES = (Piece("halfway", "420", watch="her hands", act="wait"), Piece("doorway"))


@pytest.fixture
def store(tmp_path: Path) -> CardStore:
    return CardStore(tmp_path / "cards")


def kept(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "cards").glob("*.json"))


def test_a_key_opens_its_card_and_no_other_does(store: CardStore) -> None:
    key, card = store.make(PIECES, os.urandom, DAY, "Go slow.", "blue door")
    assert store.find(key, DAY) == card
    for wrong in ("", key[:-1], key + "A", card.digest, f"../{card.digest}"):
        assert store.find(wrong, DAY) is None


def test_the_key_and_her_notes_are_kept_nowhere_and_the_file_is_hers_alone(
    store: CardStore, tmp_path: Path
) -> None:
    key, _ = store.make(PIECES, os.urandom, DAY, "Go slow.")
    (path,) = kept(tmp_path)
    text = path.read_text()
    assert len(key) == 43
    assert key not in text
    assert "her hands" not in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_ended_card_has_lost_its_words_and_stays_over(store: CardStore, tmp_path: Path) -> None:
    key, card = store.make(PIECES, os.urandom, DAY, "Go slow.")
    store.end(card, DAY)
    found = store.find(key, DAY)
    assert found is not None
    assert found.is_over(DAY)
    text = kept(tmp_path)[0].read_text()
    assert "slow" not in text
    assert "halfway" not in text
    assert store.end(found, DAY + timedelta(days=3)).ended == DAY


def test_a_card_opens_through_its_last_day_and_then_loses_its_words_by_itself(
    store: CardStore, tmp_path: Path
) -> None:
    key, _ = store.make(PIECES, os.urandom, DAY, "Go slow.", expires=DAY + timedelta(days=1))
    last = store.find(key, DAY + timedelta(days=1))
    assert last is not None
    assert not last.is_over(DAY + timedelta(days=1))
    assert [card.is_over(DAY + timedelta(days=2)) for card in store.all(DAY + timedelta(days=2))] == [True]
    assert "slow" not in kept(tmp_path)[0].read_text()


def test_a_damaged_file_costs_that_card_alone(store: CardStore, tmp_path: Path) -> None:
    _, card = store.make(PIECES, os.urandom, DAY)
    for plain in ("[]", "{", '{"made": 3}', json.dumps({"pieces": [{"exercise": 4}]})):
        (tmp_path / "cards" / f"{'a' * 64}.json").write_text(plain)
        assert store.all(DAY) == [card]
    store.forget(card)
    store.forget(card)
    assert store.all(DAY) == []


def test_a_piece_whose_choice_is_gone_is_as_the_exercise_has_it() -> None:
    from audio.speech.engines import voice_list
    from exercises.library import load_library

    exercise, voices = load_library().get("doorway"), voice_list()
    chosen = Piece("doorway", length="1", voice="nobody", setting="earbuds").choices(exercise, voices)
    assert (chosen.length, chosen.voice, chosen.setting) == (
        exercise.usual_length_s, voices[0].id, "earbuds",
    )  # fmt: skip
