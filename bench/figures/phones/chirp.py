"""chirp: two phones that hear each other, one of which sounds 80 ms later than its browser says.

Two Chromium pages in one room, "apart", on the two channels of one recording (bench/lib/phones/pair.py). The second
has a delay before its loudspeaker that its browser knows nothing of, as with wireless headphones. The sound card's
own sum of both channels is the microphone of both.

First a few lines as they are, which have to be 80 ms apart: that is the control. Then, in a new room, both phones are
let listen, and the same lines are heard again. Between two phones on a table is air; here is none.
"""

from __future__ import annotations

import contextlib

import numpy as np

from bench.lib.phones.pair import Heard, Phones, hear, need_control, phones, until
from bench.lib.report import CannotMeasure, Row
from bench.lib.service import Service
from tests.support.sound_card import microphone, recording

from .together import EXERCISE, LENGTH_S

INJECTED_MS, ALLOWED_MS, CONTROL_MS = 80.0, 3.0, 5.0
LINES, AFTER_S, HEARING_S = 4, 3.0, 60.0
LATE = """(seconds) => {
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    const isLast = this.context instanceof AudioContext && to === this.context.destination;
    if (!isLast) return connect.call(this, to, ...rest);
    const late = new DelayNode(this.context, {delayTime: seconds, maxDelayTime: 1});
    connect.call(late, to);
    return connect.call(this, late, ...rest);
  };
}"""
STATUS = "#alignment [role=status]"


def _let_listen(pair: Phones) -> float:
    """Both phones hear each other; milliseconds by which the second plays sooner from then on."""
    for page in pair.both:
        page.click("#alignment > summary")
        page.click("#alignment [data-hear]")
    for page in pair.both:
        until(page, lambda p=page: _outcome(p.inner_text(STATUS)), HEARING_S)
        if "in step" not in page.inner_text(STATUS):
            raise CannotMeasure(f"the phones did not come in step: {page.inner_text(STATUS)}")
    return float(pair.b.evaluate("Number(localStorage.getItem('still-here:output-delay'))"))


def _outcome(words: str) -> bool:
    return any(part in words for part in ("in step", "did not", "may not"))


def _lines(service: Service, listening: bool) -> tuple[list[Heard], float]:
    """The windows of the first lines, and by how much the second phone was told to play sooner."""
    shift_ms = 0.0
    with contextlib.ExitStack() as stack:
        pair = stack.enter_context(phones())
        pair.b.add_init_script(f"({LATE})({INJECTED_MS / 1000})")
        for page in pair.both:
            page.context.grant_permissions(["microphone"])
        stack.enter_context(microphone(pair.sound))
        pair.open(service.address, EXERCISE, LENGTH_S)
        for page in pair.both:
            page.wait_for_selector("#start-ask:not([hidden])")
        if listening:
            shift_ms = _let_listen(pair)
        with recording(pair.sound) as take:
            pair.start()
            until_s = pair.clips()[LINES][0]
            pair.a.wait_for_timeout((until_s + AFTER_S) * 1000)
        windows = [w for w in pair.windows() if w.at_s < until_s]
    return hear(take, windows), shift_ms


def measure() -> list[Row]:
    """The rows of this figure."""
    rows = [need_control()]
    with Service(yields=True) as service:
        before, _ = _lines(service, listening=False)
        after, shift_ms = _lines(service, listening=True)
    rows.append(_row(f"one output {INJECTED_MS:.0f} ms late, as it is", before, INJECTED_MS, CONTROL_MS))
    rows.append(Row("  told to play sooner by", f"{shift_ms:.1f} ms", f"{INJECTED_MS:.0f} ± {ALLOWED_MS:.0f} ms",
                    ok=abs(shift_ms - INJECTED_MS) <= ALLOWED_MS))  # fmt: skip
    rows.append(_row("after the phones heard each other", after, 0.0, ALLOWED_MS))
    return rows


def _row(what: str, heard: list[Heard], due_ms: float, allowed_ms: float) -> Row:
    offsets = np.array([one.offset_ms for one in heard if not one.missed])
    asked = f"{due_ms:.0f} ± {allowed_ms:.0f} ms, none missed"
    if not len(offsets):
        return Row(what, f"nothing heard of {len(heard)} windows", asked, ok=False)
    missed = len(heard) - len(offsets)
    span = f"{offsets.min():.2f}–{offsets.max():.2f}"
    told = f"median {np.median(offsets):.2f} ms ({span}), {len(heard)} windows, missed {missed}"
    ok = bool(np.abs(offsets - due_ms).max() <= allowed_ms) and not missed
    return Row(what, told, asked, ok=ok, values={"offsets_ms": offsets.tolist()})
