"""Draw the icons from `web/static/mark.svg` with Chromium: `python web/draw_icons.py`, after the mark has changed.

The results are committed, so that neither a service nor a test needs a browser for them.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parent / "static"
PAPER = "#f6f0e4"
SIZES = {"192.png": (192, 1.0), "512.png": (512, 1.0), "180-full.png": (180, 0.8), "512-full.png": (512, 0.7)}
"""File: width in pixels, and how much of it the mark takes. A full one is cut to shape by the system that shows it:
what it may cut off is paper."""


def drawing(mark: str, share: float) -> str:
    """The mark as a page of its own, on paper to the edges where it takes less than all."""
    if share < 1:
        mark = re.sub(r' rx="\d+"', "", mark)
    pad = (1 - share) / 2 * 100
    ground = PAPER if share < 1 else "transparent"
    return f"<body style='margin:0;background:{ground}'><div style='position:fixed;inset:{pad}%'>{mark}</div></body>"


def main() -> None:
    """Write every icon."""
    mark = (STATIC / "mark.svg").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (width, share) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": width})
            page.set_content(drawing(mark, share))
            page.screenshot(path=STATIC / "icons" / name, omit_background=share == 1)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
