"""Drive three browsers through one interface: Chromium, WebKitGTK and Firefox ESR.

    card = stack.enter_context(sound_card())
    browser = open_browser("webkit", card.channel("left"), playwright)
    page = browser.new_page()
    page.goto(address)
    page.click("#begin")

`page.py` says what every page can do. Clicks and keys are those of a person: they count as gestures. Where a browser is
not installed, NotInstalled says what to install.
"""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import Playwright

from tests.support.browsers.chromium import Chromium
from tests.support.browsers.firefox import Firefox
from tests.support.browsers.page import Browser, Page
from tests.support.browsers.webkit import WebKit

__all__ = ["ENGINES", "Browser", "Page", "open_browser"]

ENGINES = ("chromium", "webkit", "firefox")


def open_browser(engine: str, sound: Mapping[str, str] | None, playwright: Playwright) -> Browser:
    """Start a browser: one of ENGINES. `sound` is the environment of a sound card, None for silence.

    `playwright` drives Chromium alone; a process can have one, so it is passed in. Raises NotInstalled.
    """
    if engine == "chromium":
        return Chromium(sound, playwright)
    return {"webkit": WebKit, "firefox": Firefox}[engine](sound)
