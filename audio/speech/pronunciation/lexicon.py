"""The pronunciation list: what an engine reads instead of a word that it says badly. Captions never see it.

Two lists are read as one. A therapist's own (`pronunciations`) comes first, for every engine of its language; then
lexicon.yaml, which the project brings, by language and then by voice, engine, or "all". An entry may ask for what
stands right before or after its word, since many a word is said in one of two ways. What one entry has changed no
other looks at again.
"""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from audio.speech.engines import Voice
from exercises.languages import BASE, LANGUAGES
from exercises.text import utterances

LIST = Path(__file__).parent / "lexicon.yaml"

_NO_WORD_BEFORE, _NO_WORD_BEHIND = r"(?<!\w)(?<!\w')", r"(?!\w|'\w)"
"""The edges of a whole word, of which an apostrophe within it is a part."""

Listed = Mapping[str, Mapping[str, Iterable[Mapping[str, str]]]]


@dataclass(frozen=True)
class Entry:
    """A word or a phrase, how it is written for an engine, and patterns of what stands around it ("" is anything)."""

    word: str
    say: str
    after: str = ""
    not_after: str = ""
    before: str = ""

    def places(self, sentence: str) -> Iterator[tuple[int, int]]:
        """The places in a sentence where it fits: start and end of each."""
        sentence = sentence.replace("’", "'")
        for found in _whole(self.word).finditer(sentence):
            if self._fits(sentence[: found.start()], sentence[found.end() :]):
                yield found.span()

    def _fits(self, before: str, after: str) -> bool:
        return (
            (not self.after or bool(_ending(self.after).search(before)))
            and (not self.not_after or not _ending(self.not_after).search(before))
            and (not self.before or bool(_beginning(self.before).match(after)))
        )


@functools.lru_cache(maxsize=1024)
def _whole(word: str) -> re.Pattern[str]:
    """A word or phrase as it may stand in a text: whole, in any case."""
    plain = r"\s+".join(map(re.escape, word.replace("’", "'").split()))
    return re.compile(rf"{_NO_WORD_BEFORE}{plain}{_NO_WORD_BEHIND}", re.IGNORECASE)


@functools.lru_cache(maxsize=256)
def _ending(pattern: str) -> re.Pattern[str]:
    """A pattern for text that ends in whole words that fit, with nothing but a space or an opening mark behind them."""
    return re.compile(rf"{_NO_WORD_BEFORE}(?:{pattern})[\s\"“”‘(¿¡]*$", re.IGNORECASE)


@functools.lru_cache(maxsize=256)
def _beginning(pattern: str) -> re.Pattern[str]:
    """A pattern for text that begins with whole words that fit."""
    return re.compile(rf"\s+(?:{pattern}){_NO_WORD_BEHIND}", re.IGNORECASE)


OwnEntries = Callable[[str], Sequence[Entry]]
"""A therapist's entries in a language, given its code."""


def _nothing(language: str) -> Sequence[Entry]:
    return ()


_own: OwnEntries = _nothing


def use_own(entries: OwnEntries) -> None:
    """Say whose own list is read before the project's; each process that makes lines says so once, at its start."""
    global _own
    _own = entries


@functools.cache
def project_list() -> Listed:
    """The list as it is kept with the project."""
    return yaml.safe_load(unicodedata.normalize("NFC", LIST.read_text("utf-8")))


def entries_for(voice: Voice, listed: Listed) -> list[Entry]:
    """The entries of the project's list that a voice needs, the nearest first."""
    by_name = listed.get(voice.language.split("-")[0], {})
    names = (voice.id, voice.engine.rpartition(".")[2], "all")
    return [Entry(**plain) for name in names for plain in by_name.get(name, ())]


def respelled(sentence: str, voice: Voice, listed: Listed | None = None) -> str:
    """The text that the engine of `voice` reads for one sentence; a capital stays one."""
    mine = sorted(_own(voice.language.split("-")[0]), key=lambda entry: -len(entry.word))
    entries = [*mine, *entries_for(voice, project_list() if listed is None else listed)]
    changes: list[tuple[int, int, str]] = []
    for entry in entries:
        for start, end in entry.places(sentence):
            if all(end <= other or start >= until for other, until, _ in changes):
                changes.append((start, end, entry.say))
    for start, end, say in sorted(changes, reverse=True):
        capital = sentence[start].isupper() and say[:1].islower()
        sentence = sentence[:start] + (say[0].upper() + say[1:] if capital else say) + sentence[end:]
    return sentence


def own_entries_in(texts: Iterable[str], language: str) -> tuple[Entry, ...]:
    """The therapist's entries that change any of these texts: a file that is made from them depends on no others."""
    mine = _own(language)
    whole = "\n".join(texts) if mine else ""
    return tuple(entry for entry in mine if any(entry.places(whole)))


@functools.cache
def list_digest() -> str:
    """A name for the project's list as it is."""
    return hashlib.sha256(LIST.read_bytes()).hexdigest()


def script_language(voice: Voice) -> str:
    """The language of scripts that a voice speaks, for its signs and the ends of its sentences."""
    language = voice.language.split("-")[0]
    return language if language in LANGUAGES else BASE


def said(text: str, voice: Voice) -> tuple[str, ...]:
    """The text that the engine of `voice` reads for a line, sentence by sentence; an empty one is a pause."""
    return tuple(
        respelled(words, voice) if words else "" for words in utterances(text, script_language(voice))
    )
