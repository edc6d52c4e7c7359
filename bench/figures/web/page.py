"""page: what the first page costs, with all that it loads, in a real Chromium with an empty cache.

The sum of `encodedDataLength` over all requests until the network is quiet, which is bytes on the wire: compressed
bodies and headers. What the service worker fetches afterwards is not seen by this; what it keeps for use without a
network is added up from its list, file by file as gzip sends it, without headers. The grounding exercise's sound is
left out of that and given by itself. All that is given in each language. The page of one exercise is given as well,
before Begin is pressed.
"""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench.lib.browsers.chromium import launch
from bench.lib.report import Row
from bench.lib.service import Service

ALLOWED_KB = 75.0
EXERCISE = "side-by-side"
LANGUAGES = {"": "English", "/es": "Spanish"}
"""Those of the pages, by the head of their paths."""


def _load(page: Page, address: str) -> dict[str, float]:
    """Bytes on the wire by path."""
    urls: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def sent(event: dict[str, Any]) -> None:
        urls[event["requestId"]] = event["request"]["url"]

    def loaded(event: dict[str, Any]) -> None:
        path = "/" + urls[event["requestId"]].split("/", 3)[3]
        sizes[path] = sizes.get(path, 0) + event["encodedDataLength"]

    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", loaded)
    page.goto(address, wait_until="networkidle")
    session.detach()
    return sizes


def _kept_rows(service: Service, root: str) -> list[Row]:
    """Bytes that a first visit leaves on the phone."""
    found = re.search(r"serve\((\{.*\})\);", service.get(f"{root}/sw.js").body.decode(), re.DOTALL)
    assert found
    told = json.loads(found[1])
    sizes = {path: service.get(path).body for path in (f"{root}/sw.js", *told["files"])}
    packed = {path: min(len(body), len(gzip.compress(body, 6))) for path, body in sizes.items()}
    total = sum(packed.values()) / 1000
    return [
        Row(f"what a first visit leaves on the phone{_in(root)}, {len(packed)} files", f"{total:.1f} kB",
            values={"bytes": packed}),
        *([] if root else [_sound_row(service, told["grounding"])]),
    ]  # fmt: skip


def _sound_row(service: Service, grounding: dict[str, str]) -> Row:
    sound = service.get(f"/exercises/{grounding['id']}/audio.mp3?{grounding['query']}").body
    return Row("  and the grounding exercise's sound", f"{len(sound) / 1000:.0f} kB")


def _in(root: str) -> str:
    return f" in {LANGUAGES[root]}" if root else ""


def measure() -> list[Row]:
    """The rows of this figure."""
    with Service() as service, sync_playwright() as playwright, launch(playwright) as browser:
        kept = [row for root in LANGUAGES for row in _kept_rows(service, root)]
        loads = [
            (f"first page{_in(root)}", _load(browser.new_page(), f"{service.address}{root}/"), True)
            for root in LANGUAGES
        ]
        exercise = _load(browser.new_page(), f"{service.address}/exercises/{EXERCISE}/")
    rows = []
    for what, sizes, asked in (*loads, (f"the page of {EXERCISE}", exercise, False)):
        total = sum(sizes.values()) / 1000
        rows.append(
            Row(
                f"{what}, {len(sizes)} requests",
                f"{total:.1f} kB",
                f"≤ {ALLOWED_KB:.0f} kB" if asked else "–",
                ok=total <= ALLOWED_KB if asked else None,
                values={"bytes": sizes},
            )
        )
    return [*rows, *kept]
