"""`python -m server compose`: one exercise to a file, or the whole set to a folder."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from audio.data_folder import DataFolder
from audio.recipe import FORMATS
from exercises.library import load_library, load_script
from exercises.model import Exercise
from exercises.variety import READINGS
from server.config import SettingError, read_settings, scripts_folder, use_voices
from server.installation import default_data
from server.process.resources import make_data
from server.services.export.export_set import LENGTHS, may_be_taken_along
from server.services.progress import Bar
from server.services.scripts.script_folders import script_folders
from server.services.sound.choices import BEDS, BELLS, LEAD_INS, PACES, PITCHES, SETTINGS, WORDS, parse

if TYPE_CHECKING:
    import numpy as np

    from audio.recipe import Recipe
    from audio.recordings.voice_selection import VoiceSelector

NAMES = ("length", "setting", "voice", "pace", "pitch", "bed", "bell", "lead_in", "words", "reading")


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command with its options."""
    compose = commands.add_parser(
        "compose",
        help="turn an exercise, or all that may be files, into sound",
        description="Turn an exercise into a file of sound, or with --all every exercise that may be a file, with "
        "captions and transcripts, into a folder. What is not given takes the exercise's own default. With --all a "
        "run that was ended goes on where it stood, and makes only what changed.",
    )
    compose.add_argument(
        "exercise", nargs="?", help="the exercise's id, such as side-by-side, or a script: my-exercise.yaml"
    )
    compose.add_argument(
        "--all", action="store_true", help="every exercise that asks for no consent as it goes"
    )
    compose.add_argument(
        "--out", type=Path, metavar="PATH",
        help="file to write (default: ID.mp3), whose ending says the format; with --all the folder",
    )  # fmt: skip
    compose.add_argument("--format", choices=FORMATS, help="with --all: the kind of files (default: mp3)")
    compose.add_argument(
        "--length", help=f"one of the exercise's three lengths in seconds; with --all {', '.join(LENGTHS)}"
    )
    compose.add_argument("--setting", help=f"who hears it how: {', '.join(SETTINGS)}")
    compose.add_argument("--voice", help="a voice of `voices list`")
    compose.add_argument("--pace", metavar="WPM", help=f"words a minute: {', '.join(map(str, PACES))}")
    compose.add_argument("--pitch", metavar="SEMITONES", help=f"higher or lower: {', '.join(PITCHES)}")
    compose.add_argument("--bed", help=f"sound under the voice: {', '.join(BEDS)}")
    compose.add_argument("--bell", help=f"bell: {', '.join(BELLS)}")
    compose.add_argument(
        "--lead-in", metavar="SECONDS", help=f"quiet before it starts: {', '.join(map(str, LEAD_INS))}"
    )
    compose.add_argument(
        "--words", help=f"how much is said: {', '.join(WORDS)} (how it begins, its turns, how it ends)"
    )
    compose.add_argument(
        "--reading",
        metavar="NUMBER",
        help=f"which wordings are heard: 0 to {READINGS - 1}, then the same again",
    )
    compose.add_argument(
        "--data",
        help=f"folder with the kept clips (default: STILL_HERE_DATA, or {default_data()})",
    )
    compose.add_argument("--scripts", help="folder of the scripts (default: STILL_HERE_SCRIPTS, or ours)")
    compose.set_defaults(command=_compose)


def _compose(options: argparse.Namespace) -> int:
    given = {name: getattr(options, name) for name in NAMES if getattr(options, name) is not None}
    settings = read_settings({"data": options.data, "scripts": options.scripts})
    make_data(settings.data)
    options.data, options.scripts = settings.data, script_folders(scripts_folder(settings), settings.data)
    if options.all == bool(options.exercise):
        raise SettingError("Give the id of one exercise, or --all for every one that may be a file.")
    if options.all:
        return _compose_all(options, given)
    if options.format:
        raise SettingError("--format belongs to --all; for one exercise the ending of --out says the format.")
    return _compose_one(options, given)


