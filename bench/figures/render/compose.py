"""compose: a whole exercise of ten minutes, cold and from a warm store, against the bare parts.

Floor: the bare engine on every line, one after another in one process, divided by the number of cores, plus the bare
encoder on the very PCM that the file is made from. Each round reads the floors, then composes cold (an empty store),
then warm (the clips of that run). The voices are started and levelled before, as in the running service. Over HTTP
the whole file is read by a client on the same machine, which shares the cores.

Mixing and encoding use a core each, so on a machine that does other work the ratios rise towards the one given for
the work (processor time of all threads), which says what they would be on a single core.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import numpy as np

from audio.recipe import Recipe
from audio.render.compositor import Compositor
from audio.render.encode import to_pcm
from audio.speech.clips.store import ClipStore
from bench.lib.floors import BareEngine, bare_encoder, bare_engine
from bench.lib.report import Row, Spread, milliseconds, ratios
from bench.lib.service import Service
from bench.lib.sound.composing import default_recipe, timed, warm_compositor
from bench.lib.sound.made_exercises import made_exercise, write_script
from exercises.library import load_library
from exercises.model import LOUDSPEAKER, Exercise, words_for

ROUNDS = 5
HTTP_ROUNDS = 3
LINES, LENGTH_S = 60, 600
COLD, WARM, OVER_HTTP = 1.3, 1.15, 1.5
REAL_TIME = 100
"""The least speed of a cold exercise, as a multiple of real time."""
OTHER = "hibari-lower"
OFFERED = "the-long-way-out"


def _pcm(compositor: Compositor, recipe: Recipe, out: Path) -> np.ndarray:
    blocks: list[np.ndarray] = []
    compositor.compose(recipe, out, lambda block: blocks.append(to_pcm(block)))
    return np.concatenate(blocks)


def _lines(recipe: Recipe) -> list[str]:
    return [words_for(cue.text, LOUDSPEAKER) for cue in recipe.timeline().spoken() if cue.text is not None]


def _rounds(
    compositor: Compositor, engine: BareEngine, recipe: Recipe, folder: Path
) -> dict[str, list[float]]:
    out, lines = folder / "out.mp3", _lines(recipe)
    compositor.store = ClipStore(folder / f"{recipe.exercise.id}-pcm")
    pcm = _pcm(compositor, recipe, out)
    readings: dict[str, list[float]] = {"engine": [], "encoder": [], "cold": [], "warm": [], "work": []}
    for n in range(ROUNDS):
        readings["engine"].append(sum(engine.speak(line) for line in lines))
        readings["encoder"].append(bare_encoder(pcm))
        compositor.store = ClipStore(folder / f"{recipe.exercise.id}-{n}")
        readings["cold"].append(timed(compositor, recipe, out)[0])
        began = time.process_time()
        readings["warm"].append(timed(compositor, recipe, out)[0])
        readings["work"].append(time.process_time() - began)
    return readings


def _rows(what: str, readings: dict[str, list[float]], asked: bool) -> list[Row]:
    cores = os.cpu_count() or 1
    real = Spread.of(LENGTH_S / took for took in readings["cold"])
    floor = [a / cores + b for a, b in zip(readings["engine"], readings["encoder"], strict=True)]
    cold = ratios(readings["cold"], floor)
    warm = ratios(readings["warm"], readings["encoder"])
    parts = (
        f"engine {Spread.of(readings['engine']).median * 1000:.0f} ÷ {cores} + "
        f"encoder {Spread.of(readings['encoder']).median * 1000:.0f} ms"
    )
    encoder = f"encoder {milliseconds(Spread.of(readings['encoder']))}"
    return [
        Row(
            f"{what}, cold", milliseconds(Spread.of(readings["cold"])), f"≤ {COLD} ×" if asked else "–", parts,
            cold.show(" ×", digits=2), cold.median <= COLD if asked else None, dict(readings),
        ),
        Row(
            "  as heard, against the clock", real.show(" × real time", digits=0), f"≥ {REAL_TIME} ×" if asked else "–",
            ok=real.median >= REAL_TIME if asked else None,
        ),
        Row(
            f"{what}, warm store", milliseconds(Spread.of(readings["warm"])), f"≤ {WARM} ×" if asked else "–", encoder,
            warm.show(" ×", digits=2), warm.median <= WARM if asked else None,
        ),
        Row(
            "  its work on all cores, warm store", milliseconds(Spread.of(readings["work"])), "–", encoder,
            ratios(readings["work"], readings["encoder"]).show(" ×", digits=2),
        ),
    ]  # fmt: skip


def _over_http(made: Exercise, readings: dict[str, list[float]], folder: Path) -> list[Row]:
    write_script(made, folder)
    path = f"/exercises/{made.id}/audio.mp3"
    cold, warm = [], []
    for _ in range(HTTP_ROUNDS):
        with Service(scripts=folder) as service:
            service.get(path, length=LENGTH_S, voice=OTHER)  # another voice: its clips are of no use below
            cold.append(service.get(path, length=LENGTH_S).took)
            service.forget_takes()
            warm.append(service.get(path, length=LENGTH_S).took)
    cores = os.cpu_count() or 1
    encoder = Spread.of(readings["encoder"]).median
    floor = Spread.of(readings["engine"]).median / cores + encoder
    shares = Spread.of(t / floor for t in cold)
    return [
        Row(
            "the same over HTTP, cold",
            milliseconds(Spread.of(cold)),
            f"≤ {OVER_HTTP} ×",
            f"as above: {floor * 1000:.0f} ms",
            shares.show(" ×", digits=2),
            shares.median <= OVER_HTTP,
        ),
        Row(
            "the same over HTTP, warm store",
            milliseconds(Spread.of(warm)),
            ratio=Spread.of(t / encoder for t in warm).show(" ×", digits=2),
        ),
    ]


def measure() -> list[Row]:
    """The rows of this figure."""
    made = made_exercise(LINES, LENGTH_S)
    offered = load_library().exercises.get(OFFERED)
    with tempfile.TemporaryDirectory() as name, bare_engine() as engine:
        folder = Path(name)
        with warm_compositor(folder) as compositor:
            readings = _rounds(compositor, engine, default_recipe(made, length=str(LENGTH_S)), folder)
            rows = _rows(f"{LINES} lines in {LENGTH_S // 60} minutes", readings, asked=True)
            if offered and LENGTH_S in offered.lengths:
                recipe = default_recipe(offered, length=str(LENGTH_S))
                own = _rounds(compositor, engine, recipe, folder)
                rows += _rows(f"{OFFERED} ({len(_lines(recipe))} lines)", own, asked=False)
        scripts = folder / "scripts"
        scripts.mkdir()
        return rows + _over_http(made, readings, scripts)
