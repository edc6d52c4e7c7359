"""A therapist's own list: what may stand in it, how it is kept, and what a damaged file does."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from audio.data_folder import DataFolder
from audio.errors import PronunciationRefused, StoreError
from audio.speech.pronunciation import own_list
from audio.speech.pronunciation.own_list import (
    MOST,
    MOST_SAY,
    MOST_WORD,
    Pronunciation,
    Pronunciations,
    checked,
)


@pytest.fixture
def kept(tmp_path: Path) -> Pronunciations:
    return Pronunciations(DataFolder(tmp_path).pronunciations)


def test_what_was_typed_is_tidied() -> None:
    assert checked("en", "  close   it ", "cloze  it") == Pronunciation("en", "close it", "cloze it")
    assert checked("en", "don’t", "doant").word == "don't"
    assert checked("en", "co‑star", "koh‐star") == Pronunciation("en", "co-star", "koh-star")
    assert checked("en", "it`s", "ｉtz") == Pronunciation("en", "it's", "itz")
    assert checked("en", "ﬁnd", "fynd").word == "find"
    assert checked("en", "’tis", "tiz").word == "tis"  # as engines are given it
    assert checked("es", "mu\u0301sica", "musica").word == "música"


@pytest.mark.parametrize(
    ("word", "say", "told"),
    [
        ("", "x", "Write the word"),
        ("   ", "x", "Write the word"),
        ("close", "", "Write how"),
        ("x" * (MOST_WORD + 1), "y", "too long"),
        ("close", "y" * (MOST_SAY + 1), "too long"),
        ("clo\u0000se", "y", "can’t be seen"),
        ("clo\u200bse", "y", "can’t be seen"),
        ("close\u202e", "y", "can’t be seen"),
        ("close\nit", "y", "can’t be seen"),
        ("close", "clo\tze", "can’t be seen"),
        ("<b>close</b>", "y", "Other characters"),
        ("close", "[[klˈəʊz]]", "Other characters"),
        ("close", "cloze. Now", "Other characters"),
        ("close", "/kloz/", "Other characters"),
        ("close", "{cloze}", "Other characters"),
        ("🙂", "smile", "Other characters"),
        ("close", "½", "Other characters"),
        ("close", "клоуз", "Latin letters"),
        ("ουζο", "oozo", "Latin letters"),
        ("-", "'", "no letter"),
        ("close", "Close", "the same"),
    ],
)
def test_what_cannot_be_said_is_refused_with_one_sentence(word: str, say: str, told: str) -> None:
    with pytest.raises(PronunciationRefused, match=told):
        checked("en", word, say)


def test_a_language_that_nobody_speaks_here_is_refused() -> None:
    with pytest.raises(PronunciationRefused, match="language"):
        checked("fr", "un", "eun")


def test_a_word_is_kept_replaced_and_removed(kept: Pronunciations) -> None:
    kept.keep(checked("en", "tea", "tee"))
    kept.keep(checked("es", "té", "te"))
    kept.keep(checked("en", "Tea", "tay"))
    assert kept.all() == (Pronunciation("en", "Tea", "tay"), Pronunciation("es", "té", "te"))
    assert [entry.say for entry in kept.entries("en")] == ["tay"]
    kept.remove("en", "TEA")
    kept.remove("en", "tea")
    assert kept.all() == (Pronunciation("es", "té", "te"),)


def test_another_process_sees_what_was_kept(kept: Pronunciations, tmp_path: Path) -> None:
    other = Pronunciations(DataFolder(tmp_path).pronunciations)
    assert other.all() == ()
    kept.keep(checked("en", "tea", "tee"))
    assert other.all() == (Pronunciation("en", "tea", "tee"),)
    kept.remove("en", "tea")
    assert other.all() == ()


def test_a_full_list_says_so_and_a_word_in_it_can_still_be_changed(kept: Pronunciations) -> None:
    words = [{"language": "en", "word": f"word{n}", "say": f"wurd{n}"} for n in range(MOST)]
    (kept._path).write_text(json.dumps({"format": 1, "words": words}))
    with pytest.raises(PronunciationRefused, match="full"):
        kept.keep(checked("en", "tea", "tee"))
    kept.keep(checked("en", "word7", "seven"))
    assert len(kept.all()) == MOST


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff",
        b"[]",
        b'{"format": 2, "words": []}',
        b'{"format": 1, "words": [{"language": "en", "word": "tea"}]}',
        b'{"format": 1, "words": [{"language": "en", "word": "tea", "say": "<b>"}]}',
        b'{"format": 1, "words": [["en", "tea", "tee"]]}',
        b'{"format": 1, "words": [{"language": "en", "word": 7, "say": "tee"}]}',
    ],
)
def test_a_damaged_file_is_passed_over_with_one_sentence(
    kept: Pronunciations, tmp_path: Path, content: bytes
) -> None:
    DataFolder(tmp_path).pronunciations.write_bytes(content)
    assert kept.all() == ()
    assert "cannot be read" in kept.damage
    kept.keep(checked("en", "tea", "tee"))
    assert kept.damage == ""
    assert len(kept.all()) == 1
    assert DataFolder(tmp_path).pronunciations.with_suffix(".damaged").read_bytes() == content


def test_a_list_that_is_not_there_is_no_damage(kept: Pronunciations) -> None:
    assert kept.all() == ()
    assert kept.damage == ""


def test_a_disk_that_takes_nothing_leaves_the_list_as_it_was(
    kept: Pronunciations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.keep(checked("en", "tea", "tee"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(own_list, "write_whole", full)
    with pytest.raises(StoreError, match="could not be kept"):
        kept.keep(checked("en", "cup", "cupp"))
    assert kept.all() == (Pronunciation("en", "tea", "tee"),)


def test_nothing_half_written_is_left_beside_it(kept: Pronunciations, tmp_path: Path) -> None:
    kept.keep(checked("en", "tea", "tee"))
    assert os.listdir(tmp_path) == ["pronunciations.json"]
