"""How it sounds: voices, clips, tones, the mix and the files.

This package imports `exercises` and nothing of `server`.
"""
