"""A page of any browser: what hands do on it, and what eyes see."""

from __future__ import annotations

import abc
import json
import time
from typing import Any

from tests.support.errors import NotInTime

LIMIT_S = 20.0
STEP_S = 0.03
STILL_MS = 60

PLACE = """async (selector, still) => {
  const found = document.readyState === "complete" && document.querySelector(selector);
  if (!found || found.disabled || found.ariaDisabled === "true") return null;
  if (!found.checkVisibility({visibilityProperty: true})) return null;
  found.scrollIntoView({block: "center", behavior: "instant"});
  const before = found.getBoundingClientRect();
  await new Promise((done) => setTimeout(done, still));
  const {x, y, width, height} = found.getBoundingClientRect();
  if (x !== before.x || y !== before.y) return null;
  const [left, top] = [x + width / 2, y + height / 2];
  const on = document.elementFromPoint(left, top);
  return on && (found.contains(on) || on.contains(found)) ? [left, top] : null;
}"""
"""Give the middle of an element that a finger could touch now, and that stays where it is; or null.

Before a page has loaded, its scripts may not be there yet to see a click.
"""

CHOOSE = """(selector, value) => {
  const list = document.querySelector(selector);
  list.value = value;
  for (const kind of ["input", "change"]) list.dispatchEvent(new Event(kind, {bubbles: true}));
  return list.value === value;
}"""


class Interrupted(Exception):
    """A page was left while something was asked of it."""


class Page(abc.ABC):
    """One page in storage of its own (cookies, caches), in one window or tab."""

    @abc.abstractmethod
    def goto(self, address: str) -> None:
        """Open an address, and wait until it has loaded."""

    @abc.abstractmethod
    def call(self, function: str, *arguments: Any) -> Any:
        """Call a JavaScript function in the page and give what it returns or resolves to; both ways as JSON.

        Raises Interrupted where the page was left meanwhile.
        """

    @abc.abstractmethod
    def tap(self, x: float, y: float) -> None:
        """Click a place of the viewport as a person does: browsers take it for a gesture."""

    @abc.abstractmethod
    def type(self, text: str) -> None:
        """Press the keys of a text."""

    @abc.abstractmethod
    def close(self) -> None:
        """Close the page and forget what it stored."""

    def until(self, function: str, *arguments: Any, limit_s: float = LIMIT_S) -> Any:
        """Call a function until it gives something that is true in Python; gives that.

        Raises NotInTime.
        """
        end = time.monotonic() + limit_s
        while True:
            try:
                if value := self.call(function, *arguments):
                    return value
            except Interrupted:
                pass
            if time.monotonic() > end:
                raise NotInTime(f"not within {limit_s:g} s: {function} {json.dumps(arguments)}")
            time.sleep(STEP_S)

    def click(self, selector: str, limit_s: float = LIMIT_S) -> None:
        """Click an element as soon as it is there, can be seen and nothing lies over it."""
        x, y = self.until(PLACE, selector, STILL_MS, limit_s=limit_s)
        self.tap(x, y)

    def fill(self, selector: str, text: str) -> None:
        """Click a field and type into it."""
        self.click(selector)
        self.type(text)

    def choose(self, selector: str, value: str) -> None:
        """Choose a value of a list."""
        self.until(CHOOSE, selector, value)

    def text(self, selector: str) -> str:
        """Give the words of an element as they are shown; empty where there is none."""
        return self.call("(selector) => document.querySelector(selector)?.innerText ?? ''", selector)

    def wait_for(self, selector: str, limit_s: float = LIMIT_S) -> None:
        """Wait until an element is there and can be seen."""
        function = "(selector) => !!document.querySelector(selector)?.checkVisibility()"
        self.until(function, selector, limit_s=limit_s)

    def wait_for_text(self, selector: str, part: str, limit_s: float = LIMIT_S) -> None:
        """Wait until the words of an element hold `part`."""
        function = "(selector, part) => (document.querySelector(selector)?.innerText ?? '').includes(part)"
        self.until(function, selector, part, limit_s=limit_s)


class Browser(abc.ABC):
    """A browser that was started, silent or with a sound card's environment."""

    @abc.abstractmethod
    def new_page(self, width: int = 390, height: int = 844, script: str = "") -> Page:
        """Open a page in storage of its own. A window may be wider than asked, where a browser has a least width.

        `script` is a JavaScript function that runs in every page before the page's own. WebKit's driver cannot do that
        and raises NotImplementedError.
        """

    @abc.abstractmethod
    def close(self) -> None:
        """Close all pages and end it."""
