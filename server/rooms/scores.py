"""The clips of a score, by the digest of all that they are made from.

    DATA/rooms/scores/<key>  {wording of a script: [key of its clip, seconds]}

With Redis they are there as well (still-here:score:<key>, for a day), so that a room that comes from another service
need not wait for clips: its phones have theirs.
"""

from __future__ import annotations

import contextlib
import json
import logging
from pathlib import Path
from typing import Any

from audio.files import write_whole
from server.services.redis_link import PREFIX, RedisAway, RedisLink

log = logging.getLogger(__name__)

SCORES_KEPT = 400
SCORE, SHARED_S = f"{PREFIX}score:", 24 * 3600


class ScoreStore:
    """The newest scores of a folder. Where the disk takes nothing they are looked up again, which costs time alone."""

    def __init__(self, folder: Path, link: RedisLink | None = None):
        self._folder, self._link = folder, link

    def keep(self, key: str, clips: dict[str, tuple[str, float]]) -> None:
        """Keep which clips a score has."""
        line = json.dumps(clips).encode()
        if self._link:
            with contextlib.suppress(RedisAway):
                self._link.ask(lambda client: client.set(SCORE + key, line, ex=SHARED_S))
        try:
            write_whole(self._folder / key, line)
        except OSError as error:
            log.warning("where clips lie cannot be kept: %s", error.strerror)
        files = sorted(self._folder.glob("[0-9a-f]*"), key=lambda p: p.stat().st_mtime)
        for path in files[:-SCORES_KEPT]:
            path.unlink(missing_ok=True)

    def find(self, key: str) -> dict[str, tuple[str, float]] | None:
        """The clips of a score, as far as they are known here or elsewhere."""
        try:
            line: Any = (self._folder / key).read_bytes()
        except OSError:
            line = self._shared(key)
        try:
            plain = json.loads(line)
            return {str(line): (str(clip), float(seconds)) for line, (clip, seconds) in plain.items()}
        except (AttributeError, TypeError, ValueError):
            return None

    def _shared(self, key: str) -> Any:
        try:
            return self._link.ask(lambda client: client.get(SCORE + key)) if self._link else None
        except RedisAway:
            return None