def _compose_all(options: argparse.Namespace, given: Mapping[str, str]) -> int:
    from server.services.export.export_folder import compose_into
    from server.services.export.export_set import entries, parse_set

    if options.out is None:
        raise SettingError("Say with --out which folder the files go to.")
    kind = {"kind": options.format} if options.format else {}
    selector = _selector(options.data)
    chosen = parse_set(selector.offers(), {**given, **kind})
    wanted = list(entries(load_library(*options.scripts), selector.offers(), chosen))
    return compose_into(options.out, wanted, options.data, selector)


def _selector(data: Path) -> VoiceSelector:
    from audio.recordings.store import RecordingStore
    from audio.recordings.voice_selection import VoiceSelector
    from audio.speech.engines import voice_list

    use_voices(read_settings({"data": data}))
    return VoiceSelector(voice_list, RecordingStore(DataFolder(data).recordings))


def _found(name: str, scripts: tuple[Path, ...]) -> Exercise:
    """The exercise of an id, or of a script file. Raises ExerciseError; SettingError where it may be no file."""
    is_file = name.endswith((".yaml", ".yml")) or os.sep in name or Path(name).is_file()
    exercise = load_script(Path(name)) if is_file else load_library(*scripts).get(name)
    if not may_be_taken_along(exercise):
        raise SettingError(
            f"{exercise.title} asks both of you as it goes, and a file cannot ask. Play it on its page."
        )
    return exercise


def _compose_one(options: argparse.Namespace, given: Mapping[str, str]) -> int:
    from server.services.sound.recipes import keyed

    selector = _selector(options.data)
    exercise = _found(options.exercise, options.scripts)
    choices = parse(exercise, selector.offers(), given)
    out = options.out or Path(f"{exercise.id}.mp3")
    kind = out.suffix.lstrip(".").lower()
    if kind not in FORMATS:
        raise SettingError(f'The file must end in one of .{", .".join(FORMATS)}, not in "{out.suffix}".')
    recipe, _ = keyed(exercise, choices, kind, selector)
    return _compose_file(recipe, out, options.data)


def _compose_file(recipe: Recipe, out: Path, data: Path) -> int:
    from audio.dsp.loudness import Meter
    from audio.render.compositor import Compositor
    from audio.speech.workers.pool import VoicePool
    from exercises.timeline import SAMPLE_RATE

    length = recipe.timeline().length
    meter, bar, started = Meter(SAMPLE_RATE, recipe.channels), Bar(length, sys.stderr), time.perf_counter()

    def on_block(block: np.ndarray) -> None:
        meter.add(block)
        bar.add(len(block))

    compositor = Compositor.within(DataFolder(data), VoicePool())
    part: Path | None = None
    out = Path(os.path.realpath(out))  # a link stays one, and what it points to is written
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=".still-here-")
        os.close(handle)
        part = Path(name)
        report = compositor.compose(recipe, part, on_block)
        os.chmod(part, 0o644)
        os.replace(part, out)
    except OSError as error:
        raise SettingError(
            f"{out} cannot be written ({error.strerror}). Choose another place with --out."
        ) from error
    finally:
        bar.close()
        compositor.close()
        if part:
            part.unlink(missing_ok=True)
    lufs, peak = meter.finish()
    took = time.perf_counter() - started
    minutes, seconds = divmod(round(length / SAMPLE_RATE), 60)
    print(
        f"{out}: {minutes}:{seconds:02d}, {report.size / 1e6:.1f} MB, {lufs:.1f} LUFS, {peak:.1f} dBTP, "
        f"{length / SAMPLE_RATE / took:.0f} × real time"
    )
    if report.late_samples:
        print(
            f"A line came {report.late_samples / SAMPLE_RATE:.1f} s late; its words outlast their slot.",
            file=sys.stderr,
        )
    return 0
