"""A Kokoro model of a few hundred bytes: the inputs and the output of the real one, and a tone for a voice.

Its sound is as long as its tokens and the speed say, so that pace can be asked for and heard.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from audio.speech.engines.kokoro import MODEL, RATE_HZ, STYLE

VOICE = "kokoro-dora"
SAMPLES_PER_TOKEN = 1400
TONE_HZ = 200
LONGEST = 510


def _constant(name: str, value: object, kind: type) -> onnx.TensorProto:
    return numpy_helper.from_array(np.array(value, kind), name)


def model() -> onnx.ModelProto:
    """tokens (1, n) int64, style (1, 256) float32, speed (1) float32: audio (samples) float32."""
    node = helper.make_node
    nodes = [
        node("Shape", ["tokens"], ["shape"]),
        node("Gather", ["shape", "one"], ["n"]),
        node("Cast", ["n"], ["count"], to=TensorProto.FLOAT),
        node("Mul", ["count", "samples_per_token"], ["at_speed_1"]),
        node("Div", ["at_speed_1", "speed"], ["length_1"]),
        node("Squeeze", ["length_1"], ["length"]),
        node("Range", ["zero_f", "length", "one_f"], ["places"]),
        node("Mul", ["places", "turn"], ["angles"]),
        node("Sin", ["angles"], ["wave"]),
        node("ReduceMean", ["style"], ["loudness"], axes=[1], keepdims=0),
        node("Mul", ["wave", "loudness"], ["audio"]),
    ]
    inputs = [
        helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, "n"]),
        helper.make_tensor_value_info("style", TensorProto.FLOAT, [1, 256]),
        helper.make_tensor_value_info("speed", TensorProto.FLOAT, [1]),
    ]
    output = helper.make_tensor_value_info("audio", TensorProto.FLOAT, ["samples"])
    constants = [
        _constant("one", 1, np.int64), _constant("zero_f", 0, np.float32), _constant("one_f", 1, np.float32),
        _constant("samples_per_token", SAMPLES_PER_TOKEN, np.float32),
        _constant("turn", 2 * np.pi * TONE_HZ / RATE_HZ, np.float32),
    ]  # fmt: skip
    graph = helper.make_graph(nodes, "tiny", inputs, [output], constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.checker.check_model(made)
    return made


def write_voice(folder: Path) -> None:
    """The model, and styles whose mean is the loudness of the tone."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL).write_bytes(model().SerializeToString())
    np.full((LONGEST, 1, 256), 0.3, np.float32).tofile(folder / f"{VOICE}{STYLE}")
