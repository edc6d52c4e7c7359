"""Plans of a session: two or three pieces in an order with a therapist's own notes, under a label of her own.

    DATA/plans/<id>.json   {"format": 1, "label": text, "pieces": [{"exercise", "length", "voice", "watch", "act"}]}

A plan stays until she removes it. Nothing is kept of when it was used.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.services.labels import clean_label
from server.services.records import Records
from server.services.tokens import RandomBytes

from .pieces import Piece, pieces_in, plain_pieces

FORMAT = 1
MOST_PLANS = 500


@dataclass(frozen=True)
class Plan:
    """One plan. `id` is 16 hex digits by chance."""

    id: str
    label: str
    pieces: tuple[Piece, ...]

    @property
    def name(self) -> str:
        """Short name that its maker calls it by."""
        return self.label or self.id[:4]


class TooManyPlans(Exception):
    """As many plans are kept as fit; one has to go first."""


class PlanStore:
    """The plans of one data folder. What cannot be written raises NotKept."""

    def __init__(self, folder: Path):
        self._records = Records(folder, "a plan")

    def make(self, label: str, pieces: Iterable[Piece], random: RandomBytes) -> Plan:
        """A new plan. Raises TooManyPlans."""
        if len(self._records.names()) >= MOST_PLANS:
            raise TooManyPlans
        return self.keep(random(8).hex(), label, pieces)

    def keep(self, plan_id: str, label: str, pieces: Iterable[Piece]) -> Plan:
        """Keep a plan in place of the one of this id."""
        plan = Plan(plan_id, clean_label(label), tuple(pieces))
        plain = {"format": FORMAT, "label": plan.label, "pieces": plain_pieces(plan.pieces)}
        self._records.write(plan.id, plain)
        return plan

    def find(self, plan_id: str) -> Plan | None:
        """The plan of an id."""
        plain = self._records.read(plan_id)
        try:
            return None if plain is None else _plan(plan_id, plain)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._records.damaged(plan_id, error)
            return None

    def all(self) -> list[Plan]:
        """Every plan, by its label."""
        found = [plan for name in self._records.names() if (plan := self.find(name))]
        return sorted(found, key=lambda plan: (plan.label.casefold(), plan.id))

    def remove(self, plan: Plan) -> None:
        """Take a plan away."""
        self._records.remove(plan.id)


def _plan(plan_id: str, plain: dict[str, Any]) -> Plan:
    return Plan(plan_id, clean_label(str(plain["label"])), pieces_in(plain["pieces"]))
