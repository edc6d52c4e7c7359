"""The therapist's sign-in: one passcode for the service, and sign-ins that live in memory."""

from __future__ import annotations

import contextlib
import hmac
from collections.abc import Callable
from functools import partial
from pathlib import Path

from audio.data_folder import DataFolder
from audio.files import write_whole
from server.config import LEAST_PASSCODE, SettingError, Settings, plain_passcode
from server.rooms.admission.codes import ALPHABET

from .redis_link import RedisAway
from .redis_sign_ins import RedisSignIns, Which
from .tokens import RandomBytes, make_token, token_digest

SIGNED_IN_S = 12 * 3600
MAX_SIGNED_IN = 1000
PASSCODE_LETTERS = 12


def passcode_file(data: Path) -> Path:
    """The path of a passcode that was made here."""
    return DataFolder(data).passcode


def passcode_of(settings: Settings) -> bytes:
    """The passcode that holds now, without what does not count; empty where there is none."""
    return plain_passcode(settings.passcode or _read(passcode_file(settings.data)))


def make_passcode(settings: Settings, random: RandomBytes) -> str | None:
    """At a first start without a passcode: make one, keep it for the owner's eyes, and give it to be printed.

    Raises SettingError where it could not be kept, or where the one that was kept is too short.
    """
    path = passcode_file(settings.data)
    if settings.passcode:
        return None
    if path.exists():
        if len(plain_passcode(_read(path))) < LEAST_PASSCODE:
            raise SettingError(
                f'The passcode in "{path}" is too short or cannot be read. It takes {LEAST_PASSCODE} signs at least; '
                "write a longer one, or remove the file and one is made."
            )
        return None
    letters = "".join(ALPHABET[byte & 31] for byte in random(PASSCODE_LETTERS))
    passcode = "-".join(letters[i : i + 4] for i in range(0, PASSCODE_LETTERS, 4))
    try:
        write_whole(path, f"{passcode}\n".encode())
    except OSError as error:
        raise SettingError(
            f'The passcode could not be kept in "{path}" ({error.strerror}). Make room there and start again.'
        ) from error
    return passcode


class SignIns:
    """The sign-ins, by the digests of their tokens. A restart signs everybody out; their rooms stay theirs.

    With `shared` they are those of every service of several, as long as Redis answers, and outlive a restart.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], float],
        random: RandomBytes,
        shared: RedisSignIns | None = None,
    ):
        self._settings, self._clock, self._random, self._shared = settings, clock, random, shared
        self._until: dict[str, float] = {}

    def is_passcode(self, typed: str) -> bool:
        """Tell whether this is the passcode, read without regard to case, spaces and dashes."""
        kept = passcode_of(self._settings)
        return bool(kept) and hmac.compare_digest(plain_passcode(typed), kept)

    def sign_in(self) -> str:
        """A new token."""
        now = self._clock()
        self._until = {digest: until for digest, until in self._until.items() if until > now}
        while len(self._until) >= MAX_SIGNED_IN:
            del self._until[next(iter(self._until))]
        token = make_token(self._random)
        self._until[token_digest(token)] = now + SIGNED_IN_S
        if self._shared:
            with contextlib.suppress(RedisAway):
                self._shared.add(token_digest(token), SIGNED_IN_S)
        return token

    def sign_out(self, token: str) -> None:
        """Forget a token."""
        self._until.pop(token_digest(token), None)
        self._tell("of", token_digest(token))

    def end_others(self, token: str) -> None:
        """Forget every sign-in but that of this token."""
        mine = token_digest(token)
        self._until = {digest: until for digest, until in self._until.items() if digest == mine}
        self._tell("but", mine)

    def owner(self, token: str) -> str | None:
        """The digest of a token that is signed in; None for any other."""
        digest = token_digest(token)
        if self._shared and token:
            with contextlib.suppress(RedisAway):
                return digest if self._shared.knows(digest) else None
        return digest if self._until.get(digest, float("-inf")) > self._clock() else None

    def ended_elsewhere(self) -> list[Callable[[str | None], bool]]:
        """A source of the sign-ins that ended, on any service, since this was asked last."""
        found: list[Callable[[str | None], bool]] = []
        with contextlib.suppress(RedisAway):
            for which, digest in self._shared.endings() if self._shared else ():
                found.append(partial(_is_ended, which, digest))
        return found

    def _tell(self, which: Which, digest: str) -> None:
        if self._shared:
            with contextlib.suppress(RedisAway):
                self._shared.end(which, digest)


def _is_ended(which: Which, digest: str, owner: str | None) -> bool:
    return (owner == digest) is (which == "of")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError:
        return ""
