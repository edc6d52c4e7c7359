"""The natural voices that can be installed, and the files that each is made of.

Files lie at MIRROR/REVISION/LANGUAGE/REGION/SPEAKER/QUALITY/, as in the public collection, so that any copy of it
can be the mirror.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from audio.errors import UnknownNaturalVoice
from audio.speech.engines.piper import CONFIG, MODEL

CATALOGUE = Path(__file__).parent / "catalog.yaml"
MIRROR = "https://huggingface.co/rhasspy/piper-voices/resolve"
CARD = ".card.txt"


@dataclass(frozen=True)
class VoiceFile:
    """One file: where it is below the mirror, what it is called here, its bytes, and its SHA-256 (or MD5) in hex."""

    address: str
    name: str
    size: int
    digest: str


@dataclass(frozen=True)
class NaturalVoice:
    """One entry of the catalogue. The model is the last of the files, so that a voice is there when it is whole.

    research  it was trained on from a model whose recordings are for research alone, whatever its own licence says
    """

    name: str
    label: str
    language: str
    licence: str
    files: tuple[VoiceFile, ...]
    research: bool = False

    @property
    def sample(self) -> str:
        """Where the collection keeps something that it says, below the mirror."""
        return f"{self.files[-1].address.rpartition('/')[0]}/samples/speaker_0.mp3"

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files)

    def is_installed(self, folder: Path) -> bool:
        """Whether model and configuration are in the folder."""
        return all((folder / f"{self.name}{ending}").is_file() for ending in (MODEL, CONFIG))


def _entry(plain: dict[str, Any], revision: str) -> NaturalVoice:
    code, speaker, quality = plain["name"].split("-")
    where = f"{revision}/{code.split('_')[0]}/{code}/{speaker}/{quality}"
    wanted = (
        ("card", "MODEL_CARD", CARD),
        ("config", f"{plain['name']}{CONFIG}", CONFIG),
        ("model", f"{plain['name']}{MODEL}", MODEL),
    )
    files = tuple(
        VoiceFile(f"{where}/{theirs}", f"{plain['name']}{ending}", *plain[key])
        for key, theirs, ending in wanted
        if key in plain
    )
    name, label, language, licence = (plain[key] for key in ("name", "label", "language", "licence"))
    return NaturalVoice(name, label, language, licence, files, plain.get("research", False))


@functools.cache
def catalogue(path: Path = CATALOGUE) -> tuple[NaturalVoice, ...]:
    """The voices that can be installed, in the order in which they are shown."""
    listed = yaml.safe_load(path.read_text())
    return tuple(_entry(plain, str(listed["revision"])) for plain in listed["voices"])


def find_natural(name: str, path: Path = CATALOGUE) -> NaturalVoice:
    """The entry with this name; raises UnknownNaturalVoice."""
    known = {voice.name: voice for voice in catalogue(path)}
    if name not in known:
        raise UnknownNaturalVoice(name, list(known))
    return known[name]
