"""Everything that a room refuses: a stable code for the wire, one plain sentence for people.

RoomError                 anything below
├─ ProtocolError          a message that cannot be used
│  ├─ TooLong             too_long         more than 4 kB
│  ├─ Malformed           malformed        not a JSON object, or a field that is wrong, missing or unknown
│  ├─ WrongVersion        wrong_version
│  ├─ UnknownType         unknown_type
│  └─ WrongSeat           wrong_seat       a command that this seat does not have
├─ Refused                                 a command that is understood, but not now; carries its own code
├─ Crowded                crowded          all seats of that kind are taken
│  └─ Taken               crowded          the seat of a lasting link is; carries the room's id
├─ BadCode                bad_code         mistyped, used or run out; not told which
├─ TooMany                too_many         slow down; carries the seconds to wait
├─ RoomClosed             room_closed      it is over, or never was
└─ BadSnapshot            bad_snapshot     what was kept cannot be read
"""

from __future__ import annotations

from . import sentences


class RoomError(Exception):
    """Base: `code` is stable, `str()` is one plain sentence."""

    code = "refused"
    sentence = sentences.NOT_NOW

    def __init__(self, sentence: str | None = None):
        super().__init__(sentence or self.sentence)


class ProtocolError(RoomError):
    """A message that cannot be used. `op` is its number where one could be read."""

    op: int | None = None


class TooLong(ProtocolError):
    code, sentence = "too_long", "That message is too long."


class Malformed(ProtocolError):
    code, sentence = "malformed", "That message could not be read."


class WrongVersion(ProtocolError):
    code, sentence = "wrong_version", "This page is from another version. Load it again."


class UnknownType(ProtocolError):
    code, sentence = "unknown_type", "That kind of message is not known here. Load the page again."


class WrongSeat(ProtocolError):
    code, sentence = "wrong_seat", "This seat does not have that control."


class Refused(RoomError):
    """A command that is understood but not possible now. The codes are listed in docs/protocol.md."""

    def __init__(self, code: str, sentence: str):
        super().__init__(sentence)
        self.code = code


class Crowded(RoomError):
    code, sentence = "crowded", sentences.CROWDED


class Taken(Crowded):
    """Another phone has the seat; `room` is where."""

    def __init__(self, room: str):
        super().__init__()
        self.room = room


class BadCode(RoomError):
    code, sentence = "bad_code", sentences.BAD_CODE


class TooMany(RoomError):
    """`wait_s` is the least number of seconds after which trying again can work."""

    code = "too_many"

    def __init__(self, wait_s: float):
        super().__init__(sentences.TOO_MANY)
        self.wait_s = wait_s


class RoomClosed(RoomError):
    code, sentence = "room_closed", sentences.ROOM_CLOSED


class BadSnapshot(RoomError):
    code, sentence = "bad_snapshot", "What was kept of this room cannot be read, so it is closed."
