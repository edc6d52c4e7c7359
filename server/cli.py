"""The command line: `python -m server run | compose | check | voices`."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import time
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from audio.errors import AudioError
from exercises.errors import ExerciseError
from exercises.library import SCRIPTS, load_library

from .choices import BEDS, BELLS, LEAD_INS, PACES, PITCHES, SETTINGS, Choices, parse
from .config import ENVIRONMENT_PREFIX, SettingError, Settings, read_settings

KINDS = ("mp3", "flac", "wav")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status. Every failure is one sentence on standard error."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    try:
        return options.command(options)
    except (ExerciseError, AudioError, SettingError) as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m server",
        description="Still Here: voice-guided presence exercises for two people.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    _add_compose(commands)
    check = commands.add_parser("check", help="validate exercise scripts and hold them to the content rules")
    check.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="scripts to check (default: all of them)"
    )
    check.set_defaults(command=_check)
    _add_voices(commands)
    return parser


def _add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = commands.add_parser(
        "run", help="start the service", description="Start the service and print its address."
    )
    for setting in dataclass_fields(Settings):
        takes: dict[str, Any] = {"metavar": setting.name.upper()}
        if setting.type == "bool":
            takes = {"action": "store_const", "const": True}
        run.add_argument(
            f"--{setting.name.replace('_', '-')}",
            **takes,
            help=f"{setting.metadata['help']} (default: {setting.default}; {ENVIRONMENT_PREFIX}{setting.name.upper()})",
        )
    run.set_defaults(command=_run)


def _add_compose(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    compose = commands.add_parser(
        "compose",
        help="turn an exercise into a file of sound",
        description="Turn an exercise into a file of sound. What is not given takes the exercise's own default.",
    )
    compose.add_argument("exercise", help="the exercise's id, such as side-by-side")
    compose.add_argument(
        "--out", type=Path, metavar="FILE", help="file to write (default: ID.mp3); its ending says the format"
    )
    compose.add_argument("--length", metavar="SECONDS", help="one of the exercise's three lengths")
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
        "--data", default="data", type=Path, help="folder with the kept clips (default: data)"
    )
    compose.set_defaults(command=_compose)


def _add_voices(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    voices = commands.add_parser("voices", help="show the voices, and install natural ones or remove them")
    voices.add_argument("action", choices=["list", "install", "remove"])
    voices.add_argument("name", nargs="?", metavar="NAME", help="a natural voice, as the list calls it")
    voices.add_argument("--data", type=Path, help="folder that holds the installed voices (default: data)")
    voices.add_argument("--voice-mirror", metavar="ADDRESS", help="where they are fetched from")
    voices.set_defaults(command=_voices)


def _run(options: argparse.Namespace) -> int:
    from .serve import serve

    return serve(read_settings(vars(options)))


def _check(options: argparse.Namespace) -> int:
    from exercises.lint import lint_file

    files = options.files or sorted(SCRIPTS.glob("**/*.yaml"))
    problems = []
    for file in files:
        problems += lint_file(file)[1]
    for problem in problems:
        print(problem)
    wrong = [problem for problem in problems if problem.is_error]
    scripts = "1 script" if len(files) == 1 else f"{len(files)} scripts"
    print(
        f"{scripts} checked, {_counted(len(wrong), 'problem')}, {_counted(len(problems) - len(wrong), 'warning')}."
    )
    return 1 if wrong else 0


def _counted(count: int, noun: str) -> str:
    return f"no {noun}s" if count == 0 else f"1 {noun}" if count == 1 else f"{count} {noun}s"


def _voices(options: argparse.Namespace) -> int:
    from audio.voices import use_home

    from .natural import install_voice, list_voices, remove_voice

    settings = read_settings(vars(options))
    use_home(settings.data / "voices")
    if options.action == "list":
        return list_voices()
    if not options.name:
        raise SettingError(f"Say which voice to {options.action}; `voices list` names them.")
    if options.action == "remove":
        return remove_voice(options.name)
    return install_voice(options.name, settings.voice_mirror, Bar)


def _compose(options: argparse.Namespace) -> int:
    from audio.voices import use_home, voice_list

    exercise = load_library().get(options.exercise)
    names = ("length", "setting", "voice", "pace", "pitch", "bed", "bell", "lead_in")
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    use_home(options.data / "voices")
    choices = parse(exercise, voice_list(), given)
    out = options.out or Path(f"{exercise.id}.mp3")
    kind = out.suffix.lstrip(".").lower()
    if kind not in KINDS:
        raise SettingError(f'The file must end in one of .{", .".join(KINDS)}, not in "{out.suffix}".')
    return _compose_file(exercise.id, choices, kind, out, options.data)


def _compose_file(exercise_id: str, choices: Choices, kind: str, out: Path, data: Path) -> int:
    from audio.clips import ClipStore
    from audio.compose import Compositor
    from audio.loudness import Meter
    from audio.worker import VoicePool
    from exercises.timeline import SAMPLE_RATE

    from .exercises import recipe_for

    recipe = recipe_for(load_library().get(exercise_id), choices, kind)  # type: ignore[arg-type]
    length = recipe.timeline().length
    meter, bar, started = Meter(SAMPLE_RATE, recipe.channels), Bar(length, sys.stderr), time.perf_counter()

    def on_block(block: np.ndarray) -> None:
        meter.add(block)
        bar.add(len(block))

    compositor = Compositor(VoicePool(), ClipStore(data / "clips"))
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
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


class Bar:
    """A progress bar on a terminal; nothing where there is none."""

    WIDTH = 40

    def __init__(self, total: int, stream: TextIO):
        self._total, self._done, self._stream, self._shown = total, 0, stream, -1

    def add(self, samples: int) -> None:
        self._done += samples
        filled = min(self.WIDTH, self.WIDTH * self._done // self._total)
        if filled != self._shown and self._stream.isatty():
            self._shown = filled
            percent = min(100, 100 * self._done // self._total)
            self._stream.write(f"\r[{'=' * filled}{' ' * (self.WIDTH - filled)}] {percent:3d} %")
            self._stream.flush()

    def close(self) -> None:
        if self._shown >= 0:
            self._stream.write("\r" + " " * (self.WIDTH + 10) + "\r")
