"""languages: two phones in one room, one in English and one in Spanish: whether their lines begin together.

As in `together`, each phone is heard on one channel of one recording. They say different words, so each is looked for
by its own clips: of every line the first window with speech in it. How much a phone is late is where that window is
against where the plan has it; the offset is the difference of the two. Both plans are also compared cue by cue.
"""

from __future__ import annotations

import numpy as np

from bench.lib.phones.pair import REACH_S, Heard, Window, anchor, need_control, phones, windows_of
from bench.lib.report import CannotMeasure, Row
from bench.lib.service import Service
from tests.support.sound_card import RATE_HZ, Take, locate, recording

from .together import AFTER_S, Asked, row

EXERCISE, LENGTH_S = "side-by-side", 180
LANGUAGE = "/es"
ASKED = Asked(2.0, 5.0)


def _firsts(clips: list[tuple[float, np.ndarray]]) -> list[Window]:
    """Of each line its first window with speech in it."""
    found = [windows_of(at, clip) for at, clip in clips]
    if not all(found):
        raise CannotMeasure("a line is too short to be looked for.")
    return [windows[0] for windows in found]


def _late(take: Take, window: Window, zero: float, channel: int) -> tuple[float, float]:
    """Samples by which a window comes after its time on a channel, and how like it is."""
    due, reach = round(zero + window.at_s * RATE_HZ), round(REACH_S * RATE_HZ)
    at, likeness = locate(window.wave, take.sound[:, channel], due - reach, due + reach)
    return at - (zero + window.at_s * RATE_HZ), likeness


def measure() -> list[Row]:
    """The rows of this figure."""
    rows = [need_control()]
    with Service(yields=True) as service, phones() as pair:
        pair.open(service.address, EXERCISE, LENGTH_S, LANGUAGE)
        for page in pair.both:
            page.wait_for_selector("#start-ask:not([hidden])")
        with recording(pair.sound) as take:
            pair.start()
            pair.a.wait_for_timeout((pair.plan["tracks"]["main"]["duration"] + AFTER_S) * 1000)
        cues = [pair.messages(page, "plan")[-1][1]["tracks"]["main"]["cues"] for page in pair.both]
        spoken = [_firsts(pair.clips(page)) for page in pair.both]
    starts = [[(cue["kind"], cue["start"], cue["end"]) for cue in one] for one in cues]
    words = [[cue["text"] for cue in one if cue["clip"]] for one in cues]
    same, other = starts[0] == starts[1], sum(a != b for a, b in zip(*words, strict=True))
    zero, heard = anchor(take, spoken[0]), []
    for ours, theirs in zip(*spoken, strict=True):
        (left, like), (right, alike) = _late(take, ours, zero, 0), _late(take, theirs, zero, 1)
        heard.append(Heard(ours, left, right, min(like, alike)))
    return [
        *rows,
        Row(f"{len(starts[0])} cues of both plans", "the same times" if same else "other times", "the same", ok=same),
        Row("lines that say something else on the other phone", f"{other} of {len(words[0])}"),
        row("line against line, English and Spanish", heard, ASKED),
    ]  # fmt: skip
