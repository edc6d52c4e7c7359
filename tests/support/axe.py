"""Findings of axe-core on a page, in every look that changes its colours or its layout.

One page is looked at again and again, its scheme, size and letters being emulated: a page or a state costs one load or
one way there, whatever is looked at in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
USUAL_PERCENT = 106.25
"""The size of letters that base.css gives the page, in percent of the browser's own."""
SET = """([light, percent]) => {
  const root = document.documentElement;
  if (light) root.dataset.light = light; else delete root.dataset.light;
  root.style.fontSize = percent ? `${percent}%` : "";
}"""


@dataclass(frozen=True)
class Look:
    """A scheme of colours, a size of the window, and letters so many times as large."""

    scheme: Literal["light", "dark", "dim"]
    size: dict[str, int]
    letters: float = 1.0

    def __str__(self) -> str:
        return f"{self.scheme}, {self.size['width']} wide, letters × {self.letters:g}"


LOOKS = (
    Look("light", PHONE),
    Look("dark", DESK),
    Look("dim", PHONE, letters=2.0),
    Look("light", DESK, letters=2.0),
)


def violations(page: Page, looks: tuple[Look, ...] = LOOKS) -> list[str]:
    """Findings in all of these looks, in a line each; afterwards the page looks as it did."""
    size = page.viewport_size
    found = []
    for look in looks:
        _show(page, look)
        answer: dict[str, Any] = Axe().run(page).response
        found += [f"{look}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in answer["violations"]]
    _show(page, Look("light", size or PHONE))
    return found


def _show(page: Page, look: Look) -> None:
    page.emulate_media(color_scheme="light" if look.scheme == "light" else "dark")
    page.set_viewport_size(look.size)  # type: ignore[arg-type]
    percent = 0 if look.letters == 1 else look.letters * USUAL_PERCENT
    page.evaluate(SET, ["dim" if look.scheme == "dim" else "", percent])
    # Controls that step back come back by a hand, and are judged as they are used.
    page.mouse.move(2 + look.size["width"] / 3, 2)
    page.wait_for_timeout(450)  # until what fades has faded in
