"""Firefox ESR, by WebDriver BiDi straight to the browser, without a window and without geckodriver."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from typing import Any

from tests.support.browsers.bidi import BidiError, Connection
from tests.support.browsers.page import Browser, Interrupted, Page
from tests.support.errors import NotInTime
from tests.support.programs import end, find

START_S = 60.0
_ADDRESS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
PREFERENCES = {
    "app.update.auto": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "media.navigator.permission.disabled": True,  # a microphone without a question
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    # pages share this machine: none may be throttled as the one in the background
    "dom.min_background_timeout_value": 4,
    "dom.timeout.enable_budget_timer_throttling": False,
    "widget.windows.window_occlusion_tracking.enabled": False,
}
LEFT = ("no such frame", "no such script", "unknown error")


class Firefox(Browser):
    """Debian's Firefox ESR. Raises NotInstalled."""

    def __init__(self, sound: Mapping[str, str] | None):
        program = find("firefox-esr", "firefox-esr", "firefox")
        self._profile = tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True)
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in PREFERENCES.items()]
        if not sound:
            lines.append('user_pref("media.volume_scale", "0.0");\n')
        with open(f"{self._profile.name}/user.js", "w") as file:
            file.writelines(lines)
        self._process = subprocess.Popen(
            [program, "--headless", "--no-remote", "--profile", self._profile.name, "--remote-debugging-port=0"],
            env={**os.environ, **(sound or {})},
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._connection = Connection(f"{self._address()}/session")
        self._connection.send("session.new", capabilities={})

    def _address(self) -> str:
        alarm = threading.Timer(START_S, self._process.kill)
        alarm.start()
        assert self._process.stderr
        for line in self._process.stderr:
            if found := _ADDRESS.search(line):
                alarm.cancel()
                # what it says from now on is read, so that it never waits for a reader
                self._reader = threading.Thread(target=self._process.stderr.read, daemon=True)
                self._reader.start()
                return found[1]
        raise NotInTime("Firefox does not start.")

    def new_page(self, width: int = 390, height: int = 844, script: str = "") -> FirefoxPage:
        send = self._connection.send
        owner = send("browser.createUserContext")["userContext"]
        if script:
            send("script.addPreloadScript", functionDeclaration=script, userContexts=[owner])
        tab = send("browsingContext.create", type="tab", userContext=owner)["context"]
        send("browsingContext.setViewport", context=tab, viewport={"width": width, "height": height})
        return FirefoxPage(self._connection, owner, tab)

    def close(self) -> None:
        self._connection.close()
        end(self._process)
        self._reader.join()
        assert self._process.stderr
        self._process.stderr.close()
        self._profile.cleanup()


class FirefoxPage(Page):
    """A tab of Firefox in a user context of its own."""

    def __init__(self, connection: Connection, owner: str, tab: str):
        self._connection, self._owner, self._tab = connection, owner, tab

    def _send(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._connection.send(method, **parameters)

    def goto(self, address: str) -> None:
        self._send("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def call(self, function: str, *arguments: Any) -> Any:
        try:
            answer = self._send(
                "script.callFunction",
                functionDeclaration=f"async (list) => JSON.stringify(await ({function})(...JSON.parse(list)))",
                arguments=[{"type": "string", "value": json.dumps(arguments)}],
                target={"context": self._tab},
                awaitPromise=True,
            )
        except BidiError as error:
            if error.code in LEFT:
                raise Interrupted from error
            raise
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"].get("value") or "null")

    def tap(self, x: float, y: float) -> None:
        self._send("browsingContext.activate", context=self._tab)
        move = {"type": "pointerMove", "x": round(x), "y": round(y)}
        press = [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        self._act({"type": "pointer", "id": "finger", "actions": [move, *press]})

    def type(self, text: str) -> None:
        keys = [{"type": kind, "value": letter} for letter in text for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keys", "actions": keys})

    def _act(self, source: dict[str, Any]) -> None:
        self._send("input.performActions", context=self._tab, actions=[source])

    def close(self) -> None:
        self._send("browser.removeUserContext", userContext=self._owner)
