"""A Piper voice of a few hundred bytes: the inputs and outputs of a real one, and a tone for a voice.

Its sound is as long as its phonemes and the length scale say, so that pace can be asked for and heard. Neither input
for noise nor a speaker changes anything.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RATE_HZ = 22_050
SAMPLES_PER_ID = 700
TONE_HZ = 180
NAME = "en_GB-tiny-test"


def _constant(name: str, value: object, kind: type) -> onnx.TensorProto:
    return numpy_helper.from_array(np.array(value, kind), name)


def model() -> onnx.ModelProto:
    """input (1, n) int64, input_lengths (1) int64, scales (3) float32: output (1, 1, 1, samples) float32."""
    node = helper.make_node
    nodes = [
        node("Cast", ["input_lengths"], ["ids"], to=TensorProto.FLOAT),
        node("Gather", ["scales", "one"], ["scale"]),
        node("Mul", ["ids", "scale"], ["scaled"]),
        node("Mul", ["scaled", "samples_per_id"], ["count_1"]),
        node("Squeeze", ["count_1"], ["count"]),
        node("Range", ["zero_f", "count", "one_f"], ["places"]),
        node("Mul", ["places", "turn"], ["angles"]),
        node("Sin", ["angles"], ["wave"]),
        node("Mul", ["wave", "loudness"], ["quiet"]),
        node("Reshape", ["quiet", "shape"], ["output"]),
    ]
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "n"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "samples"])
    constants = [
        _constant("one", 1, np.int64), _constant("zero_f", 0, np.float32), _constant("one_f", 1, np.float32),
        _constant("samples_per_id", SAMPLES_PER_ID, np.float32), _constant("loudness", 0.3, np.float32),
        _constant("turn", 2 * np.pi * TONE_HZ / RATE_HZ, np.float32), _constant("shape", [1, 1, 1, -1], np.int64),
    ]  # fmt: skip
    graph = helper.make_graph(nodes, "tiny", inputs, [output], constants)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.checker.check_model(made)
    return made


def config() -> dict[str, object]:
    """The settings that stand beside a model, with every phoneme that espeak-ng may give for English."""
    signs = "_^$ !',-.:;?abcdefghijklmnopqrstuvwxyzæðŋɐɑɒɔəɚɛɜɡɪɹɾʃʊʌʒʔˈˌːθᵻ̩ʲ"
    return {
        "audio": {"sample_rate": RATE_HZ}, "espeak": {"voice": "en-gb-x-rp"}, "language": {"code": "en_GB"},
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "num_symbols": 256, "num_speakers": 1, "speaker_id_map": {},
        "phoneme_id_map": {sign: [i] for i, sign in enumerate(signs)},
    }  # fmt: skip


def write_voice(folder: Path, name: str = NAME) -> None:
    """Both files of the voice."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.onnx").write_bytes(model().SerializeToString())
    (folder / f"{name}.onnx.json").write_text(json.dumps(config()))
