"""preview: how soon a changed voice, pace or pitch is heard on an exercise page, in a real Chromium.

Every option of each of the three is chosen once, as a person would, and the time is taken from the change until the
sound has begun to move on: first right after the settings were opened, on a new phone each time and in a service that
never spoke, then where what could be chosen next has been fetched. A service makes the first of them ahead when it
starts, and how long that takes is told; so is what happens to somebody who is quicker than that.
"""

from __future__ import annotations

import time

from playwright.sync_api import Browser, Page, sync_playwright

from bench.lib.browsers.chromium import launch
from bench.lib.report import CannotMeasure, Row, Spread, milliseconds
from bench.lib.service import Service

EXERCISE = "side-by-side"
ALLOWED_MS, STARTING_MS = 300.0, 1500.0
"""A choice anywhere, and one that is made while the service still starts."""
CHOICES = ("pace", "pitch", "voice")
LIMIT_MS = 60_000
QUIET_S, BETWEEN_S = 4.0, 1.0
_WATCH = """
window.Audio = class extends Audio {
  constructor() { super(); window.previewed = this; }
};
window.fetched = 0;
const fetchAsIs = window.fetch;
window.fetch = async (...given) => {
  const answer = await fetchAsIs(...given);
  if (String(given[0]).includes("preview.flac")) window.fetched += 1;
  return answer;
};
window.choose = (name, value) => new Promise((resolve) => {
  const select = document.getElementById(`choice-${name}`);
  select.value = value;
  const began = performance.now();
  const look = () => {
    if (!previewed.paused && previewed.currentTime > 0 && previewed.src.includes(`${name}=${value}`)) {
      resolve(performance.now() - began);
    } else setTimeout(look, 4);
  };
  select.dispatchEvent(new Event("change", {bubbles: true}));
  look();
});
"""


def _opened(browser: Browser, service: Service) -> Page:
    page = browser.new_context(service_workers="block").new_page()
    page.add_init_script(_WATCH)
    page.set_default_timeout(LIMIT_MS)
    page.goto(f"{service.address}/exercises/{EXERCISE}/")
    page.locator(".settings summary").click()
    return page


def _others(page: Page, name: str) -> list[str]:
    """The other choices."""
    values = page.eval_on_selector_all(f"#choice-{name} option", "all => all.map((one) => one.value)")
    chosen = page.eval_on_selector(f"#choice-{name}", "one => one.value")
    return [str(value) for value in values if value not in (chosen, "recorded")]


def _quiet(service: Service, quiet_s: float) -> float:
    """Wait until no preview was made for so long; the seconds from now to the last one."""
    count, last = 0, (began := time.monotonic())
    while not count or time.monotonic() - last < quiet_s:
        if time.monotonic() - began > LIMIT_MS / 1000:
            raise CannotMeasure("the service makes no previews, or never ends making them.")
        found = len(list((service.data / "clips").glob("*/*.clip")))
        if found != count:
            count, last = found, time.monotonic()
        time.sleep(0.1)
    return last - began


def _right_after_opening(browser: Browser, service: Service) -> list[float]:
    """Each option, on a new phone each time, once what was fetched for the phone before is made."""
    page = _opened(browser, service)
    asked = [(name, value) for name in CHOICES for value in _others(page, name)]
    page.context.close()
    taken = []
    for name, value in asked:
        page = _opened(browser, service)
        taken.append(_choose(page, name, value))
        page.context.close()
        _quiet(service, BETWEEN_S)
    return taken


def _settled(page: Page) -> None:
    """Wait until nothing more is fetched."""
    count = -1
    while count != (count := page.evaluate("window.fetched")):
        page.wait_for_timeout(2500)


def _choose(page: Page, name: str, value: str) -> float:
    return float(page.evaluate("([name, value]) => choose(name, value)", [name, value])) / 1000


def _when_fetched(browser: Browser, service: Service) -> list[float]:
    """Each option, on one phone that has fetched what can be chosen next."""
    page = _opened(browser, service)
    _settled(page)
    seen = []
    for name in CHOICES:
        usual = page.eval_on_selector(f"#choice-{name}", "one => one.value")
        for value in _others(page, name):
            seen.append(_choose(page, name, value))
        _choose(page, name, usual)
        _settled(page)
    page.context.close()
    return seen


def measure() -> list[Row]:
    """The rows of this figure."""
    with sync_playwright() as playwright, launch(playwright) as browser:
        with Service(ahead=True) as service:
            hurried = _opened(browser, service)
            at_once = [_choose(hurried, name, _others(hurried, name)[-1]) for name in CHOICES]
        with Service(ahead=True) as service:
            ahead_s = _quiet(service, QUIET_S)
            first = _right_after_opening(browser, service)
            seen = _when_fetched(browser, service)
    rows = []
    for what, times in (
        ("right after opening, in a service that never spoke", first),
        ("where fetched", seen),
    ):
        every = Spread.of(times)
        if len(every.values) < 3 * len(CHOICES):
            raise CannotMeasure("the page offers too little to choose from.")
        rows.append(
            Row(f"change to sound, every option, {what}", milliseconds(every), f"≤ {ALLOWED_MS:.0f} ms each",
                ok=max(every.values) * 1000 <= ALLOWED_MS, values={"seen": times})
        )  # fmt: skip
    return [
        *rows,
        Row("the first of them are there after the start in", f"{ahead_s:.1f} s"),
        Row(
            "right after opening, while the service starts",
            milliseconds(Spread.of(at_once)),
            f"≤ {STARTING_MS:.0f} ms each",
            ok=max(at_once) * 1000 <= STARTING_MS,
        ),
    ]
