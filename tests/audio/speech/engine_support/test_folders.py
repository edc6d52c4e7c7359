"""Tests of the folders of engines: in memory where there is room, and under names that a library can hold."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from audio.speech.engine_support import folders


def test_scratch_lies_in_memory_where_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_MEMORY", tmp_path)
    with folders.scratch_folder() as folder:
        assert Path(folder).parent == tmp_path


def test_scratch_lies_elsewhere_where_memory_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_MEMORY", tmp_path)
    monkeypatch.setattr(folders, "_SCRATCH_BYTES", 1 << 60)
    with folders.scratch_folder() as folder:
        assert Path(folder).parent != tmp_path


def test_scratch_lies_elsewhere_where_there_is_no_such_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "_MEMORY", tmp_path / "nowhere")
    with folders.scratch_folder() as folder:
        assert Path(folder).is_dir()


@pytest.mark.skipif(sys.platform != "linux", reason="the embedded voice is another one here")
def test_the_embedded_voice_speaks_however_long_the_path_of_its_data(tmp_path: Path) -> None:
    loader = pytest.importorskip("espeakng_loader")
    far = tmp_path / ("é " * 40) / ("b" * 120)
    shutil.copytree(loader.get_data_path(), far / "espeak-ng-data")
    code = (
        "import espeakng_loader, sys; espeakng_loader.get_data_path = lambda: sys.argv[1]\n"
        "from audio.speech.engines import system\n"
        "voice = next(v for v in system.voices() if v.id == 'neutral')\n"
        "print(len(system.open_speaker(voice).speak('You are here.', 105).samples) > 5000)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(far / "espeak-ng-data")], capture_output=True, encoding="utf-8"
    )
    assert done.stdout.strip().endswith("True"), done.stderr
