"""The search for private words in what was stored, in the spellings in which a program could have stored them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator

ENCODINGS = ("utf-8", "latin-1", "utf-16-le", "utf-16-be")


def spellings(word: str) -> Iterator[bytes]:
    """A word as text, escaped, in hexadecimal, and in base64 wherever in a text it stands."""
    for form in {word, word.lower(), word.upper()}:
        raw = form.encode()
        yield from (form.encode(encoding, "ignore") for encoding in ENCODINGS)
        yield json.dumps(form)[1:-1].encode()
        yield raw.hex().encode()
        for before in range(3):
            # only the letters that stand for whole bytes of the word are the same whatever follows
            whole = base64.b64encode(b"x" * before + raw)
            yield whole[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]


def digests(word: str) -> Iterator[bytes]:
    """The digests of a word that anybody could work out who guesses it."""
    for raw in {word.encode(), word.lower().encode()}:
        for digest in (hashlib.sha256(raw), hashlib.sha1(raw), hashlib.md5(raw), hashlib.blake2b(raw)):
            yield digest.digest()
            yield digest.hexdigest().encode()


def found(told: bytes, words: Iterable[str], as_digests: bool = True) -> list[str]:
    """Those of the words that are in there, in whatever spelling and case.

    as_digests  their bare digests count as well; nobody guesses a token, so of that one may be kept
    """
    folded, words = told.lower(), list(words)
    hidden = {word for word in words if as_digests and any(one in told for one in digests(word))}
    return [
        word
        for word in words
        if word in hidden or any(one in told or one.lower() in folded for one in spellings(word))
    ]
