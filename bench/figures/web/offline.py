"""offline: the network is cut after one visit, and every exercise that is kept is played in a real Chromium.

One context opens the library once, keeps all of level 0 and 1 (shortest lengths, but the grounding exercise at its
own) from "Kept on this phone", then the service is ended and the browser told that it is offline. Of each exercise:
the page is opened, Begin pressed, the sound moved to a second before every spoken line and played across its start,
then moved to three seconds before its end and played to the page that says it is over. The shortest exercise is
also played from its first second to its last without a jump. One page at a time, so that none disturbs the others.

*Prompt.* Milliseconds from the start of a line on the sound's own clock (`currentTime`, as the page reads it) to when
the words had changed. What a microphone would hear is measured by `prompt`; the page and its clock are the same
here, and the file is byte for byte the one that the service gave, which is checked too.

*Visibly failed*: a page's request that failed (other than one that the page itself ended), a script that threw, or
the page's own sentence that something is wrong. The worker's own look for something newer fails unseen, and is not
counted.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from playwright.sync_api import BrowserContext, Page, Request, sync_playwright

from bench.lib.browsers.chromium import launch
from bench.lib.report import CannotMeasure, Row, Spread
from bench.lib.service import Service

ALLOWED_MS = 20.0
LIMIT_S = 180.0
BEFORE_S, TAIL_S = 1.0, 3.0
SHORTEST = '{"length": "0"}'
STATUS = "() => document.getElementById('room').textContent"
WATCH = """() => {
  const audio = document.getElementById("audio"), said = document.querySelector('[data-half="circle"] .said');
  window.seen = [];
  let last = said.dataset.cue;
  new MutationObserver(() => {
    if (said.dataset.cue === last) return;
    last = said.dataset.cue;
    window.seen.push([Number(last), audio.currentTime]);
  }).observe(said, {attributes: true, attributeFilter: ["data-cue"]});
}"""
SOUND = """async (address) => {
  const body = await (await fetch(address)).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}"""


@dataclass
class Heard:
    """One exercise: offsets in ms, lines that got no prompt, and whether it came to its end."""

    lines: int = 0
    offsets_ms: list[float] = field(default_factory=list)
    ended: bool = False
    same_bytes: bool = False


def _wait(page: Page, condition: str, limit_s: float = 20.0) -> bool:
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if page.evaluate(f"(a => {condition})(document.getElementById('audio'))"):
            return True
        page.wait_for_timeout(30)
    return False


def _keep_all(page: Page, service: Service) -> list[dict[str, str]]:
    """Visit the library, keep everything, and say what is kept."""
    page.goto(f"{service.address}/", wait_until="networkidle")
    page.evaluate("(usual) => localStorage.setItem('still-here:settings', usual)", SHORTEST)
    page.goto(f"{service.address}/kept", wait_until="networkidle")
    page.wait_for_selector("#keep-all:visible")
    page.click("#keep-all")
    page.wait_for_selector("#room:text-matches('^([0-9]+) of \\\\1 are kept')", timeout=LIMIT_S * 1000)
    kept: list[dict[str, str]] = page.evaluate(
        """async () => {
          const index = await caches.open("still-here-kept");
          return Promise.all((await index.keys()).map(async (key) => (await index.match(key)).json()));
        }"""
    )
    return kept


def _open(page: Page, address: str) -> dict[str, Any]:
    page.goto(address, wait_until="load")
    page.wait_for_timeout(300)
    if page.locator("#begin").is_visible():
        page.click("#begin")
    if not _wait(page, "!a.paused && a.currentTime > 0.05"):
        raise CannotMeasure(f"{address} does not play without a network.")
    page.evaluate(WATCH)
    query = page.evaluate("new URL(document.getElementById('audio').currentSrc).search")
    plan: dict[str, Any] = page.evaluate("(q) => fetch('timeline.json' + q).then((r) => r.json())", query)
    return {"plan": plan, "query": query}


def _across(page: Page, address: str, digest: str) -> Heard:
    """Play across the start of each line, and the end."""
    opened = _open(page, address)
    lines = [(i, c) for i, c in enumerate(opened["plan"]["cues"]) if c["kind"] == "line"]
    heard = Heard(len(lines))
    for _, cue in lines:
        at = max(0.0, cue["start"] - BEFORE_S)
        page.evaluate("(t) => { document.getElementById('audio').currentTime = t; }", at)
        _wait(page, f"!a.seeking && a.currentTime > {cue['start'] + 0.15}")
    heard.offsets_ms = _offsets(page, lines)
    page.evaluate(
        "(t) => { document.getElementById('audio').currentTime = t; }", opened["plan"]["duration"] - TAIL_S
    )
    heard.ended = _wait(page, "!document.getElementById('over').hidden", TAIL_S + 15)
    heard.same_bytes = page.evaluate(SOUND, f"{address}audio.mp3{opened['query']}") == digest
    return heard


def _offsets(page: Page, lines: list[tuple[int, dict[str, Any]]]) -> list[float]:
    """The first change to each line that came when the sound was near its start."""
    starts = {i: cue["start"] for i, cue in lines}
    near: dict[int, float] = {}
    for cue, at in page.evaluate("window.seen"):
        if cue in starts and abs(at - starts[cue]) < BEFORE_S / 2:
            near.setdefault(cue, (at - starts[cue]) * 1000)
    return list(near.values())


def _straight(page: Page, address: str) -> tuple[bool, float, float]:
    """Play the whole without a jump: (ended, seconds it took, its length)."""
    opened = _open(page, address)
    length = opened["plan"]["duration"]
    began = time.monotonic() - page.evaluate("document.getElementById('audio').currentTime")
    ended = _wait(page, "!document.getElementById('over').hidden", length + 20)
    return ended, time.monotonic() - began, length


def _watch(context: BrowserContext) -> list[str]:
    failures: list[str] = []

    def failed(request: Request) -> None:
        # a jump or a page that is left ends what was under way for it; nothing of that is seen
        if request.failure != "net::ERR_ABORTED" and not request.service_worker:
            failures.append(f"{request.url}: {request.failure}")

    context.on("requestfailed", failed)
    context.on("weberror", lambda e: failures.append(str(e.error)))
    return failures


def measure() -> list[Row]:
    """The rows of this figure."""
    with Service() as service, sync_playwright() as playwright, launch(playwright) as browser:
        context = browser.new_context()
        page = context.new_page()
        kept = _keep_all(page, service)
        digests = {
            one["id"]: hashlib.sha256(service.get(f"/exercises/{one['id']}/audio.mp3?{one['query']}").body)
            for one in kept
        }
        service.end()
        context.set_offline(True)
        failures = _watch(context)
        heard = {}
        for one in kept:
            address = f"{service.address}/exercises/{one['id']}/"
            heard[one["id"]] = _across(page, address, digests[one["id"]].hexdigest())
            if page.locator("#trouble").is_visible():
                failures.append(f"{one['id']}: {page.locator('#trouble-text').inner_text()}")
        shortest = min(kept, key=lambda one: float(one["duration"]))
        straight = _straight(page, f"{service.address}/exercises/{shortest['id']}/")
    return _rows(kept, heard, straight, failures)


def _rows(
    kept: list[dict[str, str]],
    heard: dict[str, Heard],
    straight: tuple[bool, float, float],
    failures: list[str],
) -> list[Row]:
    whole = sum(one.ended and one.same_bytes and len(one.offsets_ms) == one.lines for one in heard.values())
    offsets = [ms for one in heard.values() for ms in one.offsets_ms]
    lines = sum(one.lines for one in heard.values())
    p95 = float(np.percentile(np.abs(offsets), 95))
    ended, took, length = straight
    return [
        Row(
            "kept exercises: every line, the end, the same bytes",
            f"{whole} of {len(kept)}",
            "all",
            ok=whole == len(kept),
        ),
        Row(
            "the shortest of them from first second to last",
            f"{took:.1f} s of {length:.1f} s",
            "to its end",
            ok=ended and abs(took - length) < 2.0,
        ),
        Row(
            f"prompts of {len(offsets)} of {lines} lines, by the sound's own clock",
            f"p95 {p95:.1f} ms; {Spread.of(offsets).show(' ms')}",
            f"p95 ≤ {ALLOWED_MS:.0f} ms, none missing",
            ok=p95 <= ALLOWED_MS and len(offsets) == lines,
            values={"offsets_ms": offsets},
        ),
        Row(
            "pages' requests that failed, scripts that threw, sentences of trouble",
            f"{len(failures)}",
            "0",
            ok=not failures,
            values={"failures": failures},
        ),
    ]
