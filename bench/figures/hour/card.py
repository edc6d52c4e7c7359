"""A card as one file: how large five minutes are in each setting, and whether they play whole with no network.

The file is opened by its path in a Chromium that is offline. It plays at four times its pace, so that five minutes take
75 seconds; whole means that the sound came to its end, that the end is where the timeline has it, and that each line
was shown. Nothing may be asked of any network.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from audio.recipe import SETTINGS
from bench.lib.browsers.chromium import launch
from bench.lib.phones.pair import PHONE
from bench.lib.report import CannotMeasure, Row
from tests.conftest import stop_service
from tests.support.therapist import Therapist, started

EXERCISE, LENGTH_S, MOST_BYTES = "side-by-side", 300, 3e6
PACE, SLACK_S, LIMIT_S = 4, 0.2, 180.0

WATCH = """(pace) => {
  const audio = document.querySelector("audio"), words = document.querySelector("[data-part=words]");
  const seen = window.seen = {ended: null, words: []};
  audio.defaultPlaybackRate = audio.playbackRate = pace;
  audio.addEventListener("ended", () => { seen.ended = audio.duration; });
  new MutationObserver(() => seen.words.push(words.textContent)).observe(words, {childList: true, subtree: true});
}"""


def measure() -> list[Row]:
    """The rows of this part."""
    rows = []
    with (
        tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as folder,
        sync_playwright() as playwright,
    ):
        service = started(Path(folder))
        try:
            therapist = Therapist(service)
            therapist.sign_in()
            with launch(playwright) as browser:
                for setting in SETTINGS:
                    file = Path(folder) / f"{setting}.html"
                    file.write_bytes(_card(therapist, setting))
                    rows += _rows(browser, file, setting)
        finally:
            stop_service(service)
    return rows


def _card(therapist: Therapist, setting: str) -> bytes:
    pieces = {"exercise-1": EXERCISE, "length-1": str(LENGTH_S), "setting-1": setting}
    address = therapist.ask("POST", "/therapist/cards", pieces).plain["address"]
    return therapist.ask("GET", f"{urlsplit(address).path}card.html").body


def _rows(browser: Browser, file: Path, setting: str) -> list[Row]:
    size, timeline, (seen, asked) = file.stat().st_size, _timeline(file), _played(browser, file)
    lines = {one for cue in timeline["cues"] if cue["kind"] == "line" for one in _texts(cue)}
    shown = {line for line in lines if any(line in words for words in seen["words"])}
    whole = abs(seen["ended"] - timeline["duration"]) <= SLACK_S and shown == lines and not asked
    told = (
        f"{seen['ended']:.1f} s, {len(shown)} of {len(lines)} lines shown, {len(asked)} requests to a network"
    )
    return [
        Row(f"card of five minutes as one file, {setting}", f"{size / 1e6:.2f} MB", "≤ 3 MB", ok=size <= MOST_BYTES),
        Row(f"plays whole with no network, {setting}", told, f"{timeline['duration']} s, all lines, 0", ok=whole),
    ]  # fmt: skip


def _timeline(file: Path) -> dict[str, Any]:
    found = re.search(r'data-part="timeline">(.*?)</script>', file.read_text("utf-8"), re.DOTALL)
    if not found:
        raise CannotMeasure("the card's file has no timeline.")
    return json.loads(found[1])


def _texts(cue: dict[str, Any]) -> list[str]:
    text = cue["text"]
    return [text] if isinstance(text, str) else [one for one in text.values() if one]


def _played(browser: Browser, file: Path) -> tuple[dict[str, Any], list[str]]:
    """Play a card to its end; gives what was seen, and what was asked of a network."""
    context = browser.new_context(viewport=PHONE, offline=True)
    page, asked = context.new_page(), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.evaluate(WATCH, PACE)
    page.locator("[data-part=begin]").first.click()
    for _ in range(round(LIMIT_S * 2)):
        page.wait_for_timeout(500)
        seen = page.evaluate("window.seen")
        if seen["ended"] is not None:
            context.close()
            return seen, [url for url in asked if not url.startswith(("file:", "blob:", "data:"))]
    raise CannotMeasure("the card's file did not come to its end.")
