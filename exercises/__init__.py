"""Words and their times: exercise scripts, their checks, and the timeline planned from their text.

This package imports nothing of `audio` or `server`.
"""
