"""The library that natural voices run in: installed is not yet usable."""

from __future__ import annotations

import importlib.machinery
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from audio.speech.engine_support import onnx_library
from audio.speech.engines import ENGINES, hibari, kokoro, piper, voice_list


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """onnxruntime as a package whose library is no library; gives that file."""
    library = tmp_path / "capi" / "onnxruntime_pybind11_state.so"
    library.parent.mkdir()
    library.write_bytes(b"\x7fELF but not a whole one")
    spec = importlib.machinery.ModuleSpec("onnxruntime", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    known = importlib.util.find_spec

    def find(name: str, *rest: str) -> importlib.machinery.ModuleSpec | None:
        return spec if name == "onnxruntime" else known(name, *rest)

    monkeypatch.setattr(importlib.util, "find_spec", find)
    cached = (onnx_library.loads, hibari.lacks, kokoro.is_there, piper.is_there)
    for each in cached:
        each.cache_clear()
    yield library
    for each in cached:
        each.cache_clear()


def test_a_library_that_does_not_load_is_found_out_before_a_voice_is_offered(broken: Path) -> None:
    assert onnx_library.is_installed()
    assert not onnx_library.loads()
    assert not hibari.is_there()
    assert not kokoro.is_there()
    assert not piper.is_there()


def test_what_is_wrong_is_one_sentence_and_the_embedded_voice_speaks(broken: Path) -> None:
    assert hibari.lacks() == hibari.BROKEN
    assert hibari.BROKEN.count(".") == 1
    voices = voice_list()
    assert voices
    assert not {hibari.NAME, kokoro.NAME, piper.NAME} & {voice.engine for voice in voices}


def test_a_package_without_its_library_is_the_same(broken: Path) -> None:
    broken.unlink()
    assert not onnx_library.loads()


def test_the_one_that_is_installed_loads() -> None:
    pytest.importorskip("onnxruntime")
    assert onnx_library.loads()
    assert hibari.NAME in ENGINES
