"""A compositor as the running service has it (voices started and levelled), and files made with it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from audio.recipe import Recipe, Texture
from audio.render.compositor import Compositor, Report
from audio.speech.clips.store import ClipStore
from audio.speech.engines import voice_list
from audio.speech.workers.pool import VoicePool
from exercises.library import load_library
from exercises.model import Exercise
from server.services.sound.choices import parse
from server.services.sound.recipes import recipe_for


@contextlib.contextmanager
def warm_compositor(folder: Path) -> Iterator[Compositor]:
    """A compositor that keeps its clips in `folder`; every voice process has spoken once."""
    compositor = Compositor(VoicePool(), ClipStore(folder / "warm"))
    try:
        exercise = next(iter(load_library()))
        compositor.compose(default_recipe(exercise), folder / "warm.mp3")
        compositor.store = ClipStore(folder / "clips")
        yield compositor
    finally:
        compositor.close()


def default_recipe(exercise: Exercise, **chosen: str) -> Recipe:
    """The recipe that the service would use for these choices; what is not chosen takes its default.

    So the voice is the default one unless told otherwise; beside it stands its bare engine.
    """
    return recipe_for(exercise, parse(exercise, voice_list(), chosen), "mp3")


def voice_only(recipe: Recipe) -> Recipe:
    """The same without bed and bell. Breath tones belong to the exercise and stay."""
    values = {name: getattr(recipe, name) for name in recipe.__dataclass_fields__}
    return Recipe(**{**values, "texture": Texture(bell=False, bed="none")})


def timed(compositor: Compositor, recipe: Recipe, out: Path) -> tuple[float, Report]:
    """Seconds that one composition took, and its report."""
    started = time.perf_counter()
    report = compositor.compose(recipe, out)
    return time.perf_counter() - started, report
