"""The pure modules of the page on which lines are read, asked directly."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from audio.dsp.wav import pieces, read_header


@pytest.fixture
def ask(visit: Callable[..., Any]) -> Callable[..., Any]:
    """Evaluates an expression in which `w` is wav.js and `l` is lines.js."""
    page = visit().open("/help")

    def evaluate(expression: str, given: Any = None) -> Any:
        modules = (
            "Promise.all(['/static/recording/wav.js', '/static/recording/lines.js'].map((a) => import(a)))"
        )
        return page.evaluate(f"(given) => {modules}.then(([w, l]) => {expression})", given)

    return evaluate


def test_a_wav_of_the_page_is_one_that_the_service_takes(ask: Callable[..., Any]) -> None:
    values = [0.0, 0.5, -0.5, 1.0, -1.0, 1.5, 0.25]
    content = bytes(ask("[...new Uint8Array(w.wavOf(Float32Array.from(given), 44100))]", values))
    file = io.BytesIO(content)
    header = read_header(file)
    assert (header.rate_hz, header.channels, header.bits, header.frames) == (44_100, 1, 16, 7)
    read = np.concatenate([piece.mean(axis=1) for piece in pieces(file, header)])
    assert np.abs(read - np.clip(values, -1, 1)).max() < 1e-4


def test_levels_are_in_decibels_of_full_scale(ask: Callable[..., Any]) -> None:
    assert ask("w.levelOf(Float32Array.from([0.5, -0.5, 0.5, -0.5]))") == pytest.approx(-6.02, abs=0.01)
    assert ask("w.peakOf(Float32Array.from([0, 0.1, -0.25]))") == pytest.approx(-12.04, abs=0.01)
    assert ask("w.levelOf(new Float32Array(64))") == -90


def test_a_room_is_its_middle_level_so_one_creak_does_no_harm(ask: Callable[..., Any]) -> None:
    assert ask("w.roomOf([-62, -9, -60, -61, -100])") == -61
    assert ask("w.roomOf([])") == -90


def test_crackling_takes_more_than_one_sample(ask: Callable[..., Any]) -> None:
    assert not ask("w.isClipped(Float32Array.from([1, 0.2, -1, 0.1]))")
    assert ask("w.isClipped(Float32Array.from([1, 1, -1, -1]))")


def test_channels_become_one_and_pieces_too(ask: Callable[..., Any]) -> None:
    assert ask("[...w.mono([Float32Array.from([1, 0]), Float32Array.from([0, 0.5])])]") == [0.5, 0.25]
    assert ask("[...w.joined([Float32Array.from([1]), Float32Array.from([2, 3])])]") == [1, 2, 3]


def test_files_are_read_in_the_order_of_their_numbers(ask: Callable[..., Any]) -> None:
    names = ask("w.inOrder([{name: 'b 10.wav'}, {name: 'b 2.wav'}, {name: 'a.wav'}]).map((f) => f.name)")
    assert names == ["a.wav", "b 2.wav", "b 10.wav"]


def test_a_line_says_where_it_stands(ask: Callable[..., Any]) -> None:
    kept = ask("l.sentenceOf({state: 'kept', seconds: 3.24, note: 'It crackles.'})")
    assert kept == "There is a take of 3.2 seconds. It crackles."
    assert "wants a new take" in ask("l.sentenceOf({state: 'changed', seconds: 0, note: ''})")
    assert "Nobody has read" in ask("l.sentenceOf({state: 'none', seconds: 0, note: ''})")
