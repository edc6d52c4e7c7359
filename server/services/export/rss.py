"""A feed as podcast apps read it: RSS 2.0 with the tags of iTunes and of Podcasting 2.0. Pure.

Sources: the RSS 2.0 specification, Apple's "A podcaster's guide to RSS", and the podcast namespace 1.0.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as Xml

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
ATOM = "http://www.w3.org/2005/Atom"
for _prefix, _space in (("itunes", ITUNES), ("podcast", PODCAST), ("atom", ATOM)):
    Xml.register_namespace(_prefix, _space)

_PODCAST_IDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace that podcast:guid is a UUID version 5 of."""

TITLE = "Still Here"
SUMMARY = (
    "A voice guides two people through a few quiet minutes, side by side or a little nearer. Nothing has to be fixed "
    "or explained in them, and either can stop at any time. Not therapy, and not for emergencies."
)
CATEGORY = ("Health & Fitness", "Mental Health")
LANGUAGE = "en"


@dataclass(frozen=True)
class Episode:
    """One exercise in a feed. Addresses are absolute; `size` is the bytes of its file, `seconds` its length.

    guid  stays for as long as the exercise does, whatever is chosen for its sound
    """

    guid: str
    title: str
    summary: str
    published: datetime
    number: int
    seconds: int
    size: int
    sound: str
    chapters: str
    captions: str


@dataclass(frozen=True)
class Show:
    """A whole feed. `address` is its own, `changed` is when anything in it may last have changed."""

    guid: str
    address: str
    home: str
    cover: str
    changed: datetime
    episodes: Sequence[Episode]


def show_guid(digest: str) -> str:
    """The podcast:guid of a feed, from the digest of its key: it stays when the service moves to another address."""
    return str(uuid.uuid5(_PODCAST_IDS, f"still-here/{digest}"))


def rss(show: Show) -> bytes:
    """The feed as XML."""
    root = Xml.Element("rss", version="2.0")
    channel = Xml.SubElement(root, "channel")
    _texts(channel, title=TITLE, link=show.home, description=SUMMARY, language=LANGUAGE)
    _texts(channel, lastBuildDate=format_datetime(show.changed, usegmt=True), generator=TITLE)
    Xml.SubElement(channel, f"{{{ATOM}}}link", href=show.address, rel="self", type="application/rss+xml")
    image = Xml.SubElement(channel, "image")
    _texts(image, url=show.cover, title=TITLE, link=show.home)
    _itunes(channel, author=TITLE, summary=SUMMARY, type="serial", explicit="false", block="Yes")
    Xml.SubElement(channel, f"{{{ITUNES}}}image", href=show.cover)
    outer = Xml.SubElement(channel, f"{{{ITUNES}}}category", text=CATEGORY[0])
    Xml.SubElement(outer, f"{{{ITUNES}}}category", text=CATEGORY[1])
    # whoever subscribed holds a key of their own: no directory is to list it, no other service to take it over
    _podcast(channel, guid=show.guid, medium="podcast", locked="yes", block="yes")
    for episode in show.episodes:
        _item(Xml.SubElement(channel, "item"), episode, show.cover)
    Xml.indent(root)
    return Xml.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _item(item: Xml.Element, episode: Episode, cover: str) -> None:
    _texts(item, title=episode.title, description=episode.summary)
    Xml.SubElement(item, "guid", isPermaLink="false").text = episode.guid
    _texts(item, pubDate=format_datetime(episode.published, usegmt=True))
    Xml.SubElement(item, "enclosure", url=episode.sound, length=str(episode.size), type="audio/mpeg")
    _itunes(
        item, title=episode.title, summary=episode.summary, duration=str(episode.seconds),
        episode=str(episode.number), episodeType="full", explicit="false",
    )  # fmt: skip
    Xml.SubElement(item, f"{{{ITUNES}}}image", href=cover)
    Xml.SubElement(item, f"{{{PODCAST}}}chapters", url=episode.chapters, type="application/json+chapters")
    Xml.SubElement(
        item,
        f"{{{PODCAST}}}transcript",
        url=episode.captions,
        type="text/vtt",
        language=LANGUAGE,
        rel="captions",
    )


def _texts(parent: Xml.Element, **texts: str) -> None:
    for name, text in texts.items():
        Xml.SubElement(parent, name).text = text


def _itunes(parent: Xml.Element, **texts: str) -> None:
    _texts(parent, **{f"{{{ITUNES}}}{name}": text for name, text in texts.items()})


def _podcast(parent: Xml.Element, **texts: str) -> None:
    _texts(parent, **{f"{{{PODCAST}}}{name}": text for name, text in texts.items()})
