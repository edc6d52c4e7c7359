"""Two phones in two languages: each gets its own words and its own voice, and nothing of the timing differs."""

from __future__ import annotations

from exercises.library import load_library
from exercises.model import spoken_texts, wordings
from server.rooms.core import effects
from server.rooms.core.protocol import commands
from server.rooms.core.protocol.messages import CuePicture, GuideMessage, PlanMessage
from server.rooms.core.state import CLOSE_S
from server.rooms.core.types import PARTNERS
from tests.support.room_world import World

EXERCISE = "side-by-side"
SPANISH = load_library().get(EXERCISE, "es")


def two_languages(**settings: object) -> World:
    """A room whose circle reads English and whose square reads Spanish."""
    world = World(EXERCISE)
    world.joins("circle", "en")
    world.joins("square", "es")
    if settings:
        world.says("circle", commands.ChooseSetting, **settings)
    return world


def plans(world: World) -> tuple[PlanMessage, PlanMessage]:
    return world.last("circle", PlanMessage), world.last("square", PlanMessage)


def test_each_phone_reads_its_own_language() -> None:
    circle, square = plans(two_languages())
    assert circle.exercise.title == "Side by Side"
    assert square.exercise.title == SPANISH.title
    ours = [cue.text for cue in square.tracks["main"].cues if cue.text]
    said = {line for text in spoken_texts(SPANISH) for line in wordings(text)}
    lines = [cue.text for cue in square.tracks["main"].cues if cue.kind == "line"]
    assert lines
    assert set(lines) <= said
    assert not set(ours) & {cue.text for cue in circle.tracks["main"].cues if cue.text}


def test_everything_happens_at_the_same_time_in_both() -> None:
    for track in ("main", "grounding"):
        circle, square = (plan.tracks[track] for plan in plans(two_languages()))  # type: ignore[index]
        assert circle.duration == square.duration
        assert [_when(cue) for cue in circle.cues] == [_when(cue) for cue in square.cues]


def _when(cue: CuePicture) -> tuple[object, ...]:
    return tuple(getattr(cue, name) for name in ("kind", "start", "end", "part", "phases", "move"))


def test_apart_each_phone_speaks_its_own_language() -> None:
    world = two_languages(setting="apart")
    clips = [[cue.clip for cue in plan.tracks["main"].cues if cue.clip] for plan in plans(world)]
    assert clips[0]
    assert len(clips[0]) == len(clips[1])
    assert not set(clips[0]) & set(clips[1])


def test_the_guide_speaks_the_language_of_each_phone() -> None:
    circle, square = plans(two_languages())
    assert circle.guide_words["close_first"].startswith("That’s all")
    assert square.guide_words["close_first"].startswith("Eso es todo")
    assert not set(circle.guide.values()) & set(square.guide.values())
    assert all(cue.end <= CLOSE_S for plan in (circle, square) for cue in plan.tracks["close"].cues)


def test_a_phone_that_comes_back_in_another_language_gets_a_plan_in_that() -> None:
    world = two_languages()
    held = world.last("square", PlanMessage).plan
    world.joins("square", "en", plan=held)
    assert world.last("square", PlanMessage).exercise.title == "Side by Side"
    assert world.sees("square").exercise.title == "Side by Side"  # type: ignore[union-attr]


def test_a_typed_line_is_made_in_the_language_of_the_console() -> None:
    world = begun()
    world.says("therapist", commands.SayLine, text="Los pies en el suelo.")
    assert next(e for e in world.done if isinstance(e, effects.MakeLine)).language == "es"


def test_a_pause_for_both_is_told_in_the_language_of_the_phone_that_hears_it() -> None:
    world = begun()
    world.says("circle", commands.TooMuch)
    assert [told.words for told in world.all_of("square", GuideMessage)] == [
        "Una pausa para ustedes. Nada ha salido mal."
    ]


def begun() -> World:
    """A room in two languages with a console in Spanish, half a second into the exercise."""
    world = two_languages()
    world.joins("therapist", "es")
    for seat in PARTNERS:
        world.reports(seat)
    world.says("therapist", commands.Start)
    for seat in PARTNERS:
        world.answers(seat, True)
    world.passes(0.5)
    return world
