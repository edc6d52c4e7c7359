"""Tests of reading captions.vtt."""

from bench.figures.render.captions import read_vtt


def test_captions_are_read_with_both_their_lines():
    text = (
        "WEBVTT\n\n00:01:02.500 --> 00:01:04.000\nCircle: a\nSquare: b\n\n01:00:00.000 --> 01:00:01.000\nc\n"
    )
    assert read_vtt(text) == [(62.5, "Circle: a\nSquare: b"), (3600.0, "c")]
