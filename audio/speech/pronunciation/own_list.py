"""A therapist's own list of pronunciations: words, and how they are to be said, kept in the data folder.

One small file of JSON, written whole or not at all, and read again when it has changed; so the service, which writes
it, and the process that speaks see the same. A file that cannot be read is passed over with a sentence, and the
project's own list goes on; the next word that is kept starts a new one and leaves the old file beside it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path

from audio.errors import PronunciationRefused, StoreError
from audio.files import write_whole
from exercises.languages import LANGUAGES
from exercises.text import one_line, unseen
from exercises.text.characters import is_our_letter

from .lexicon import Entry

log = logging.getLogger(__name__)

MOST = 200
MOST_WORD, MOST_SAY = 60, 80
FORMAT = 1
_SIGNS = frozenset(" -'")
"""Besides letters, marks and digits. What ends a sentence would make two of one line; markup is never spoken."""

DAMAGED = (
    "The list of pronunciations that was kept here cannot be read, so it is not used. "
    "The next word that you keep starts a new one; the old file stays beside it."
)


@dataclass(frozen=True)
class Pronunciation:
    """One entry: a language's code, a word or phrase as it is written, and as it is to be said."""

    language: str
    word: str
    say: str


def checked(language: str, word: str, say: str) -> Pronunciation:
    """An entry from what somebody typed; raises PronunciationRefused."""
    if language not in LANGUAGES:
        raise PronunciationRefused("Choose a language from the list.")
    word, say = _tidy(word, "Write the word or the phrase first.", MOST_WORD), checked_say(say)
    if word.casefold() == say.casefold():
        raise PronunciationRefused(
            "Both are the same. Write the word the way it sounds, such as “cloze” for “close”."
        )
    return Pronunciation(language, word, say)


def checked_say(say: str) -> str:
    """A pronunciation, from what somebody typed; raises PronunciationRefused."""
    return _tidy(say, "Write how it is to be said.", MOST_SAY)


def _tidy(typed: str, missing: str, most: int) -> str:
    """A word or a few, with one space between them; raises PronunciationRefused."""
    if any(unseen(typed)) or any(sign in typed.strip() for sign in "\t\n\r"):
        raise PronunciationRefused(
            "There is a character in it that can’t be seen. Type it again instead of pasting it."
        )
    text = "".join(map(_plain_letter, one_line(typed))).replace("’", "'")
    if not text:
        raise PronunciationRefused(missing)
    if len(text) > most:
        raise PronunciationRefused("That is too long. A word or a short phrase is enough.")
    if any(unicodedata.category(sign)[0] not in "LMN" and sign not in _SIGNS for sign in text):
        raise PronunciationRefused(
            "Write letters, spaces, hyphens and apostrophes. Other characters are not spoken."
        )
    if not any(map(str.isalnum, text)):
        raise PronunciationRefused("There is no letter in it. Write it the way it sounds.")
    if not all(is_our_letter(sign) for sign in text if sign.isalpha()):
        raise PronunciationRefused("Voices here read only Latin letters. Write it in those, as it sounds.")
    return text.strip(" '-")


def _plain_letter(sign: str) -> str:
    """A joined or styled letter as the plain ones that a voice is given for it; any other as it is."""
    return sign if is_our_letter(sign) or not sign.isalnum() else unicodedata.normalize("NFKC", sign)


class Pronunciations:
    """The list in one file. Any number of processes may read it; one writes."""

    def __init__(self, path: Path):
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._list: tuple[Pronunciation, ...] = ()
        self._damaged = False
        self._lock = threading.Lock()

    def all(self) -> tuple[Pronunciation, ...]:
        """Every entry, in the order of languages and then of words; none where the file cannot be read."""
        with self._lock:
            self._look()
            return self._list

    @property
    def damage(self) -> str:
        """One sentence where there is a file that cannot be read; else nothing."""
        self.all()
        return DAMAGED if self._damaged else ""

    def entries(self, language: str) -> tuple[Entry, ...]:
        """The entries of a language, given its code."""
        return tuple(Entry(one.word, one.say) for one in self.all() if one.language == language)

    def keep(self, one: Pronunciation) -> None:
        """Keep an entry in place of the one of the same word. Raises PronunciationRefused or StoreError."""
        others = [other for other in self.all() if not _same_word(other, one)]
        if len(others) >= MOST:
            raise PronunciationRefused("The list is full. Remove a word that is no longer needed.")
        if self._damaged:
            with contextlib.suppress(OSError):
                os.replace(self._path, self._path.with_suffix(".damaged"))
        self._write([*others, one])

    def remove(self, language: str, word: str) -> None:
        """Take an entry out; one that is not there is gone already. Raises StoreError."""
        gone = Pronunciation(language, word, "")
        left = [other for other in self.all() if not _same_word(other, gone)]
        if len(left) < len(self._list):
            self._write(left)

    def _write(self, entries: list[Pronunciation]) -> None:
        plain = {"format": FORMAT, "words": [asdict(one) for one in sorted(entries, key=_place)]}
        try:
            write_whole(self._path, json.dumps(plain, ensure_ascii=False, indent=1).encode() + b"\n")
        except OSError as error:
            raise StoreError(
                f"The word could not be kept ({error.strerror}). Free some room on the disk."
            ) from error

    def _look(self) -> None:
        """Read the file if it is another than before."""
        try:
            found = self._path.stat()
            seen = (found.st_ino, found.st_size, found.st_mtime_ns)
            if seen == self._seen:
                return
            self._list, self._damaged = _parsed(self._path.read_bytes()), False
        except FileNotFoundError:
            seen, self._list, self._damaged = None, (), False
        except (OSError, ValueError, KeyError, TypeError, AttributeError, PronunciationRefused):
            if not self._damaged:
                log.warning("the list of pronunciations cannot be read; the project's own goes on")
            seen, self._list, self._damaged = None, (), True
        self._seen = seen


def _parsed(content: bytes) -> tuple[Pronunciation, ...]:
    """The entries of a file, each held to the same rules as what is typed."""
    plain = json.loads(content)
    if plain["format"] != FORMAT or len(plain["words"]) > MOST:
        raise ValueError("another format")
    return tuple(checked(one["language"], one["word"], one["say"]) for one in plain["words"])


def _same_word(one: Pronunciation, other: Pronunciation) -> bool:
    return (one.language, one.word.casefold()) == (other.language, other.word.casefold())


def _place(one: Pronunciation) -> tuple[int, str]:
    return list(LANGUAGES).index(one.language), one.word.casefold()
