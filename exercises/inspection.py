"""A script while it is being written: what its checks say, and its timeline at each length.

Pure, and as plain values, so that it can be worked out in another process than the one that is asked.
"""

from __future__ import annotations

from typing import Any

from exercises.loading.loader import parse_source
from exercises.loading.playable import playable
from exercises.loading.source import Source

from .errors import ChoiceError, Problem, ScriptError
from .languages import BASE
from .lint import lint
from .model import Exercise, Listener, words_for
from .review import digest
from .timeline import Timeline, plan, seconds
from .translations import unlike

LISTENERS = {
    "phone": Listener(),
    "circle": Listener("first", "guarded"),
    "square": Listener("second", "heavy"),
}
"""Those for whom a draft is heard: one loudspeaker, and two phones whose people are in different states."""
NOT_MEANT = {"wrong-circle": Listener("second", "heavy"), "wrong-square": Listener("first", "guarded")}
"""The words that a partner was not meant to hear: the other turn, in the other state."""


def inspect(texts: dict[str, str]) -> dict[str, Any]:
    """Findings on a draft: `problems` by line, `timelines` by length, the id and title where they can be read.

    `words` is the digest that a mark of review is set on, `reviewed` the mark where it is one of these words; both by
    language.

    texts  the script by language: the first language, and translations of it
    """
    found: dict[str, Exercise] = {}
    problems: list[tuple[str, Problem]] = []
    sources: dict[str, Source] = {}
    for language, text in texts.items():
        exercise, source, told = _read(text, language)
        problems += [(language, problem) for problem in told]
        if exercise and source:
            found[language], sources[language] = exercise, source
    original = found.get(BASE)
    for language, exercise in found.items():
        if language != BASE and original:
            problems += [(language, one) for one in unlike(original, exercise, sources[language])]
    return {
        "id": original.id if original else "",
        "title": original.title if original else "",
        "may_play": original is not None and not any(problem.is_error for _, problem in problems),
        "problems": [
            {"language": code, "line": one.line, "message": one.message, "severity": one.severity}
            for code, one in problems
        ],
        "words": {code: digest(sources[code].value) for code in found},
        "reviewed": {code: each.reviewed.model_dump() for code, each in found.items() if each.reviewed},
        "timelines": _timelines(original, found, sources[BASE]) if original else [],
    }


def heard_line(texts: dict[str, str], language: str, cue: int, listener: str) -> tuple[str, float, float]:
    """The words of a cue for a listener, words a minute, and seconds between sentences.

    Raises ScriptError for a draft that could hurt somebody, ChoiceError for a cue that says nothing.
    """
    exercise = playable(texts[BASE], "script.yaml")
    translated = [playable(text, "script.yaml") for code, text in texts.items() if code != BASE]
    for_whom = {**LISTENERS, **NOT_MEANT}.get(listener)
    spoken = {one.language: plan(one) for one in (exercise, *translated)}.get(language)
    if for_whom is None or spoken is None or not 0 <= cue < len(spoken.cues):
        raise ChoiceError("There is no such line. Load the page again.")
    text = spoken.cues[cue].text
    if text is None:
        raise ChoiceError("Nothing is said there. Choose a line.")
    return words_for(text, for_whom), spoken.rate_wpm, spoken.line_gap_s


def _read(text: str, language: str) -> tuple[Exercise | None, Source | None, list[Problem]]:
    try:
        exercise, source, problems = parse_source(text, "script.yaml")
    except ScriptError as error:
        return None, None, error.problems
    if exercise is None:
        return None, source, problems
    if exercise.language != language:
        message = f'this is the script in "{language}"; write `language: {language}`'
        problems = [*problems, Problem(source.file, source.line_of(("language",)), message)]
    return exercise, source, sorted({*problems, *lint(exercise, source)})


def _timelines(original: Exercise, found: dict[str, Exercise], source: Source) -> list[dict[str, Any]]:
    laid_out = []
    for length in original.lengths:
        try:
            laid_out.append({"length": length, **_plain(plan(original, length), original, source)})
        except ChoiceError:  # told among the problems
            continue
    return laid_out


def _plain(timeline: Timeline, exercise: Exercise, source: Source) -> dict[str, Any]:
    spoken = iter(
        source.line_of(("steps", i))
        for i, step in enumerate(exercise.steps)
        if any(hasattr(step, name) for name in ("say", "gaze", "reach", "touch", "choice"))
    )
    cues = []
    for number, cue in enumerate(timeline.cues):
        plain: dict[str, Any] = {
            "kind": cue.kind, "start": seconds(cue.start), "end": seconds(cue.end), "part": cue.part,
        }  # fmt: skip
        if cue.kind == "line":
            plain |= {
                "number": number,
                "line": next(spoken, 0),
                "words": words_for(cue.text or "", Listener()),
            }
        cues.append(plain)
    return {
        "duration": seconds(timeline.length),
        "parts": [{"name": p.name, "start": seconds(p.start), "end": seconds(p.end)} for p in timeline.parts],
        "cues": cues,
    }
