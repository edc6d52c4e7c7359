"""preview: how soon a changed voice, pace or pitch is heard on an exercise page, in a real Chromium.

The settings are opened, and what could be chosen next is fetched. Then every option of each of the three is chosen
once, as a person would, and the time is taken from the change until the sound has begun to move on. Before that, each
option is asked for of a service that has never spoken, right after the settings were opened: nothing is ahead then.
"""

from __future__ import annotations

from playwright.sync_api import Browser, Page, sync_playwright

from .report import CannotMeasure, Row, Spread, milliseconds
from .rig import launch
from .service import Service

EXERCISE = "side-by-side"
ALLOWED_MS = 300.0
CHOICES = ("pace", "pitch", "voice")
LIMIT_MS = 60_000
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
    """What else could be chosen."""
    values = page.eval_on_selector_all(f"#choice-{name} option", "all => all.map((one) => one.value)")
    chosen = page.eval_on_selector(f"#choice-{name}", "one => one.value")
    return [str(value) for value in values if value not in (chosen, "recorded")]


def _settled(page: Page) -> None:
    """Wait until nothing more is fetched."""
    count = -1
    while count != (count := page.evaluate("window.fetched")):
        page.wait_for_timeout(2500)


def _choose(page: Page, name: str, value: str) -> float:
    return float(page.evaluate("([name, value]) => choose(name, value)", [name, value])) / 1000


def measure() -> list[Row]:
    """The rows of this figure."""
    with Service() as service, sync_playwright() as playwright, launch(playwright) as browser:
        hurried = _opened(browser, service)
        at_once = [_choose(hurried, name, _others(hurried, name)[-1]) for name in CHOICES]
        hurried.context.close()
        page = _opened(browser, service)
        _settled(page)
        seen: dict[str, list[float]] = {}
        for name in CHOICES:
            first = page.eval_on_selector(f"#choice-{name}", "one => one.value")
            for value in _others(page, name):
                seen.setdefault(name, []).append(_choose(page, name, value))
            _choose(page, name, first)
            _settled(page)
    every = Spread.of(value for values in seen.values() for value in values)
    if len(every.values) < 3 * len(CHOICES):
        raise CannotMeasure("the page offers too little to choose from.")
    worst = max(every.values) * 1000
    return [
        Row("change to sound, every option", milliseconds(every), f"≤ {ALLOWED_MS:.0f} ms each",
            ok=worst <= ALLOWED_MS, values={"seen": seen}),
        Row("the same right after opening, in a service that never spoke", milliseconds(Spread.of(at_once))),
    ]  # fmt: skip
