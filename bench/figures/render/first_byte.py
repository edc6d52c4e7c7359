"""first-byte: how soon the first byte of a file of sound comes that nobody has ever heard.

A warm service with a new data folder is asked over HTTP, on a new connection, for each exercise at its defaults; so
neither file nor clips exist. Next to each request, in turn, stand the bare engine on that exercise's first line, the
bare encoder on one second of sound, and a GET of the smallest static file from the same service. The first bytes
are the file's tag, which needs no voice; the first line needs the engine, and what lies before it in the file.
"""

from __future__ import annotations

import numpy as np

from audio.render.encode import FRAME, FRAME_BYTES
from audio.render.metadata import id3
from bench.lib.floors import RATE_HZ, BareEngine, bare_encoder, bare_engine
from bench.lib.report import Row, Spread, milliseconds, ratios
from bench.lib.service import Service
from exercises.library import load_library
from exercises.model import LOUDSPEAKER, Exercise, words_for
from exercises.timeline import plan

SERVICES = 2
WARMERS = ("too-much-for-now", "doorway")
TINY = "/static/mark.svg"
FIRST, LINE, NEVER = 1.0, 3.0, 10.0
"""The figures asked, as multiples of the floor: of the first byte, of the first line, and of the slowest first line."""
DEFAULT, OTHER = "hibari-neutral", "neutral"


def _one_second() -> np.ndarray:
    rng = np.random.default_rng(1)
    return (rng.standard_normal((RATE_HZ, 1)) * 2000).astype(np.int16)


def _reading(service: Service, engine: BareEngine, exercise: Exercise, voice: str) -> dict[str, float]:
    timeline = plan(exercise)
    line = timeline.spoken()[0]
    assert line.text is not None
    tag = len(id3(timeline, "together"))
    speech = tag + (line.start // FRAME + 1) * FRAME_BYTES[1]
    spoken = engine.speak(words_for(line.text, LOUDSPEAKER))
    encoded = bare_encoder(_one_second())
    loopback = service.get(TINY).took
    answer = service.get(f"/exercises/{exercise.id}/audio.mp3", voice=voice)
    return {
        "engine": spoken, "encoder": encoded, "loopback": loopback,
        "first": answer.after(1), "sound": answer.after(tag + 1), "speech": answer.after(speech),
        "floor": spoken + encoded,
    }  # fmt: skip


def measure() -> list[Row]:
    """The rows of this figure."""
    exercises = [e for e in load_library() if not e.first_with_therapist and e.id not in WARMERS]
    readings: list[dict[str, float]] = []
    other_voice: list[float] = []
    for _ in range(SERVICES):
        with Service() as service, bare_engine() as engine:
            service.warm(WARMERS)
            for exercise in exercises:
                readings.append(_reading(service, engine, exercise, DEFAULT))
            other_voice.append(_reading(service, engine, exercises[0], OTHER)["speech"])

    def of(name: str) -> Spread:
        return Spread.of(r[name] for r in readings)

    floors = [r["floor"] for r in readings]
    parts = f"engine {of('engine').median * 1000:.1f} + encoder {of('encoder').median * 1000:.1f} ms"

    def row(what: str, name: str, asked: float | None, never: float | None = None) -> Row:
        beyond = [r[name] - r["loopback"] for r in readings]
        times = ratios(beyond, floors)
        ok = (
            None if asked is None else times.median <= asked and (never is None or max(times.values) <= never)
        )
        told = "–" if asked is None else f"≤ {asked:.0f} × floor + a request"
        told += f", never above {never:.0f} ×" if never else ""
        return Row(
            what, milliseconds(of(name)), told, parts, times.show(" ×", digits=2), ok, {"readings": readings}
        )

    return [
        row("first byte, never heard", "first", FIRST),
        Row("one request on loopback (a tiny file)", milliseconds(of("loopback"))),
        row("first byte of sound, after the tag", "sound", None),
        row("first byte of the first line", "speech", LINE, NEVER),
        Row("the same in a voice that nobody chose before", milliseconds(Spread.of(other_voice))),
    ]
