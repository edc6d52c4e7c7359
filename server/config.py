"""Every setting of the service in one table: name, type, default, help.

A setting is given on the command line (`--port 8080`) or in the environment (`STILL_HERE_PORT=8080`); the
command line wins. A secret is not taken from the command line, which every user of the machine can read.
docs/settings.md lists each one, and a test holds it to that.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from audio.data_folder import DataFolder
from audio.speech.engines import use_finish, use_first, use_home
from exercises.library import SCRIPTS

from .installation import default_data


def _setting(default: Any, help_text: str, most: int | None = None, secret: bool = False) -> Any:
    return field(default=default, metadata={"help": help_text, "most": most, "secret": secret})


class SettingError(Exception):
    """A setting that cannot be used; the sentence says what it takes."""


@dataclass(frozen=True)
class Settings:
    """The settings of one service."""

    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8000, "port to listen on; 0 takes any that is free", most=65_535)
    data: Path = _setting(default_data(), "folder that holds everything the service keeps")
    scripts: Path = _setting(SCRIPTS, "folder of the exercise scripts")
    cache_mb: int = _setting(512, "megabytes that clips and composed files may take together")
    workers: int = _setting(0, "voice processes; 0 takes two for each processor")
    lan: bool = _setting(False, "listen on the local network, and print the address and a QR for phones")
    passcode: str = _setting(
        "",
        "the therapist's passcode, from 8 signs on; without one, one is made at the first start",
        secret=True,
    )
    voice: str = _setting(
        "", "the voice that speaks unless somebody chooses another (default: the best here)"
    )
    finish: bool = _setting(True, "take the edge off the voices that gain by it")
    previews_ahead: bool = _setting(True, "make the previews of all voices at the start, at low priority")
    voice_mirror: str = _setting(
        "", "address or folder that natural voices are fetched from instead of their homes"
    )
    hosts: str = _setting(
        "", "names that the service answers to besides this machine's own, with commas between them"
    )
    metrics_port: int = _setting(0, "port for the numbers that Prometheus reads; 0 has none", most=65_535)
    metrics_host: str = _setting("127.0.0.1", "address that the numbers are shown at")
    redis: str = _setting(
        "", "address of a Redis that keeps open rooms instead of the data folder: redis://HOST:PORT/NUMBER",
        secret=True,
    )  # fmt: skip
    log_json: bool = _setting(False, "write the log as lines of JSON")
    proxies: int = _setting(
        0, "proxies in front, whose X-Forwarded-For, -Proto and -Prefix headers are believed"
    )


_SWITCH = {
    **dict.fromkeys(("yes", "true", "on", "1"), True),
    **dict.fromkeys(("no", "false", "off", "0"), False),
}
ENVIRONMENT_PREFIX = "STILL_HERE_"
LEAST_PASSCODE = 8


def read_settings(given: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from the command line's values (None means not given), then the environment, then defaults."""
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        # one that is set and empty is as good as unset: that is how many tools switch a variable off
        raw = given.get(setting.name)
        if raw is None or raw == "":
            raw = environment.get(ENVIRONMENT_PREFIX + setting.name.upper(), "").strip()
        if raw != "":
            values[setting.name] = _convert(
                setting.name, type(setting.default), raw, setting.metadata["most"]
            )
    if values.get("passcode") and len(plain_passcode(values["passcode"])) < LEAST_PASSCODE:
        raise SettingError(
            f"The passcode takes {LEAST_PASSCODE} signs at least, not counting spaces and dashes. "
            f"Set a longer one in {ENVIRONMENT_PREFIX}PASSCODE, or leave it away and one is made."
        )
    return Settings(**values)


def take_secrets(environment: MutableMapping[str, str] = os.environ) -> None:
    """Take the secrets out of the environment, once they were read: processes that are started inherit the rest."""
    for setting in fields(Settings):
        if setting.metadata["secret"]:
            environment.pop(ENVIRONMENT_PREFIX + setting.name.upper(), None)


def plain_passcode(typed: str) -> bytes:
    """A passcode without what does not count: case, spaces and dashes."""
    return "".join(typed.split()).replace("-", "").upper().encode()


def scripts_folder(settings: Settings) -> Path:
    """The folder of the scripts; raises SettingError where there is none, or none in it."""
    folder = settings.scripts
    if not folder.is_dir() or not any(folder.glob("*.yaml")):
        missing = f'no script in "{folder}"' if folder.is_dir() else f'no folder "{folder}"'
        raise SettingError(f"There is {missing}. Give one that holds scripts with --scripts.")
    return folder


def use_voices(settings: Settings) -> None:
    """Tell this process where its voices are, and which of them is the default; raises UnknownVoice."""
    use_home(DataFolder(settings.data).voices)
    use_finish(settings.finish)
    use_first(settings.voice)


def _convert(name: str, kind: type, raw: Any, most: int | None) -> Any:
    if kind is int:
        try:
            number = int(raw)
        except ValueError:
            number = -1
        if number < 0:
            raise SettingError(f'"{name}" takes a whole number that is not negative, not "{raw}".')
        if most is not None and number > most:
            raise SettingError(f'"{name}" takes a whole number up to {most}, not "{raw}".')
        return number
    if kind is bool:
        if str(raw).lower() not in _SWITCH:
            raise SettingError(f'"{name}" takes one of {", ".join(_SWITCH)}, not "{raw}".')
        return _SWITCH[str(raw).lower()]
    # a shell writes "~" out, a file of settings does not
    return Path(os.path.expanduser(raw)) if issubclass(kind, Path) else str(raw)
