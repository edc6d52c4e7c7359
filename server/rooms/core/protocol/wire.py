"""Text of the wire to commands, and messages to text. docs/protocol.md describes both with examples.

Reading is strict: what is too long, no JSON, of another version, of an unknown type, of another seat, or has a
field too many, too few or wrong, raises a ProtocolError with a stable code. No sentence repeats what was sent.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from ..types import Seat
from .commands import COMMANDS, Command
from .errors import Malformed, ProtocolError, RoomError, TooLong, UnknownType, WrongSeat, WrongVersion
from .messages import MESSAGES, RefusedMessage, Told

VERSION = 1
MAX_MESSAGE_BYTES = 4096


def parse_command(frame: str | bytes, seat: Seat) -> Command:
    """The command in one frame from `seat`; raises ProtocolError and nothing else."""
    plain = _plain(frame)
    try:
        return _command(plain, seat)
    except ProtocolError as error:
        op = plain.get("op")
        error.op = op if type(op) is int and 0 < op <= 2**31 else None
        raise


def _plain(frame: str | bytes) -> dict[str, Any]:
    if len(frame) > MAX_MESSAGE_BYTES:
        raise TooLong
    try:
        data = frame.encode() if isinstance(frame, str) else frame
        if len(data) > MAX_MESSAGE_BYTES:
            raise TooLong
        plain = from_json(data, allow_inf_nan=False)
    except ValueError:
        raise Malformed from None
    if not isinstance(plain, dict):
        raise Malformed
    return plain


def _command(plain: dict[str, Any], seat: Seat) -> Command:
    version, kind = plain.get("v"), plain.get("type")
    if type(version) is not int or version != VERSION:
        raise WrongVersion
    model = COMMANDS.get(kind) if isinstance(kind, str) else None
    if model is None:
        raise UnknownType
    if seat not in model.seats:
        raise WrongSeat
    try:
        return model.model_validate(plain)
    except ValidationError as error:
        field = next((str(e["loc"][0]) for e in error.errors(include_input=False) if e["loc"]), "")
        known = field in model.model_fields
        raise Malformed(f'The field "{field}" is missing or wrong.' if known else None) from None


def to_text(message: Told) -> str:
    """A message as one frame of text, with as many spaces after it as it is to be longer."""
    return message.model_dump_json() + " " * message.padding


def parse_message(text: str | bytes) -> Told:
    """A room's message from its text, as strict as for commands; for tests and for clients in Python."""
    plain = from_json(text, allow_inf_nan=False)
    if not isinstance(plain, dict) or plain.get("v") != VERSION:
        raise Malformed
    model = MESSAGES.get(str(plain.get("type")))
    if model is None:
        raise UnknownType
    padding = len(text) - len(text.rstrip())
    try:
        return model.model_validate_json(text).model_copy(update={"padding": padding})
    except ValidationError as error:
        raise Malformed(str(error)) from None


def refusal(error: RoomError, op: int | None = None) -> RefusedMessage:
    """The message by which an error is told to whoever caused it."""
    number = op if op is not None else getattr(error, "op", None)
    return RefusedMessage(op=number, code=error.code, words=str(error))
