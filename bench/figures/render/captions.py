"""captions: captions.vtt, chapters.json and the file's ID3 chapters against the sound itself.

Every exercise at its usual length, without bed and bell, so that what begins in the decoded MP3 is the voice. An
onset is the first window of 5 ms above -45 dBFS after 200 ms below it; a caption is compared with the onset nearest
to its start, and one without an onset within half a second counts as missed. With one earbud each, both channels are
read. What is spoken at the seam of two breath tones, or right after the last of them, has less quiet before it, so
it is counted apart and needs 60 ms of it. A line that begins with a soft consonant rises slowly: the detector may
read it up to some 20 ms late.

A chapter begins where its part does. If the part begins with a line, it is compared with that line's onset; if it
begins with a bell, a tone or a rest there is nothing to hear, and it is compared with the timeline.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from mutagen.id3 import ID3

from audio.recipe import Recipe
from audio.render.compositor import Compositor
from audio.render.metadata import chapters_json, vtt
from bench.lib.report import Row, Spread
from bench.lib.sound.composing import default_recipe, voice_only, warm_compositor
from bench.lib.sound.decoding import decode, nearest, onsets
from exercises.library import load_library
from exercises.timeline import PartSpan, Timeline, samples, seconds

ALLOWED_MS = 30.0
REACH_S = 0.5
QUIET_S = {"plain": 0.2, "tones": 0.06}
AFTER_TONE_S = 0.3
_CAPTION = re.compile(r"^(\d+):(\d\d):(\d\d\.\d{3}) --> .*\n((?:.+\n?)+)", re.MULTILINE)

Gaps = dict[str, float | None]


def read_vtt(text: str) -> list[tuple[float, str]]:
    """(seconds, words) of each caption."""
    return [
        (int(h) * 3600 + int(m) * 60 + float(s), words.strip()) for h, m, s, words in _CAPTION.findall(text)
    ]


def _near_tones(timeline: Timeline, start: int) -> bool:
    """Tell whether a breath tone sounds at `start`, or did shortly before."""
    reach = samples(AFTER_TONE_S)
    return any(p.start < start + 1 and start < p.end + reach for cue in timeline.cues for p in cue.phases)


def _caption_gaps(recipe: Recipe, timeline: Timeline, sound: np.ndarray) -> dict[str, Gaps]:
    """Milliseconds from each caption to the onset of its words, those near tones apart; None where missed."""
    kinds = ["tones" if _near_tones(timeline, cue.start) else "plain" for cue in timeline.spoken()]
    gaps: dict[str, Gaps] = {"plain": {}, "tones": {}}
    for channel in range(recipe.channels):
        heard = {kind: onsets(sound[:, channel], quiet) for kind, quiet in QUIET_S.items()}
        for kind, (start, words) in zip(kinds, read_vtt(vtt(timeline, recipe.setting)), strict=True):
            onset = nearest(heard[kind], start, REACH_S)
            name = f"{recipe.exercise.id}, {recipe.setting} {channel}, {start:.3f}: {words[:40]}"
            gaps[kind][name] = None if onset is None else (onset - start) * 1000
    return gaps


def _begins_with_line(timeline: Timeline, part: PartSpan) -> bool:
    # a rest of the fixed kind may stand first where two lines meet; the first cue is what counts
    first = next(cue for cue in timeline.cues if cue.part == part.name and cue.start == part.start)
    return first.kind == "line"


def _chapter_gaps(
    recipe: Recipe, timeline: Timeline, file: Path, sound: np.ndarray
) -> tuple[dict[str, Gaps], dict[str, Gaps]]:
    """Milliseconds of both kinds of chapters against onsets, and against the timeline where nothing begins to sound."""
    heard = onsets(sound[:, 0], QUIET_S["plain"])
    listed = json.loads(json.dumps(chapters_json(timeline)))["chapters"]
    tagged = sorted(ID3(file).getall("CHAP"), key=lambda c: c.start_time)
    by_sound: dict[str, Gaps] = {"chapters.json": {}, "ID3 CHAP": {}}
    by_plan: dict[str, Gaps] = {"chapters.json": {}, "ID3 CHAP": {}}
    starts = {
        "chapters.json": [c["startTime"] for c in listed],
        "ID3 CHAP": [c.start_time / 1000 for c in tagged],
    }
    for kind, found in starts.items():
        for part, start in zip(timeline.parts, found, strict=True):
            name = f"{recipe.exercise.id}, {recipe.setting}, {part.name}"
            if _begins_with_line(timeline, part):
                onset = nearest(heard, start, REACH_S)
                by_sound[kind][name] = None if onset is None else (onset - start) * 1000
            else:
                by_plan[kind][name] = (seconds(part.start) - start) * 1000
    return by_sound, by_plan


def _row(what: str, gaps: Gaps) -> list[Row]:
    heard = [gap for gap in gaps.values() if gap is not None]
    missed = [name for name, gap in gaps.items() if gap is None]
    off = {name: gap for name, gap in gaps.items() if gap is not None and abs(gap) > ALLOWED_MS}
    seen = Spread.of(heard).show(" ms") if heard else "nothing heard"
    if missed:
        seen += f", {len(missed)} without an onset"
    if off:
        seen += f", {len(off)} beyond"
    row = Row(what, seen, f"≤ {ALLOWED_MS:.0f} ms each", ok=not missed and not off, values={"gaps_ms": gaps})
    worst = sorted(off, key=lambda name: -abs(off[name] or 0))[:6]
    rows = [row, *(Row(f"  {name}", f"{off[name]:.1f} ms") for name in worst)]
    return rows + [Row(f"  {name}", "none") for name in missed[:6]]


def _composed(compositor: Compositor, recipe: Recipe, out: Path) -> np.ndarray:
    compositor.compose(recipe, out)
    return decode(out, recipe.channels)


def measure(settings: Sequence[str] = ("together", "earbuds")) -> list[Row]:
    """The rows of this figure."""
    plain: Gaps = {}
    tones: Gaps = {}
    by_sound: dict[str, Gaps] = {"chapters.json": {}, "ID3 CHAP": {}}
    by_plan: dict[str, Gaps] = {"chapters.json": {}, "ID3 CHAP": {}}
    with tempfile.TemporaryDirectory() as name, warm_compositor(Path(name)) as compositor:
        out = Path(name) / "out.mp3"
        for exercise in load_library():
            for setting in settings:
                recipe = voice_only(default_recipe(exercise, setting=setting))
                timeline, sound = recipe.timeline(), _composed(compositor, recipe, out)
                gaps = _caption_gaps(recipe, timeline, sound)
                plain |= gaps["plain"]
                tones |= gaps["tones"]
                for into, found in zip(
                    (by_sound, by_plan), _chapter_gaps(recipe, timeline, out, sound), strict=True
                ):
                    for kind, some in found.items():
                        into[kind] |= some
    rows = _row("captions.vtt, start to onset", plain) + _row("captions.vtt, next to breath tones", tones)
    for kind, gaps_ in by_sound.items():
        rows += _row(f"{kind}, parts that begin with a line", gaps_)
    for kind, gaps_ in by_plan.items():
        rows += _row(f"{kind}, other parts against the timeline", gaps_)
    return rows
