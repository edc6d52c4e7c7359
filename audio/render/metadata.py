"""A timeline as text beside the sound: captions, chapters, transcript, and a file's tags.

Everything here is known before any sound exists. Times in files are milliseconds, as their formats have it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from mutagen.flac import FLAC, Picture
from mutagen.id3 import APIC, CHAP, CTOC, ID3, SYLT, TALB, TCON, TIT2, TLAN, TLEN, CTOCFlags

from audio.recipe import SETTINGS
from exercises.languages import LANGUAGES, Language
from exercises.model import shown_for
from exercises.timeline import SAMPLE_RATE, Timeline

ALBUM = "Still Here"
GENRE = "Speech"
COVER = Path(__file__).with_name("cover.png")

SEATS = ("circle", "square")


def ms(samples: int) -> int:
    """Samples as whole milliseconds."""
    return round(samples * 1000 / SAMPLE_RATE)


@dataclass(frozen=True)
class Caption:
    """One spoken line: start and end in samples."""

    start: int
    end: int
    text: str


def _language(timeline: Timeline) -> Language:
    return LANGUAGES[timeline.languages[0]]


def wording(timeline: Timeline, index: int, setting: str) -> dict[str, str]:
    """The words of a cue for each seat, as they are heard in a setting."""
    text = timeline.cues[index].text
    listeners = SETTINGS[setting]
    if text is None:
        return {}
    return {seat: shown_for(text, listeners[i % len(listeners)]) for i, seat in enumerate(SEATS)}


def captions(timeline: Timeline, setting: str) -> Iterator[Caption]:
    """The spoken lines in order; where circle and square hear different words, both, marked."""
    for index, cue in enumerate(timeline.cues):
        if cue.kind in ("line", "word"):
            said = wording(timeline, index, setting)
            same = said["circle"] == said["square"]
            seats = _language(timeline).seats
            text = said["circle"] if same else "\n".join(f"{seats[seat]}: {said[seat]}" for seat in SEATS)
            yield Caption(cue.start, cue.end, text)


def _clock(samples: int) -> str:
    total = ms(samples)
    minutes, rest = divmod(total, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"


def vtt(timeline: Timeline, setting: str) -> str:
    """The captions as WebVTT."""
    # signs that would be markup to a player stand as entities, as in any text of WebVTT
    blocks = [
        f"{_clock(c.start)} --> {_clock(c.end)}\n{escape(c.text, quote=False)}"
        for c in captions(timeline, setting)
    ]
    return "\n\n".join(["WEBVTT", *blocks]) + "\n"


def transcript(timeline: Timeline, setting: str) -> str:
    """The spoken lines as plain text under the titles of their parts."""
    lines = [timeline.title, "=" * len(timeline.title)]
    language = _language(timeline)
    said = [caption for caption in captions(timeline, setting) if caption.text not in language.breath]
    for part in timeline.parts:
        lines += ["", language.parts[part.name], ""]
        lines += [c.text for c in said if part.start <= c.start < part.end]
    return "\n".join(lines) + "\n"


def chapters_json(timeline: Timeline) -> dict[str, object]:
    """The parts in the form of Podcasting 2.0 JSON chapters, version 1.2.0; times in seconds."""
    titles = _language(timeline).parts
    return {
        "version": "1.2.0",
        "title": timeline.title,
        "chapters": [
            {"startTime": ms(p.start) / 1000, "endTime": ms(p.end) / 1000, "title": titles[p.name]}
            for p in timeline.parts
        ],
    }


def id3(timeline: Timeline, setting: str) -> bytes:
    """The ID3v2.4 tag of an MP3: title, album, chapters, synced lyrics, cover. The same input gives the same bytes."""
    tag = ID3()
    tag.add(TIT2(encoding=3, text=timeline.title))
    tag.add(TALB(encoding=3, text=ALBUM))
    tag.add(TCON(encoding=3, text=GENRE))
    tag.add(TLAN(encoding=3, text=_language(timeline).iso_639_2))
    tag.add(TLEN(encoding=3, text=str(ms(timeline.length))))
    names = [f"part{i}" for i in range(len(timeline.parts))]
    flags = CTOCFlags.TOP_LEVEL | CTOCFlags.ORDERED
    tag.add(CTOC(element_id="parts", flags=flags, child_element_ids=names, sub_frames=[]))
    titles = _language(timeline).parts
    for name, part in zip(names, timeline.parts, strict=True):
        title = TIT2(encoding=3, text=titles[part.name])
        tag.add(CHAP(element_id=name, start_time=ms(part.start), end_time=ms(part.end), sub_frames=[title]))
    lyrics = [(caption.text, ms(caption.start)) for caption in captions(timeline, setting)]
    tag.add(SYLT(encoding=3, lang=_language(timeline).iso_639_2, format=2, type=1, desc="", text=lyrics))
    tag.add(APIC(encoding=3, mime="image/png", type=3, desc="", data=COVER.read_bytes()))
    buffer = io.BytesIO()
    tag.save(buffer, padding=lambda info: 0)
    return _chapters_in_order(bytes(buffer.getvalue()))


def _chapters_in_order(tag: bytes) -> bytes:
    """The same tag with its frames sorted by name and content: mutagen sorts by size, some players read in order."""
    frames: list[bytes] = []
    at = 10
    while at < len(tag):
        # ID3v2.4: four letters, a size in four times seven bits, two bytes of flags, the content
        size = 0
        for byte in tag[at + 4 : at + 8]:
            size = size << 7 | byte
        frames.append(tag[at : at + 10 + size])
        at += 10 + size
    frames.sort(key=lambda frame: (frame[:4], frame[10:]))
    return tag[:10] + b"".join(frames)


def tag_flac(path: Path, timeline: Timeline) -> None:
    """Add title, album, chapters (Vorbis comments) and cover to a finished FLAC."""
    file = FLAC(path)
    file["TITLE"], file["ALBUM"], file["GENRE"] = timeline.title, ALBUM, GENRE
    titles = _language(timeline).parts
    for i, part in enumerate(timeline.parts):
        file[f"CHAPTER{i:03d}"] = _clock(part.start)
        file[f"CHAPTER{i:03d}NAME"] = titles[part.name]
    picture = Picture()
    picture.type, picture.mime, picture.data = 3, "image/png", COVER.read_bytes()
    file.add_picture(picture)
    file.save()
