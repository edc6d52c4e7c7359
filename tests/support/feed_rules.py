"""The rules that a feed is held to: a schema of its own, and the rules that no schema can say."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from pathlib import Path

import feedparser
from lxml import etree

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
SCHEMA = etree.RelaxNG(etree.parse(str(Path(__file__).with_name("schemas") / "feed.rng")))


def complaints(body: bytes) -> list[str]:
    """Everything that is wrong with a feed."""
    document = etree.fromstring(body)
    found = [] if SCHEMA.validate(document) else [str(error) for error in SCHEMA.error_log]
    parsed = feedparser.parse(body)
    if parsed.bozo:
        found.append(f"feedparser: {parsed.bozo_exception}")
    return found + _rules(document)


def _rules(document: etree._Element) -> list[str]:
    items = document.findall("channel/item")
    found = []
    own = {
        "guid": [item.findtext("guid") for item in items],
        "episode number": [item.findtext(f"{ITUNES}episode") for item in items],
        "enclosure": [enclosure.get("url") for enclosure in document.findall("channel/item/enclosure")],
    }
    for name, values in own.items():
        if len(set(values)) != len(items):
            found.append(f"each item needs one {name} of its own")
    dates = [parsedate_to_datetime(item.findtext("pubDate")) for item in items]
    numbers = [int(item.findtext(f"{ITUNES}episode")) for item in items]
    if [n for _, n in sorted(zip(dates, numbers, strict=True))] != sorted(numbers):
        found.append("a serial show is published in the order of its episodes")
    built = document.findtext("channel/lastBuildDate")
    if built and max(dates) > parsedate_to_datetime(built):
        found.append("an item is newer than the feed")
    return found
