"""first-byte: how soon the first byte of a file of sound comes that nobody has ever heard.

A warm service with a new data folder is asked over HTTP, on a new connection, for each exercise at its defaults; so
neither file nor clips exist. Next to each request, in turn, stand the bare engine on that exercise's first line, the
bare encoder on one second of sound, and a GET of the smallest static file from the same service. The first bytes
are the file's tag, which needs no voice; the rows below the first say when sound and when speech follow.
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
        "allowed": 2 * (spoken + encoded) + loopback,
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
                readings.append(_reading(service, engine, exercise, "neutral"))
            other_voice.append(_reading(service, engine, exercises[0], "lower")["speech"])

    def of(name: str) -> Spread:
        return Spread.of(r[name] for r in readings)

    allowed, first = of("allowed"), of("first")
    parts = f"engine {of('engine').median * 1000:.1f} + encoder {of('encoder').median * 1000:.1f} ms"
    share = ratios(first.values, [r["engine"] + r["encoder"] for r in readings])

    def after(name: str) -> str:
        return ratios(of(name).values, [r["engine"] + r["encoder"] for r in readings]).show(" ×", digits=2)

    return [
        Row(
            "first byte, never heard",
            milliseconds(first),
            f"≤ {allowed.median * 1000:.1f} ms (2 × floor + a request)",
            parts,
            share.show(" ×", digits=2),
            first.median <= allowed.median,
            {"readings": readings},
        ),
        Row("one request on loopback (a tiny file)", milliseconds(of("loopback"))),
        Row("first byte of sound, after the tag", milliseconds(of("sound")), "–", parts, after("sound")),
        Row("first byte of the first line", milliseconds(of("speech")), "–", parts, after("speech")),
        Row("the same in a voice not yet levelled", milliseconds(Spread.of(other_voice))),
    ]
