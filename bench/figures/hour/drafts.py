"""Drafts that are saved while the service is killed (`kill -9`): what was shown as saved has to be there.

One draft, each save with another word, over HTTP as the page does it. The service is killed in the middle of the
saving and started again on the same folder. Lost is a word whose save had been answered and that a later page has not.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.lib.report import Row
from tests.support.therapist import saved_under_kill

SAVES = 500


def measure() -> list[Row]:
    """The rows of this part."""
    with tempfile.TemporaryDirectory(prefix="still-here-bench-", ignore_cleanup_errors=True) as folder:
        saved = saved_under_kill(Path(folder), SAVES)
    enough = saved.kept >= SAVES and saved.kills > 0
    return [
        Row("drafts saved under kill -9", f"{saved.kept}, {saved.kills} kills", f"≥ {SAVES}", ok=enough),
        Row("words lost that were shown as saved", str(saved.lost), "0", ok=saved.lost == 0),
    ]
