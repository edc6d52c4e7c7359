"""Tokens and keys that nobody can guess: 256 bits, of which only a digest is kept. Random bytes are passed in."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable

RandomBytes = Callable[[int], bytes]

TOKEN_BYTES = 32


def make_token(random: RandomBytes) -> str:
    """A new token, for a cookie or an address and nowhere else."""
    return base64.urlsafe_b64encode(random(TOKEN_BYTES)).rstrip(b"=").decode()


def token_digest(token: str) -> str:
    """The digest that is kept of a token. It has enough bits that no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_matches(token: str, digest: str) -> bool:
    """Tell whether a token is the one of this digest, in a time that tells nothing."""
    return hmac.compare_digest(token_digest(token).encode(), digest.encode())
