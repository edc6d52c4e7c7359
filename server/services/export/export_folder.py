"""`compose --all`: a folder of files that holds the set, made once and then kept up.

Beside the files lies `manifest.json`: for each file of sound the key of the recipe it was made by, and its size. What
is there under its key is left alone. A file goes through three names, each step whole or not at all, so that a run
that is killed at any moment leaves nothing torn, and nothing that the next run would make again:

    .<file>.<random>.part     being made; an end here is the only one that loses work
    .<file>.<key>.whole       made; the manifest is written next
    <file>                    in place

One run at a time in one folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from audio.data_folder import DataFolder
from audio.files import write_whole
from audio.recipe import FORMATS, Recipe
from audio.recordings.voice_selection import VoiceSelector
from audio.render import metadata
from audio.render.compositor import Compositor
from audio.speech.workers.pool import VoicePool
from exercises.timeline import SAMPLE_RATE
from server.config import SettingError
from server.services.progress import Bar
from server.services.sound.recipes import keyed

from .export_set import Entry

MANIFEST = "manifest.json"
FORMAT = 1
_PART = re.compile(rf"\.([\w-]+\.({'|'.join(FORMATS)})\.)?\w{{8}}\.part")
"""Names of files that a run that was killed can have left: half a file of sound, or half a text."""


class Folder:
    """A folder of the set on disk. What cannot be written raises OSError."""

    def __init__(self, path: Path):
        self._path = path
        path.mkdir(parents=True, exist_ok=True)
        self.problem = ""
        self._files = self._read()
        for left in path.iterdir():
            if _PART.fullmatch(left.name):
                left.unlink(missing_ok=True)

    def _read(self) -> dict[str, dict[str, Any]]:
        try:
            plain = json.loads((self._path / MANIFEST).read_bytes())
            return {name: {"key": e["key"], "size": e["size"]} for name, e in plain["files"].items()}
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError, AttributeError):
            self.problem = f"{self._path / MANIFEST} cannot be read, so every file is made anew."
            return {}

    def has(self, name: str, key: str) -> bool:
        """Tell whether a file is there as this key makes it. One that is made and not yet in place is put there."""
        whole = self._whole(name, key)
        if whole.exists():
            self._put_in_place(name, key, whole)
            return True
        known = self._files.get(name)
        if known is None or known["key"] != key:
            return False
        with contextlib.suppress(FileNotFoundError):
            return (self._path / name).stat().st_size == known["size"]
        return False

    def make(self, name: str, key: str, write: Callable[[Path], object]) -> int:
        """Have a file made by `write` and put in place; gives its bytes."""
        handle, part = tempfile.mkstemp(dir=self._path, prefix=f".{name}.", suffix=".part")
        os.close(handle)
        try:
            write(Path(part))
            os.chmod(part, 0o644)
            whole = self._whole(name, key)
            os.replace(part, whole)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
        return self._put_in_place(name, key, whole)

    def write_text(self, name: str, text: str) -> None:
        """Have a file say this; one that does already is left alone."""
        path, content = self._path / name, text.encode()
        with contextlib.suppress(FileNotFoundError):
            if path.read_bytes() == content:
                return
        write_whole(path, content)
        os.chmod(path, 0o644)

    def _put_in_place(self, name: str, key: str, whole: Path) -> int:
        size = whole.stat().st_size
        self._files[name] = {"key": key, "size": size}
        plain = {"format": FORMAT, "files": dict(sorted(self._files.items()))}
        write_whole(self._path / MANIFEST, json.dumps(plain, indent=1).encode() + b"\n")
        os.replace(whole, self._path / name)
        for old in self._path.glob(f".{name}.*.whole"):
            old.unlink(missing_ok=True)
        return size

    def _whole(self, name: str, key: str) -> Path:
        return self._path / f".{name}.{key}.whole"


def compose_into(path: Path, wanted: Sequence[Entry], data: Path, selector: VoiceSelector) -> int:
    """Bring a folder up to what is wanted; returns the exit status. Raises SettingError, AudioError."""
    try:
        folder = Folder(path)
        if folder.problem:
            print(folder.problem, file=sys.stderr)
        missing = []
        for entry in wanted:
            recipe, key = keyed(entry.exercise, entry.choices, entry.kind, selector)
            _write_texts(folder, recipe)
            if not folder.has(_name(recipe), key):
                missing.append((recipe, key))
        _make(folder, missing, data)
    except OSError as error:
        raise SettingError(
            f"{path} cannot be written ({error.strerror}). Choose another folder with --out."
        ) from error
    print(f"{path}: {len(missing)} made, {len(wanted) - len(missing)} left as they were.")
    return 0


def _name(recipe: Recipe) -> str:
    return f"{recipe.exercise.id}.{recipe.kind}"


def _write_texts(folder: Folder, recipe: Recipe) -> None:
    timeline = recipe.timeline()
    folder.write_text(f"{recipe.exercise.id}.vtt", metadata.vtt(timeline, recipe.setting))
    folder.write_text(f"{recipe.exercise.id}.txt", metadata.transcript(timeline, recipe.setting))


def _make(folder: Folder, missing: Sequence[tuple[Recipe, str]], data: Path) -> None:
    if not missing:
        return
    bar = Bar(sum(recipe.timeline().length for recipe, _ in missing), sys.stderr)
    compositor = Compositor.within(DataFolder(data), VoicePool())

    def on_block(block: np.ndarray) -> None:
        bar.add(len(block))

    try:
        for recipe, key in missing:
            started = time.perf_counter()
            size = folder.make(_name(recipe), key, partial(compositor.compose, recipe, on_block=on_block))
            length_s = recipe.timeline().length / SAMPLE_RATE
            minutes, rest = divmod(round(length_s), 60)
            bar.close()
            print(
                f"{_name(recipe)}: {minutes}:{rest:02d}, {size / 1e6:.1f} MB, "
                f"{length_s / (time.perf_counter() - started):.0f} × real time",
                flush=True,
            )
    finally:
        bar.close()
        compositor.close()
