"""A card as one file of HTML: sound and words are inside, it asks nothing of anywhere, and is made while it is sent.

The page is written with a mark where each sound stands, and cut at the marks; the sound comes from the studio's file as
that grows, as text of base64. So nothing of it is held, and its size is known beforehand.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from audio.recipe import Recipe
from audio.studio.client import Studio
from audio.studio.order_queue import Asking
from exercises.model import Exercise
from server.installation import WEB

from .cards import Card

MODULES = ("player/stage/schedule.js", "card/card-file.js")
STYLE = "styles/card-file.css"
MARK = "@@sound@@"


@dataclass(frozen=True)
class FilePiece:
    """A piece in the file: its exercise, its timeline as a page has it, its sound, and its length in words."""

    exercise: Exercise
    timeline: dict[str, Any]
    recipe: Recipe
    key: str
    length: str


@dataclass(frozen=True)
class CardFile:
    """One card as a file. `render` fills a template and is called once, while the request is there."""

    card: Card
    pieces: tuple[FilePiece, ...]
    render: Callable[..., str]

    @cached_property
    def parts(self) -> list[bytes]:
        """The page, cut where a sound stands."""
        page = self.render(
            "pages/listening/card_file.html", card=self.card, pieces=self.pieces, mark=MARK,
            script=own_script(), style=(WEB / "static" / STYLE).read_text("utf-8"),
        )  # fmt: skip
        return [part.encode() for part in page.split(MARK)]

    def size(self, studio: Studio) -> int | None:
        """Bytes of the whole file; None where a sound's size is not known before it is made."""
        sounds = [studio.size(piece.recipe, piece.key) for piece in self.pieces]
        if None in sounds:
            return None
        return sum(map(len, self.parts)) + sum(4 * -(-size // 3) for size in sounds if size is not None)

    def stream(self, studio: Studio, asked: Asking) -> Iterator[bytes]:
        """The file, piece by piece."""
        parts = self.parts  # while the request is there
        return self._stream(parts, studio, asked)

    def _stream(self, parts: list[bytes], studio: Studio, asked: Asking) -> Iterator[bytes]:
        yield parts[0]
        for piece, after in zip(self.pieces, parts[1:], strict=True):
            yield from as_base64(_sound(studio, piece, asked))
            yield after


def own_script() -> str:
    """The modules of the file as one plain script: an inline module could import nothing."""
    texts = ((WEB / "static" / name).read_text("utf-8") for name in MODULES)
    lines = (line.removeprefix("export ") for text in texts for line in text.splitlines())
    return "\n".join(line for line in lines if not line.startswith("import "))


def as_base64(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Bytes as base64 text, whatever the sizes in which they come."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        whole = len(rest) - len(rest) % 3
        yield base64.b64encode(rest[:whole])
        rest = rest[whole:]
    yield base64.b64encode(rest)


def _sound(studio: Studio, piece: FilePiece, asked: Asking) -> Iterator[bytes]:
    with studio.held(studio.render(piece.recipe, piece.key, asked)) as render:
        render.wait_started()
        assert render.size is not None
        yield from render.read(render.open(), 0, render.size)
