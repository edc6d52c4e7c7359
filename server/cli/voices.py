"""Voices on the command line: what can be chosen, what can be installed, and doing so."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from audio.speech.engines import first, home, voice_list
from audio.speech.installation.catalog import NaturalVoice, catalogue, find_natural
from audio.speech.installation.install import install, remove
from server.i18n.catalog import NAMES
from server.services.voices.default_voice import INSTALL, default_of, reasons
from server.services.voices.natural_voices import lacks, megabytes, worth_installing


def licence_of(voice: NaturalVoice) -> str:
    """The licence of a voice in a few words."""
    return f"licence: {voice.licence}" + (
        "; trained on from a model for research alone" if voice.research else ""
    )


def list_voices() -> int:
    """Print each voice that can be chosen, the default first, then those that can be installed."""
    for i, voice in enumerate(voice_list()):
        default = "  (default)" if i == 0 else ""
        engine = voice.engine.rpartition(".")[2]
        print(f"{voice.id:14} {voice.label} · {engine} · {voice.language}{default}")
    print()
    for code, language in NAMES.items():
        print(who_speaks(code, language))
    print("\nNatural voices to install:")
    for natural in catalogue():
        there = "  (installed)" if natural.is_installed(home()) else ""
        size = megabytes(natural.size)
        print(f"{natural.name:36} {natural.language} · {size} · {licence_of(natural)}{there}")
    for sentence in dict.fromkeys(filter(None, map(lacks, catalogue()))):
        print(sentence)
    return 0


def who_speaks(code: str, language: str) -> str:
    """Which voice is heard in a language unless another is chosen, why, and which would be a natural one."""
    voices = voice_list()
    better = worth_installing(code, voices)
    why = " ".join(reason for reason in reasons(voices, code, first()) if not better or reason != INSTALL)
    sounds = f" {better.label} would sound like a person: `voices install {better.name}`." if better else ""
    told = f"{language}: {default_of(voices, code).id} speaks unless another voice is chosen. {why}"
    return f"{told.rstrip()}{sounds}"


def install_voice(name: str, mirror: str, bar: Callable[..., Any]) -> int:
    """Fetch a voice of the catalogue with a progress bar. Raises InstallError."""
    voice = find_natural(name)
    shown, before = bar(voice.size, sys.stderr), 0

    def progress(done: int, whole: int) -> None:
        nonlocal before
        shown.add(done - before)
        before = done

    try:
        install(voice, home(), mirror, progress)
    finally:
        shown.close()
    print(f"{name} is installed ({megabytes(voice.size)}; {licence_of(voice)}).")
    if sentence := lacks(voice):
        print(sentence)
    return 0


def remove_voice(name: str) -> int:
    """Take an installed voice away. Raises InstallError."""
    remove(find_natural(name), home())
    print(f"{name} is removed.")
    return 0
