"""Pydub's segments, imported without its warning that ffmpeg is missing: nothing here needs that program."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

__all__ = ["AudioSegment"]
