"""The natural voices that can be installed, and the files that each is made of.

Each file has a public home, and a place below a mirror, where there is one: any folder, here or on a file server, that
holds copies. Voices of Piper lie there as in their collection, REVISION/LANGUAGE/REGION/SPEAKER/QUALITY/, so that a
copy of it will do as it is; those of another engine lie in a folder of that engine's name.
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
CARD = ".card.txt"
PIPER = "piper"
ENGINE_MODULES = "audio.speech.engines"


@dataclass(frozen=True)
class Packed:
    """A part of a file as a package brings it: the package's file, and the part's path in it."""

    package: str
    member: str


@dataclass(frozen=True)
class VoiceFile:
    """One file of a voice.

    address  its place below a mirror
    name     what it is called here
    size     its bytes
    digest   its SHA-256 in hex; of a card, it may be an MD5
    home     its whole public address
    packed   the parts that it is made of, one after the other, where packages bring it as well
    """

    address: str
    name: str
    size: int
    digest: str
    home: str = ""
    packed: tuple[Packed, ...] = ()

    def at(self, mirror: str) -> str:
        """The address that it is fetched from: below the mirror, or where it is at home if there is none."""
        return f"{mirror.rstrip('/')}/{self.address}" if mirror else self.home


@dataclass(frozen=True)
class NaturalVoice:
    """One entry of the catalogue. What makes a voice of its files comes last, so that it is there when it is whole.

    research  it was trained on from a model whose recordings are for research alone, whatever its own licence says
    engine    the name of the engine that speaks it
    tag       the language tag of what it speaks, such as "en-GB"
    sample    something that it says, as an MP3; None where its collection has none
    """

    name: str
    label: str
    language: str
    licence: str
    files: tuple[VoiceFile, ...]
    research: bool = False
    engine: str = PIPER
    tag: str = "en"
    sample: VoiceFile | None = None

    @property
    def voice_id(self) -> str:
        """Its name among the voices that can be chosen, once it is installed."""
        return f"{PIPER}-{self.name}" if self.engine == PIPER else self.name

    @property
    def engine_module(self) -> str:
        """The module that speaks it."""
        return f"{ENGINE_MODULES}.{self.engine}"

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files)

    def is_installed(self, folder: Path) -> bool:
        """Tell whether everything that it needs is in the folder."""
        return all((folder / file.name).is_file() for file in self.files if not file.name.endswith(CARD))

    def speaks(self, language: str) -> bool:
        """Tell whether it speaks a language, in whatever country's way."""
        return self.tag.split("-")[0] == language


_Plain = dict[str, Any]


def _of_piper(plain: _Plain, collection: _Plain) -> NaturalVoice:
    code, speaker, quality = plain["name"].split("-")
    where = f"{collection['revision']}/{code.split('_')[0]}/{code}/{speaker}/{quality}"
    wanted = (
        ("card", "MODEL_CARD", CARD),
        ("config", f"{plain['name']}{CONFIG}", CONFIG),
        ("model", f"{plain['name']}{MODEL}", MODEL),
    )

    def file(theirs: str, ours: str, size: int, digest: str) -> VoiceFile:
        address = f"{where}/{theirs}"
        return VoiceFile(address, ours, size, digest, f"{collection['home']}/{address}")

    files = tuple(
        file(theirs, f"{plain['name']}{ending}", *plain[key])
        for key, theirs, ending in wanted
        if key in plain
    )
    sample = file("samples/speaker_0.mp3", "", 0, "")
    return _entry(plain, files, tag=code.replace("_", "-"), sample=sample)


def _of_another(plain: _Plain) -> NaturalVoice:
    """An entry whose files stand in it one by one, with their public addresses."""

    def file(theirs: _Plain) -> VoiceFile:
        home = theirs["home"]
        packed = tuple(Packed(*part) for part in theirs.get("packed", ()))
        address = f"{plain['engine']}/{home.rpartition('/')[2]}"
        return VoiceFile(address, theirs["as"], theirs["size"], theirs["sha256"], home, packed)

    return _entry(plain, tuple(map(file, plain["files"])), engine=plain["engine"], tag=plain["tag"])


def _entry(plain: _Plain, files: tuple[VoiceFile, ...], **more: Any) -> NaturalVoice:
    name, label, language, licence = (plain[key] for key in ("name", "label", "language", "licence"))
    return NaturalVoice(name, label, language, licence, files, plain.get("research", False), **more)


@functools.cache
def catalogue(path: Path = CATALOGUE) -> tuple[NaturalVoice, ...]:
    """The voices that can be installed, in the order in which they are shown."""
    listed = yaml.safe_load(path.read_text("utf-8"))
    return tuple(
        _of_another(plain) if "engine" in plain else _of_piper(plain, listed[PIPER])
        for plain in listed["voices"]
    )


def find_natural(name: str, path: Path = CATALOGUE) -> NaturalVoice:
    """The entry with this name; raises UnknownNaturalVoice."""
    known = {voice.name: voice for voice in catalogue(path)}
    if name not in known:
        raise UnknownNaturalVoice(name, list(known))
    return known[name]
