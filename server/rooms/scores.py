"""Where the clips of a score lie in this service's own cache.

DATA/rooms/scores/<key>  {wording of a script: [key of its clip, seconds]}
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

from audio.files import write_whole

log = logging.getLogger(__name__)

SCORES_KEPT = 400


class ScoreStore:
    """The newest scores of a folder. Where the disk takes nothing they are looked up again, which costs time alone."""

    def __init__(self, folder: Path):
        self._folder = folder

    def keep(self, key: str, clips: dict[str, tuple[str, float]]) -> None:
        """Keep where the clips of a score lie."""
        try:
            write_whole(self._folder / key, json.dumps(clips).encode())
        except OSError as error:
            log.warning("where clips lie cannot be kept: %s", error.strerror)
        files = sorted(self._folder.glob("[0-9a-f]*"), key=lambda p: p.stat().st_mtime)
        for path in files[:-SCORES_KEPT]:
            path.unlink(missing_ok=True)

    def find(self, key: str) -> dict[str, tuple[str, float]] | None:
        """The addresses of the clips of a score, as far as they are known."""
        try:
            plain = json.loads((self._folder / key).read_bytes())
            return {str(line): (str(clip), float(seconds)) for line, (clip, seconds) in plain.items()}
        except (OSError, AttributeError, TypeError, ValueError):
            return None
