"""One step of a room in the making: the state so far, the effects so far, and the time.

Handlers take a Work and change it; only when all went well does its state become the room's.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeVar

from .effects import Effect, Send
from .protocol import sentences
from .protocol.errors import Refused
from .protocol.messages import Told
from .state import KNOWN, Phone, State
from .transport import Course
from .types import PARTNERS, Seat

T = TypeVar("T", State, Phone)


_WAY = {
    "forks": frozenset({"score", "agreed", "lower_from"}),
    "effective": frozenset({"score", "agreed", "lower_from", "course"}),
}
"""The fields that each value worked out of State depends on."""
_DERIVED = {
    kind: (KNOWN, *(name for name, value in vars(kind).items() if isinstance(value, cached_property)))
    for kind in (State, Phone)
}


def changed(value: T, changes: dict[str, Any]) -> T:
    """The value with other fields, as `dataclasses.replace` gives it, at a fraction of its price.

    A step of a room does this a dozen times. What was worked out of the old value (cached properties) is left behind,
    save the way of the course, which is dear and follows from few fields.
    """
    kind, old = type(value), value.__dict__
    new = object.__new__(kind)
    own = new.__dict__
    own.update(old)
    for name in _DERIVED[kind]:
        if name in own and not (name in _WAY and _WAY[name].isdisjoint(changes)):
            del own[name]
    own.update(changes)
    return new


def refused(code: str) -> Refused:
    """The refusal of this code, with its sentence."""
    return Refused(code, sentences.REFUSALS[code])


class Work:
    """The state as it becomes, and what is to be done."""

    def __init__(self, state: State, now: float):
        self.state = state
        self.now = now
        self.effects: list[Effect] = []

    def set(self, **changes: Any) -> None:
        """Change fields of the state."""
        self.state = changed(self.state, changes)

    def set_phone(self, seat: Seat, **changes: Any) -> None:
        """Change fields of one phone."""
        phones = {**self.state.phones, seat: changed(self.state.phones[seat], changes)}
        self.state = changed(self.state, {"phones": phones})

    def set_partners(self, **changes: Any) -> None:
        """Change fields of both partners' phones."""
        for seat in PARTNERS:
            self.set_phone(seat, **changes)

    def phone(self, seat: Seat) -> Phone:
        """The phone of a seat."""
        return self.state.phones[seat]

    def do(self, effect: Effect) -> None:
        """Add an effect."""
        self.effects.append(effect)

    def send(self, seat: Seat, message: Told) -> None:
        """Tell something to a seat that listens; the others lose nothing by it."""
        if self.phone(seat).greeted:
            self.effects.append(Send(seat, message))

    @property
    def course(self) -> Course:
        """The way from here, leaps included: what every change of course starts from."""
        return self.state.effective.since(self.now)

    def need(self, condition: object, code: str) -> None:
        """Refuse with `code` unless the condition holds."""
        if not condition:
            raise refused(code)

    def need_under_way(self) -> None:
        """Refuse before the start and after the end."""
        self.need(self.state.stage == "under_way" and self.state.score, "not_started")
