"""Sound: voices, clips, tones, the mix and the files.

This package imports `exercises` and nothing of `server`.
"""

import os

# onnxruntime reports to its maker unless this is set before it is first imported; processes that are started inherit it
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
