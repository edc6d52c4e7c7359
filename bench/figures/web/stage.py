"""stage: what the player's screen costs while it plays, and that nothing on it jumps.

*Jumps.* The browser's own `layout-shift` entries from half a second after Begin on, over every line, question and
hold of one exercise that asks both; those that follow a hand's input do not count, as everywhere.

*Frame.* The page's own work for one frame, from Chromium's trace (`SendBeginMainFrameToCommit`: scripts, style, layout,
paint), with the processor slowed down sixfold, through breaths and rests. The floor is the same page paused, while
one opacity is changed in every frame.
"""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.lib.browsers.chromium import launch
from bench.lib.browsers.trace import tracing
from bench.lib.report import CannotMeasure, Row
from bench.lib.service import Service

ASKS, BREATHES = "a-glance-and-a-rest", "the-long-way-out"
SLOWER, ALLOWED_FRAME_MS, PLAYED_S = 6, 4.0, 12.0
SIZES = ((390, 664), (844, 390), (1280, 800))
SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts.push(entry.value);
  }).observe({type: "layout-shift"});
}"""
BARE = """() => {
  document.getElementById("audio").pause();
  const dot = document.querySelector(".arc-dot");
  let n = 0;
  const step = () => { dot.style.opacity = String(0.5 + (n = 1 - n) / 100); requestAnimationFrame(step); };
  step();
}"""
YES = (
    "for (const yes of document.querySelectorAll('#decision:not([hidden]) [aria-pressed=false]')) yes.click()"
)


def _begin(page: Page, address: str) -> dict[str, Any]:
    page.goto(address)
    if page.locator("#both").count():
        page.click("#both [data-yes=circle]")
        page.click("#both [data-yes=square]")
    page.click("#begin")
    _until(page, "!a.paused && a.currentTime > 0.3")
    plan: dict[str, Any] = page.evaluate(
        "fetch('timeline.json' + document.querySelector('[data-file]').search).then((r) => r.json())"
    )
    return plan


def _until(page: Page, condition: str, limit_s: float = 60.0) -> None:
    end = time.monotonic() + limit_s
    while not page.evaluate(f"(a => {condition})(document.getElementById('audio'))"):
        if time.monotonic() > end:
            raise CannotMeasure(f"the page did not come to this: {condition}")
        page.wait_for_timeout(50)


def _shift(page: Page, address: str) -> tuple[float, int]:
    """The sum of all shifts, and over how many changes."""
    plan = _begin(page, address)
    page.wait_for_timeout(700)
    page.evaluate(SHIFTS)
    changes = [c for c in plan["cues"] if c["kind"] in ("line", "decision", "hold", "prompt", "rest")]
    for cue in changes:
        page.evaluate("(t) => { document.getElementById('audio').currentTime = t; }", cue["start"] + 0.1)
        page.wait_for_timeout(80)
        page.evaluate(YES)
    page.wait_for_timeout(400)
    return float(page.evaluate("window.shifts.reduce((sum, one) => sum + one, 0)")), len(changes)


def _frames_ms(page: Page) -> list[float]:
    """The page's own work for each frame of some seconds, slowest last."""
    with tracing(page) as trace:
        page.wait_for_timeout(PLAYED_S * 1000)
    if len(trace.frames) < 30:
        raise CannotMeasure("Chromium presented too few frames.")
    return sorted(1000 * (stop - start) for start, stop, _ in trace.frames)


def measure() -> list[Row]:
    """The rows of this figure."""
    rows = []
    with Service() as service, sync_playwright() as playwright, launch(playwright) as browser:
        for width, height in SIZES:
            page = browser.new_page(viewport={"width": width, "height": height})
            seen, changes = _shift(page, f"{service.address}/exercises/{ASKS}/")
            page.close()
            rows.append(
                Row(f"jumps over {changes} changes at {width}×{height}", f"{seen:.4f}", "0", ok=seen == 0)
            )
        page = browser.new_page(viewport={"width": 390, "height": 664})
        plan = _begin(page, f"{service.address}/exercises/{BREATHES}/")
        breath = next(cue for cue in plan["cues"] if cue["kind"] == "breath")
        page.evaluate("(t) => { document.getElementById('audio').currentTime = t; }", breath["start"] - 3)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        drawn = _frames_ms(page)
        page.evaluate(BARE)
        page.wait_for_timeout(500)
        still = _frames_ms(page)
    return [*rows, _frame_row(drawn, still)]


def _frame_row(drawn: list[float], still: list[float]) -> Row:
    """Milliseconds of each frame while it plays, and while one opacity changes."""
    middle, late, floor = drawn[len(drawn) // 2], drawn[int(0.95 * len(drawn))], still[len(still) // 2]
    return Row(
        f"frame, processor {SLOWER} × slower, {len(drawn)} frames",
        f"{middle:.2f} ms, p95 {late:.2f} ms",
        f"≤ {ALLOWED_FRAME_MS:.0f} ms",
        floor=f"{floor:.2f} ms",
        ratio=f"{middle / floor:.1f}",
        ok=middle <= ALLOWED_FRAME_MS,
        values={"ms": drawn},
    )
