"""lighthouse: Google's page checker on the library and on a player, as a phone sees them.

Lighthouse is no part of the project: `npm install lighthouse` in a folder of its own, and put its `node_modules/.bin`
on the PATH. Its mobile settings slow the processor fourfold and the network to that of a phone.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from bench.lib.browsers.chromium import need
from bench.lib.report import CannotMeasure, Row
from bench.lib.service import Service

ALLOWED = 98
PAGES = {"library": "/", "player": "/exercises/side-by-side/"}
CATEGORIES = ("performance", "accessibility", "best-practices")
LIMIT_S = 180


def _scores(address: str) -> dict[str, float]:
    """Category to score, from 0 to 100."""
    with tempfile.TemporaryDirectory(prefix="bench-lighthouse-") as home:
        told = Path(home) / "told.json"
        command = ["lighthouse", address, "--quiet", "--output=json", f"--output-path={told}"]
        command += [f"--only-categories={','.join(CATEGORIES)}"]
        command += ["--chrome-flags=--headless=new --no-sandbox --disable-background-networking"]
        chrome = {"CHROME_PATH": shutil.which("chromium") or ""}
        subprocess.run(command, env={**os.environ, **chrome}, capture_output=True, timeout=LIMIT_S)
        if not told.exists():
            raise CannotMeasure(f"lighthouse gave no report on {address}.")
        report = json.loads(told.read_text())
    return {name: 100 * (report["categories"][name]["score"] or 0) for name in CATEGORIES}


def measure() -> list[Row]:
    """The rows of this figure."""
    need("chromium")
    if not shutil.which("lighthouse"):
        raise CannotMeasure("lighthouse is not installed; npm install lighthouse, and put it on the PATH.")
    rows = []
    with Service() as service:
        service.get("/exercises/side-by-side/timeline.json")
        for name, path in PAGES.items():
            scores = _scores(service.address + path)
            seen = ", ".join(f"{category} {score:.0f}" for category, score in scores.items())
            ok = min(scores.values()) >= ALLOWED
            rows.append(Row(f"{name}, mobile", seen, f"≥ {ALLOWED} each", ok=ok, values=scores))
    return rows
