"""zip: the memory that one archive of everything costs the process that serves it.

The floor is that process's own peak (VmHWM) after it has served one exercise, in the same run. The archive is read as
fast as it comes, to a file; it is opened and every sum checked, so a short or torn one cannot look cheap.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from urllib.parse import urlencode
from urllib.request import urlopen

from bench.lib.report import CannotMeasure, Row
from bench.lib.service import Service, peak_mb

ALLOWED_MB = 20.0
ARCHIVES = {
    "MP3, usual lengths": {"kind": "mp3"},
    "WAV, longest, one earbud each": {"kind": "wav", "length": "longest", "setting": "earbuds"},
    "FLAC, usual lengths (size unknown)": {"kind": "flac"},
}


def _archive(choices: dict[str, str]) -> tuple[dict[str, float], dict[str, float], int, bool]:
    """Peaks before and after by role, bytes of the archive, and whether its length was told beforehand."""
    with Service() as service, tempfile.TemporaryFile() as whole:
        service.get("/exercises/doorway/audio.mp3")
        before = {role: peak_mb(pid) for role, pid in service.processes().items()}
        with urlopen(f"{service.address}/files/still-here.zip?{urlencode(choices)}", timeout=120) as answer:
            shutil.copyfileobj(answer, whole, 64 * 1024)
            told = answer.headers["Content-Length"]
        after = {role: peak_mb(pid) for role, pid in service.processes().items()}
        size = whole.tell()
        with zipfile.ZipFile(whole) as file:
            if not file.namelist() or file.testzip() or told not in (None, str(size)):
                raise CannotMeasure("the archive that came is not whole.")
    return before, after, size, told is not None


def measure() -> list[Row]:
    """The rows of this figure."""
    rows = []
    for what, choices in ARCHIVES.items():
        before, after, size, sized = _archive(choices)
        more = after["serving"] - before["serving"]
        told = ", length told" if sized else ""
        rows.append(
            Row(
                f"{what} ({size / 1e6:.0f} MB{told}): serving process",
                f"{more:+.1f} MB: {after['serving']:.1f} MB",
                f"≤ +{ALLOWED_MB:.0f} MB",
                f"before {before['serving']:.1f} MB",
                f"{after['serving'] / before['serving']:.2f} ×",
                more <= ALLOWED_MB,
                {"before": before, "after": after, "bytes": size},
            )
        )
        rows.append(
            Row(
                "  composing process",
                f"{after['composing'] - before['composing']:+.1f} MB: {after['composing']:.1f} MB",
                floor=f"before {before['composing']:.1f} MB",
            )
        )
    return rows
