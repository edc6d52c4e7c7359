"""page: what the first page costs, with all that it loads, in a real Chromium with an empty cache.

The sum of `encodedDataLength` over all requests until the network is quiet, which is bytes on the wire: compressed
bodies and headers. What a service worker fetches later for use without a network is not part of a first page and
is not seen here. The page of one exercise is given as well, before Begin is pressed.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, sync_playwright

from .report import Row
from .rig import launch
from .service import Service

ALLOWED_KB = 60.0
EXERCISE = "side-by-side"


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


def measure() -> list[Row]:
    """The rows of this figure."""
    with Service() as service, sync_playwright() as playwright, launch(playwright) as browser:
        first = _load(browser.new_page(), f"{service.address}/")
        exercise = _load(browser.new_page(), f"{service.address}/exercises/{EXERCISE}/")
    rows = []
    for what, sizes, asked in (("first page", first, True), (f"the page of {EXERCISE}", exercise, False)):
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
    return rows
