"""The lines of the log, in words or as JSON, for every process of the service alike.

A line says where in the code something failed, and never what somebody sent, typed or is called.
"""

from __future__ import annotations

import json
import logging
import os
import traceback
from datetime import datetime, timezone

AS_JSON = "STILL_HERE_LOG_JSON"
"""The setting, as processes that are started inherit it; "1" says JSON."""
IN_WORDS = "%(name)s: %(message)s"


def place_of(record: logging.LogRecord) -> str:
    """Which error it was and where it was raised; never its words, which could be somebody's."""
    if not record.exc_info or record.exc_info[0] is None:
        return ""
    frames = traceback.extract_tb(record.exc_info[2])
    where = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"({record.exc_info[0].__name__}{where})"


class JsonLines(logging.Formatter):
    """One object a line: time (UTC), level, logger, message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of one record."""
        at = datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds")
        message = " ".join(filter(None, (record.getMessage(), place_of(record))))
        return json.dumps(
            {"time": at, "level": record.levelname.lower(), "logger": record.name, "message": message},
            ensure_ascii=False,
        )


def is_json() -> bool:
    """Tell whether this process was told to log as JSON."""
    return os.environ.get(AS_JSON) == "1"


def formatter() -> logging.Formatter:
    """The formatter that this process was told to use."""
    return JsonLines() if is_json() else logging.Formatter(IN_WORDS)
