"""A breath that is led by taps: from the second tap to the turn on both phones.

A therapist's room with two Chromium phones and a silence that is held open. The console taps twice, some seconds apart,
by its key; each phone's mark then turns with the hand. *Tapped:* the key's event, by the page's own time. *Turned:* the
mark's phase changes. All pages read the wall clock of one machine.
"""

from __future__ import annotations

from playwright.sync_api import Page

from bench.lib.phones.pair import PASSCODE, Phones, phones, until
from bench.lib.report import Row, Spread
from bench.lib.service import Service

EXERCISE = "side-by-side"
GAPS_MS = (2000, 3000, 4000, 5000)
LED_LIMIT_MS = 90_000

WATCH = """() => {
  const mark = document.querySelector("#pair");
  window.turns = [];
  const noted = () => window.turns.push([mark.dataset.phase, performance.timeOrigin + performance.now()]);
  new MutationObserver(noted).observe(mark, {attributes: true, attributeFilter: ["data-phase"]});
}"""


def measure() -> list[Row]:
    """The rows of this part."""
    shares, delays_s = [], []
    with Service(environment={"STILL_HERE_PASSCODE": PASSCODE}) as service, phones() as pair:
        console = pair.conducted(service.address, EXERCISE)
        pair.start()
        console.keyboard.press("j")
        until(console, lambda: console.inner_text("#phase") == "Silence, until you release it")
        for page in pair.both:
            page.evaluate(WATCH)
        for gap_ms in GAPS_MS:
            turned_s = _led(console, pair, gap_ms)
            delays_s += turned_s
            shares += [s / (2 * gap_ms / 1000) for s in turned_s]
    what = "led breath: second tap to the turn on a phone"
    seen = f"{Spread.of(delays_s).show(' s', digits=2)}; {max(shares):.2f} of a cycle at the most"
    return [Row(what, seen, "≤ 1 cycle", ok=max(shares) <= 1)]


def _led(console: Page, pair: Phones, gap_ms: int) -> list[float]:
    """Seconds from the second of two taps until each phone turned; waits until the hand leads no more."""
    console.keyboard.press("i")
    console.wait_for_timeout(gap_ms)
    console.keyboard.press("i")
    tapped = [
        at for at, kind, key in console.evaluate("window.bench.taps") if (kind, key) == ("keydown", "i")
    ][-1]
    found = [_turn_s(page, tapped) for page in pair.both]
    console.wait_for_selector("#act-tap[aria-pressed=true]")
    console.wait_for_selector("#act-tap[aria-pressed=false]", timeout=LED_LIMIT_MS)
    console.wait_for_timeout(9000)  # a hand that rested so long begins anew
    return found


def _turn_s(page: Page, tapped: float) -> float:
    turned = until(page, lambda: [at for phase, at in page.evaluate("turns") if phase and at >= tapped])
    return (turned[0] - tapped) / 1000
