"""Layout of the data folder: the one place that knows where each thing lies in it. Nothing is read or made here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DataFolder:
    """Paths of everything that a service keeps; `root` is the folder itself."""

    root: Path

    # ── sound

    @property
    def clips(self) -> Path:
        """Lines as a voice spoke them; a cache, made again where it is missing."""
        return self.root / "clips"

    @property
    def renders(self) -> Path:
        """Composed files; a cache as well. The folder's name is from before they were called renders."""
        return self.root / "takes"

    @property
    def recordings(self) -> Path:
        """Lines that a therapist read."""
        return self.root / "recordings"

    @property
    def voices(self) -> Path:
        """Voices that were installed."""
        return self.root / "voices"

    @property
    def pronunciations(self) -> Path:
        """The list of words that are spoken otherwise than they are written."""
        return self.root / "pronunciations.json"

    # ── what a therapist writes and hands out

    @property
    def scripts(self) -> Path:
        """Scripts that were published here, beside those that the service came with."""
        return self.root / "scripts"

    @property
    def drafts(self) -> Path:
        """Scripts that are being written."""
        return self.root / "drafts"

    @property
    def feeds(self) -> Path:
        """Private feeds, by the digests of their keys."""
        return self.root / "feeds"

    @property
    def cards(self) -> Path:
        """Cards that were sent home."""
        return self.root / "cards"

    @property
    def plans(self) -> Path:
        """Plans of sessions."""
        return self.root / "plans"

    @property
    def links(self) -> Path:
        """Lasting links of couples, by the digests of their keys."""
        return self.root / "links"

    # ── rooms, and the service itself

    @property
    def rooms(self) -> Path:
        """Snapshots of open rooms, and the id of this service among others."""
        return self.root / "rooms"

    @property
    def scores(self) -> Path:
        """The clips that the exercises of open rooms need."""
        return self.rooms / "scores"

    @property
    def passcode(self) -> Path:
        """The passcode that was made at the first start."""
        return self.root / "passcode"

    @property
    def lock(self) -> Path:
        """The file that a service holds as long as it lives."""
        return self.root / "lock"
