"""Draw the icons from `web/static/mark.svg` with Chromium: `python web/draw_icons.py`, after the mark has changed.

The results are committed, so that neither a service nor a test needs a browser for them. They have few colours and a
palette, which makes them a third as large: one of them is part of a phone's first visit.
"""

from __future__ import annotations

import re
import shutil
import struct
import zlib
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

STATIC = Path(__file__).parent / "static"
PAPER = "#f6f0e4"
SIZES = {"192.png": (192, 1.0), "512.png": (512, 1.0), "180-full.png": (180, 0.8), "512-full.png": (512, 0.7)}
"""File: width in pixels, and how much of it the mark takes. A full one is cut to shape by the system that shows it:
what it may cut off is paper."""
STEP, COMMON = 8, 0.01
"""Colours of edges are so far apart in each channel; one that covers this share of the whole stays as it is."""
DRAWN = """async ([mark, width, share, paper]) => {
  const image = new Image(), inner = width * share, edge = (width - inner) / 2;
  const sized = mark.replace("<svg", `<svg width="${inner}" height="${inner}"`);
  image.src = "data:image/svg+xml," + encodeURIComponent(sized);
  await image.decode();
  const brush = new OffscreenCanvas(width, width).getContext("2d");
  brush.fillStyle = paper;
  if (share < 1) brush.fillRect(0, 0, width, width);
  brush.drawImage(image, edge, edge, inner, inner);
  return [...brush.getImageData(0, 0, width, width).data];
}"""


def few_colours(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A palette and, for each pixel of a square, its place in there; what is not opaque comes first."""
    seen, which, count = np.unique(pixels.reshape(-1, 4), axis=0, return_inverse=True, return_counts=True)
    near = np.minimum(255, seen.astype(int) // STEP * STEP + STEP // 2)
    near[near[:, 3] > 255 - STEP, 3] = 255
    near[count > COMMON * count.sum()] = seen[count > COMMON * count.sum()]
    palette, place = np.unique(near[:, ::-1], axis=0, return_inverse=True)  # by opacity first
    return palette[:, ::-1].astype(np.uint8), place.reshape(-1)[which.reshape(-1)].reshape(pixels.shape[:2])


def png(palette: np.ndarray, places: np.ndarray) -> bytes:
    """A picture with a palette of 256 colours at most, as a file."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    height, width = places.shape
    rows = b"".join(b"\0" + row.tobytes() for row in places.astype(np.uint8))
    clear = palette[palette[:, 3] < 255, 3]
    return b"".join((
        b"\x89PNG\r\n\x1a\n",
        chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        chunk(b"PLTE", palette[:, :3].tobytes()),
        chunk(b"tRNS", clear.tobytes()) if len(clear) else b"",
        chunk(b"IDAT", zlib.compress(rows, 9)),
        chunk(b"IEND", b""),
    ))  # fmt: skip


def main() -> None:
    """Write every icon."""
    mark = (STATIC / "mark.svg").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        for name, (width, share) in SIZES.items():
            shown = re.sub(r' rx="\d+"', "", mark) if share < 1 else mark
            drawn = page.evaluate(DRAWN, [shown, width, share, PAPER])
            pixels = np.array(drawn, np.uint8).reshape(width, width, 4)
            (STATIC / "icons" / name).write_bytes(png(*few_colours(pixels)))
        browser.close()


if __name__ == "__main__":
    main()
