"""The one question that is open: opening it afresh, and closing it."""

from __future__ import annotations

from .state import Ask
from .transition import Work
from .types import AskKind


def open_ask(work: Work, kind: AskKind, cue: int | None = None) -> None:
    """Open a question in place of whatever was open; older answers count for nothing."""
    number = work.state.asked + 1
    work.set(asked=number, ask=Ask(number, kind, cue))
    work.set_partners(answer=None)


def close_ask(work: Work) -> None:
    """Close the open question and forget its answers."""
    work.set(ask=None)
    work.set_partners(answer=None)
