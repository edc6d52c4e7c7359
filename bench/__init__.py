"""Measurements, as ratios against a floor in the same run. `python -m bench` prints it; see `__main__`."""

import os

# as in `audio`: a bench may import onnxruntime without it
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
