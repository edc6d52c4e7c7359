"""A therapist's drafts of scripts: whole on the disk before they are shown as saved.

    DATA/drafts/<32 hexadecimal digits>.json    {"format", "rev", "at", "history": [{language: text}], "published"}

The name of a file is random, and nothing of a draft goes anywhere else. `rev` counts what was done; who
asks for a change names the one that they saw, so that of two tabs the older changes nothing.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from audio.files import private_folder, write_whole
from exercises.languages import BASE, LANGUAGES
from server.services.tokens import RandomBytes

log = logging.getLogger(__name__)

FORMAT = 1
HISTORY = 50
MOST_DRAFTS = 200
MOST_BYTES = 24 * 1024
"""Of one text; our own longest script has a third of it."""
_NAME = re.compile(r"[0-9a-f]{32}")


class DraftRefused(Exception):
    """Refusal of something asked of a draft; the sentence says what to do. `code` is for the wire."""

    def __init__(self, code: str, sentence: str):
        super().__init__(sentence)
        self.code = code


def _stale() -> DraftRefused:
    return DraftRefused(
        "changed_elsewhere",
        "This draft was changed in another tab or on another device. What you have here is still on this page: "
        "keep it as another draft, or load the newer one.",
    )


@dataclass(frozen=True)
class Draft:
    """A draft: the texts by language as they are now, and as they were.

    rev        counts every change
    at         the place of the present texts in the history
    published  the id under which it was published last; empty if it is not
    """

    name: str
    rev: int
    at: int
    history: tuple[dict[str, str], ...]
    published: str = ""

    @property
    def texts(self) -> dict[str, str]:
        """The texts as they are now."""
        return self.history[self.at]

    @property
    def title(self) -> str:
        """The title as the text has it; empty where it has none yet."""
        found = re.search(r"^title:[ \t]*(.*)$", self.texts[BASE], re.MULTILINE)
        return found[1].strip().strip("\"'")[:60] if found else ""

    @property
    def can_undo(self) -> bool:
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        return self.at < len(self.history) - 1


class DraftStore:
    """The drafts of one data folder. Raises OSError where the disk takes nothing."""

    def __init__(self, folder: Path, random: RandomBytes):
        self._folder, self._random = folder, random
        self._changing = threading.Lock()

    def make(self, texts: dict[str, str]) -> Draft:
        """A new draft; raises DraftRefused where there are too many, or where it is too large."""
        check_texts(texts)
        with self._changing:
            if len(list(self._paths())) >= MOST_DRAFTS:
                raise DraftRefused(
                    "too_many_drafts", f"There are {MOST_DRAFTS} drafts, which is the most. Delete one first."
                )
            return self._write(Draft(self._random(16).hex(), 1, 0, (texts,)))

    def find(self, name: str) -> Draft | None:
        """The draft of a name; None where there is none, or where its file cannot be read."""
        if not _NAME.fullmatch(name):
            return None
        try:
            return _draft(name, json.loads((self._folder / f"{name}.json").read_bytes()))
        except FileNotFoundError:
            return None
        except (
            OSError,
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            IndexError,
            RecursionError,
        ) as error:
            log.warning("a draft cannot be read (%s)", type(error).__name__)
            return None

    def all(self) -> list[Draft]:
        """Every draft, the one that was changed last first."""
        paths = sorted(self._paths(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        return [draft for path in paths if (draft := self.find(path.stem))]

    def save(self, name: str, rev: int, texts: dict[str, str]) -> Draft:
        """Keep new texts, from the change on that whoever wrote them had seen; raises DraftRefused.

        The same texts once more change nothing, so that a save whose answer was lost can be sent again.
        """
        check_texts(texts)
        with self._changing:
            draft = self._known(name)
            if draft.texts == texts:
                return draft
            if draft.rev != rev:
                raise _stale()
            history = (*draft.history[: draft.at + 1], texts)[-HISTORY:]
            return self._write(replace(draft, rev=rev + 1, at=len(history) - 1, history=history))

    def step(self, name: str, rev: int, by: int) -> Draft:
        """Undo (-1) or do again (1); raises DraftRefused."""
        with self._changing:
            draft = self._known(name)
            if draft.rev != rev:
                raise _stale()
            at = min(max(draft.at + by, 0), len(draft.history) - 1)
            return self._write(replace(draft, rev=rev + 1, at=at))

    def mark_published(self, name: str, exercise_id: str) -> Draft:
        """Remember under which id a draft is published; an empty one says that it no longer is."""
        with self._changing:
            return self._write(replace(self._known(name), published=exercise_id))

    def delete(self, name: str) -> None:
        """Delete a draft. What was published of it stays."""
        if _NAME.fullmatch(name):
            (self._folder / f"{name}.json").unlink(missing_ok=True)

    def _known(self, name: str) -> Draft:
        draft = self.find(name)
        if draft is None:
            raise DraftRefused("no_such_draft", "There is no such draft any more. It may have been deleted.")
        return draft

    def _paths(self) -> Iterator[Path]:
        return (path for path in self._folder.glob("*.json") if _NAME.fullmatch(path.stem))

    def _write(self, draft: Draft) -> Draft:
        private_folder(self._folder)
        plain = {"format": FORMAT, **{key: value for key, value in asdict(draft).items() if key != "name"}}
        write_whole(self._folder / f"{draft.name}.json", json.dumps(plain).encode())
        return draft


def check_texts(texts: dict[str, str]) -> None:
    """Raise DraftRefused for what no draft can be."""
    if BASE not in texts or not set(texts) <= set(LANGUAGES):
        raise DraftRefused("bad_draft", "A draft has an English text, and may have a Spanish one beside it.")
    for text in texts.values():
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise DraftRefused("bad_draft", "There is a character in it that can’t be read. Type it again.")
        if len(text.encode()) > MOST_BYTES:
            raise DraftRefused(
                "too_large",
                f"A script has {MOST_BYTES // 1024} kB at the most. Shorten it, or split it in two.",
            )


def _draft(name: str, plain: dict) -> Draft:
    history = tuple({str(code): str(text) for code, text in texts.items()} for texts in plain["history"])
    draft = Draft(name, int(plain["rev"]), int(plain["at"]), history, str(plain["published"]))
    check_texts(draft.texts)
    return draft
