"""WebKitGTK's MiniBrowser, by Debian's WebKitWebDriver and Selenium, on a screen that nobody sees.

A driver holds one session, and a session has one set of cookies, so each page is a browser with a driver of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from selenium.common.exceptions import JavascriptException, WebDriverException
from selenium.webdriver import ActionChains, WebKitGTK
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.support.browsers.display import display
from tests.support.browsers.page import Browser, Interrupted, Page
from tests.support.errors import NotInstalled
from tests.support.programs import find

PACKAGE = "webkit2gtk-driver"
LIBRARIES = Path("/usr/lib")
CALL = """const [text, done] = arguments;
(async () => (%s)(...JSON.parse(text)))().then(
  (value) => done(JSON.stringify({value})),
  (error) => done(JSON.stringify({error: String(error)})),
);"""
HEADLESS = {
    "GDK_BACKEND": "x11",
    "LIBGL_ALWAYS_SOFTWARE": "1",
    "NO_AT_BRIDGE": "1",
    "GTK_A11Y": "none",
    "GSETTINGS_BACKEND": "memory",
    "SE_AVOID_STATS": "true",
}


def _mini_browser() -> str:
    """Give the path of MiniBrowser, which is on no search path. Raises NotInstalled."""
    found = sorted(LIBRARIES.glob("*/webkit2gtk-4.*/MiniBrowser"))
    if not found:
        raise NotInstalled(f"MiniBrowser is not installed; with Debian, apt-get install {PACKAGE}.")
    return str(found[-1])


class WebKit(Browser):
    """WebKitGTK. Raises NotInstalled."""

    def __init__(self, sound: Mapping[str, str] | None):
        self._driver, self._browser = find(PACKAGE, "WebKitWebDriver"), _mini_browser()
        self._stack = contextlib.ExitStack()
        screen = self._stack.enter_context(display())
        self._environment = {**os.environ, **HEADLESS, "DISPLAY": screen, **(sound or {})}

    def new_page(self, width: int = 390, height: int = 844, script: str = "") -> WebKitPage:
        if script:
            raise NotImplementedError("WebKitWebDriver runs no script before a page's own.")
        options = Options()
        options.binary_location = self._browser
        options.add_argument("--automation")
        service = Service(self._driver, env=self._environment)
        page = WebKitPage(WebKitGTK(options=options, service=service))
        self._stack.callback(page.close)
        page.driver.set_window_rect(0, 0, width, height)
        return page

    def close(self) -> None:
        self._stack.close()


class WebKitPage(Page):
    """A window of MiniBrowser; `driver` is Selenium's."""

    def __init__(self, driver: WebKitGTK):
        self.driver = driver
        self._open = True

    def goto(self, address: str) -> None:
        self.driver.get(address)

    def call(self, function: str, *arguments: Any) -> Any:
        try:
            text = self.driver.execute_async_script(CALL % function, json.dumps(arguments))
        except JavascriptException as error:
            raise Interrupted from error
        answer = json.loads(text)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer.get("value")

    def tap(self, x: float, y: float) -> None:
        hand = ActionBuilder(self.driver)
        hand.pointer_action.move_to_location(round(x), round(y)).click()
        hand.perform()

    def type(self, text: str) -> None:
        ActionChains(self.driver).send_keys(text).perform()

    def close(self) -> None:
        if self._open:
            self._open = False
            with contextlib.suppress(WebDriverException):
                self.driver.quit()
