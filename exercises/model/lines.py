"""A line of a script: what is said in one step, to whom, in which wordings.

A text is one wording for everybody, several of equal worth, or a mapping by state or by turn whose values are
such. The types mirror the YAML, so their JSON Schema is the script's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)

from exercises.languages import BASE
from exercises.text import as_print

State = Literal["guarded", "heavy", "plain", "shared"]
STATES: tuple[State, ...] = ("guarded", "heavy", "plain", "shared")

Turn = Literal["first", "second", "shared"]
TURNS: tuple[Turn, ...] = ("first", "second", "shared")

MIN_WORDINGS, MAX_WORDINGS = 3, 5

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


def _several(value: Any) -> Any:
    """Refuse a list that is not three to five different wordings, in a sentence for whoever wrote it."""
    if not isinstance(value, (list, tuple)):
        return value
    if len(value) == 1:
        raise ValueError("one wording stands without a list; write it after the colon, between quotes")
    if not MIN_WORDINGS <= len(value) <= MAX_WORDINGS:
        raise ValueError(
            f"a list here holds three to five wordings, and this one has {len(value)}; "
            f"{'write three' if len(value) < MIN_WORDINGS else 'keep the best five'}, or one without a list"
        )
    known = [" ".join(str(words).split()) for words in value]
    twice = next((words for words in known if known.count(words) > 1), None)
    if twice is not None:
        raise ValueError(f'the wording "{twice}" stands twice in this list; write another in its place')
    return value


Wordings = Annotated[
    tuple[Words, ...], BeforeValidator(_several), Field(min_length=MIN_WORDINGS, max_length=MAX_WORDINGS)
]
"""Three to five wordings of equal worth, of which one reading has one (see variety.py)."""


@dataclass(frozen=True)
class Listener:
    """The listener that a track is for. A loudspeaker that both hear has the turn and the state `shared`.

    `language` matters only where a timeline was planned in several.
    """

    turn: Turn = "shared"
    state: State = "shared"
    language: str = BASE


LOUDSPEAKER = Listener()


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _shape(value: Any) -> str:
    if isinstance(value, dict):
        return "by_turn" if {"first", "second"} & set(value) else "by_state"
    if isinstance(value, (list, tuple)):
        return "wordings"
    return "by_state" if isinstance(value, ByState) else "by_turn" if isinstance(value, ByTurn) else "words"


Said = Annotated[Annotated[Words, Tag("words")] | Annotated[Wordings, Tag("wordings")], Discriminator(_shape)]
"""The words that one person hears as one line."""


class ByState(Strict):
    """One line for four people, by how a person is today; `shared` is what a loudspeaker says."""

    guarded: Said
    heavy: Said
    plain: Said
    shared: Said


class ByTurn(Strict):
    """One line by whose turn it is; each side may itself be worded by state."""

    first: StateText
    second: StateText
    shared: StateText


StateText = Annotated[
    Annotated[Words, Tag("words")]
    | Annotated[Wordings, Tag("wordings")]
    | Annotated[ByState, Tag("by_state")],
    Discriminator(_shape),
]
Text = Annotated[
    Annotated[Words, Tag("words")]
    | Annotated[Wordings, Tag("wordings")]
    | Annotated[ByState, Tag("by_state")]
    | Annotated[ByTurn, Tag("by_turn")],
    Discriminator(_shape),
]
ByTurn.model_rebuild()


@dataclass(frozen=True)
class InLanguages:
    """One text in several languages, by their codes; the first is the one that stands in for all others.

    Scripts never hold this: it is made where one timeline serves listeners of more than one language.
    """

    texts: tuple[tuple[str, Text], ...]

    def of(self, language: str) -> Text:
        """The text in a language."""
        return dict(self.texts).get(language, self.texts[0][1])


AnyText = Text | InLanguages


def in_languages(text: AnyText, language: str) -> tuple[tuple[str, Text], ...]:
    """A text by its languages; one that is in no more than one is in `language`."""
    return text.texts if isinstance(text, InLanguages) else ((language, text),)


def words_for(text: AnyText, listener: Listener) -> str:
    """The wording of `text` that `listener` gets; the first of several where none was chosen."""
    if isinstance(text, InLanguages):
        text = text.of(listener.language)
    side: str | tuple[str, ...] | ByState = getattr(text, listener.turn) if isinstance(text, ByTurn) else text
    said = getattr(side, listener.state) if isinstance(side, ByState) else side
    return said[0] if isinstance(said, tuple) else said


def shown_for(text: AnyText, listener: Listener) -> str:
    """The wording of `text` that `listener` reads, on a screen or in captions."""
    return as_print(words_for(text, listener))


def wordings(text: AnyText) -> list[str]:
    """Every distinct wording of `text` for everybody, in every reading and language, in a fixed order."""
    return list(dict.fromkeys(_all_wordings(text)))


def _all_wordings(text: AnyText) -> Iterator[str]:
    match text:
        case InLanguages():
            for _, each in text.texts:
                yield from _all_wordings(each)
        case ByTurn() | ByState():
            for key in type(text).model_fields:
                yield from _all_wordings(getattr(text, key))
        case tuple():
            yield from text
        case _:
            yield text


def sides(text: Any) -> Iterator[Any]:
    """The words that each kind of listener hears of a text."""
    if isinstance(text, (ByTurn, ByState)):
        for key in type(text).model_fields:
            yield from sides(getattr(text, key))
    else:
        yield text
