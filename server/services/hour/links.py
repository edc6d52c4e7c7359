"""Lasting links: a couple's own addresses, by which its phones come into whichever room is open under a label.

    DATA/links/<digest of the key>.json   {"format": 1, "label": text, "seat": "circle", "square" or "either",
                                           "pair": id, "made": day, "revoked": day or null}

A key has 256 bits and is shown once; only its digest is kept. Both addresses of a couple are a pair and end together.
Nothing is kept of when one was used.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, cast

from server.rooms.core.types import Partner
from server.services.labels import clean_label, is_same_label
from server.services.records import Records
from server.services.tokens import RandomBytes, make_token, token_digest

FORMAT = 1
LinkSeat = Literal["circle", "square", "either"]
PAIRS: dict[str, tuple[LinkSeat, ...]] = {"two": ("circle", "square"), "one": ("either",)}
"""The addresses that are made: one for each phone, or one for both."""


@dataclass(frozen=True)
class Link:
    """One address. `made` and `revoked` are days; `pair` joins those that end together."""

    digest: str
    label: str
    seat: LinkSeat
    pair: str
    made: date
    revoked: date | None = None

    @property
    def wish(self) -> Partner | None:
        """The only seat that it leads to, or None where both will do."""
        return None if self.seat == "either" else self.seat


class LinkStore:
    """The links of one data folder. What cannot be written raises NotKept."""

    def __init__(self, folder: Path):
        self._records = Records(folder, "a link")

    def make(self, label: str, kind: str, random: RandomBytes, today: date) -> list[tuple[str, Link]]:
        """New addresses for a label: each with its key, which is known to nobody after this."""
        pair, made = random(8).hex(), []
        for seat in PAIRS[kind]:
            key = make_token(random)
            link = Link(token_digest(key), clean_label(label), seat, pair, today)
            self._write(link)
            made.append((key, link))
        return made

    def find(self, key: str) -> Link | None:
        """The link of a key, revoked or not."""
        return self._read(token_digest(key))

    def pairs(self) -> list[list[Link]]:
        """The links there are, those of a pair together, by label; revoked ones last."""
        found: dict[str, list[Link]] = {}
        for name in self._records.names():
            link = self._read(name)
            if link:
                found.setdefault(link.pair, []).append(link)
        pairs = [sorted(pair, key=lambda link: link.seat) for pair in found.values()]
        return sorted(pairs, key=lambda pair: (pair[0].revoked is not None, pair[0].label.casefold()))

    def has(self, label: str) -> bool:
        """Tell whether a label has addresses that open."""
        pairs = self.pairs()
        return any(is_same_label(link.label, label) and not link.revoked for pair in pairs for link in pair)

    def revoke(self, pair: str, today: date) -> bool:
        """End the addresses of a pair for good; False where there is none."""
        meant = [link for links in self.pairs() for link in links if link.pair == pair]
        for link in meant:
            if not link.revoked:
                self._write(replace(link, revoked=today))
        return bool(meant)

    def _write(self, link: Link) -> None:
        self._records.write(link.digest, {
            "format": FORMAT, "label": link.label, "seat": link.seat, "pair": link.pair,
            "made": link.made.isoformat(), "revoked": link.revoked.isoformat() if link.revoked else None,
        })  # fmt: skip

    def _read(self, digest: str) -> Link | None:
        plain = self._records.read(digest)
        try:
            return None if plain is None else _link(digest, plain)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._records.damaged(digest, error)
            return None


def _link(digest: str, plain: dict[str, Any]) -> Link:
    if plain["seat"] not in ("circle", "square", "either"):
        raise ValueError
    revoked = date.fromisoformat(plain["revoked"]) if plain["revoked"] else None
    seat = cast(LinkSeat, plain["seat"])
    made = date.fromisoformat(plain["made"])
    return Link(digest, clean_label(str(plain["label"])), seat, str(plain["pair"]), made, revoked)
