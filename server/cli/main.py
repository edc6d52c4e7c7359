"""The command line: `python -m server run | compose | check | voices | feed`."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any

from audio.errors import AudioError, UnknownVoice
from exercises.errors import ExerciseError
from server.config import (
    ENVIRONMENT_PREFIX,
    SettingError,
    Settings,
    read_settings,
    scripts_folder,
    use_voices,
)
from server.installation import command, default_data, version
from server.process.resources import make_data
from server.services.export.feeds import FeedError
from server.services.progress import Bar
from server.services.scripts.script_folders import script_folders

from . import compose, feed


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status. Every failure is one sentence on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows "?" for it
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr
    )
    try:
        status: int = options.command(options)
        if sys.stdout:  # whoever starts it may have closed it
            sys.stdout.flush()
        return status
    except (ExerciseError, AudioError, SettingError, FeedError) as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:  # the reader of the output, such as `head`, has seen enough
        _say_no_more()
        return 0
    except OSError as error:
        _say_no_more()
        what = f"{error.filename} cannot be used" if error.filename else "The system did not let it go on"
        print(f"{what} ({error.strerror}).", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    return 1


def _say_no_more() -> None:
    """Let what is still to be printed go nowhere, since Python would try once more at its end."""
    if sys.stdout:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=command(),
        description="Still Here: voice-guided presence exercises for two people.",
    )
    parser.add_argument("--version", action="version", version=f"Still Here {version()}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    compose.add_to(commands)
    check = commands.add_parser("check", help="validate exercise scripts and hold them to the content rules")
    check.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="scripts to check (default: all of them)"
    )
    check.add_argument(
        "--measure", action="store_true", help="print how they are written, in numbers, for each and for all"
    )
    check.add_argument("--scripts", help="folder of the scripts (default: STILL_HERE_SCRIPTS, or ours)")
    check.set_defaults(command=_check)
    _add_voices(commands)
    feed.add_to(commands)
    return parser


def _add_run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = commands.add_parser(
        "run", help="start the service", description="Start the service and print its address."
    )
    for setting in dataclass_fields(Settings):
        if setting.metadata["secret"]:
            continue
        takes: dict[str, Any] = {"metavar": setting.name.upper()}
        if setting.type == "bool":
            takes = {"action": argparse.BooleanOptionalAction, "default": None}
        run.add_argument(
            f"--{setting.name.replace('_', '-')}",
            **takes,
            help=f"{setting.metadata['help']} (default: {setting.default}; {ENVIRONMENT_PREFIX}{setting.name.upper()})",
        )
    run.set_defaults(command=_run)


def _add_voices(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    voices = commands.add_parser("voices", help="show the voices, and install natural ones or remove them")
    voices.add_argument("action", choices=["list", "install", "remove"])
    voices.add_argument("name", nargs="?", metavar="NAME", help="a natural voice, as the list calls it")
    voices.add_argument("--data", help=f"folder that holds the installed voices (default: {default_data()})")
    voices.add_argument("--voice-mirror", metavar="ADDRESS", help="where they are fetched from")
    voices.set_defaults(command=_voices)


def _run(options: argparse.Namespace) -> int:
    from server.process.lifecycle import serve

    return serve(read_settings(vars(options)))


def _check(options: argparse.Namespace) -> int:
    from exercises.lint import lint_file
    from exercises.lint.measures import table

    files = options.files or _all_scripts(options)
    checked = [lint_file(file) for file in files]
    problems = [problem for _, found in checked for problem in found]
    for problem in problems:
        print(problem)
    if options.measure:
        for row in table(exercise for exercise, _ in checked if exercise):
            print(row)
    wrong = [problem for problem in problems if problem.is_error]
    scripts = "1 script" if len(files) == 1 else f"{len(files)} scripts"
    print(
        f"{scripts} checked, {_counted(len(wrong), 'problem')}, {_counted(len(problems) - len(wrong), 'warning')}."
    )
    return 1 if wrong else 0


def _all_scripts(options: argparse.Namespace) -> list[Path]:
    """Every script that a service here would read."""
    settings = read_settings({"scripts": options.scripts})
    folders = script_folders(scripts_folder(settings), settings.data)
    return [path for folder in folders for path in sorted(folder.glob("**/*.yaml"))]


def _counted(count: int, noun: str) -> str:
    return f"no {noun}s" if count == 0 else f"1 {noun}" if count == 1 else f"{count} {noun}s"


def _voices(options: argparse.Namespace) -> int:
    from .voices import install_voice, list_voices, remove_voice

    settings = read_settings(vars(options))
    try:
        use_voices(settings)
    except UnknownVoice as error:  # it may be the one that is to be installed
        print(error, file=sys.stderr)
    if options.action == "list":
        return list_voices()
    if not options.name:
        raise SettingError(f"Say which voice to {options.action}; `voices list` names them.")
    if options.action == "remove":
        return remove_voice(options.name)
    make_data(settings.data)
    return install_voice(options.name, settings.voice_mirror, Bar)
