"""Tokens that nobody can guess."""

from __future__ import annotations

from server.services.tokens import make_token, token_digest, token_matches


def test_a_token_has_more_than_128_bits_and_only_its_digest_is_kept() -> None:
    asked: list[int] = []

    def random(count: int) -> bytes:
        asked.append(count)
        return bytes(range(count))

    token = make_token(random)
    assert asked[0] * 8 >= 128
    digest = token_digest(token)
    assert token not in digest
    assert token_matches(token, digest)
    assert not token_matches(token[:-1], digest)
    assert not token_matches("é", digest)
