"""What is said, and when: exercise scripts, their checks, and the timeline planned from their text.

This package imports nothing of `audio` or `server`.
"""
