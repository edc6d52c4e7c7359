"""`python -m server feed`: make, list and end feeds, for whoever runs the service."""

from __future__ import annotations

import argparse
import os
import re
from datetime import date, datetime, timezone

import segno

from audio.data_folder import DataFolder
from audio.speech.engines import voice_list
from server.config import SettingError, read_settings, use_voices
from server.installation import default_data
from server.process.resources import make_data
from server.services.export.export_set import LENGTHS, parse_set
from server.services.export.feeds import CHOSEN, FeedStore
from server.services.sound.choices import SETTINGS, WORDS

_ADDRESS = re.compile(r"https?://([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?(/[^\s?#@]*)?", re.IGNORECASE)


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command with its three actions."""
    feed = commands.add_parser(
        "feed",
        help="make, list and end feeds for podcast apps",
        description="Make, list and end feeds. A feed's address is its key: it is printed once, when it is made.",
    )
    actions = feed.add_subparsers(required=True, metavar="ACTION")
    new = actions.add_parser("new", help="make a feed and print its address, also as a QR")
    new.add_argument(
        "--address", default="http://127.0.0.1:8000", metavar="URL",
        help="where apps reach the service (default: http://127.0.0.1:8000)",
    )  # fmt: skip
    new.add_argument("--length", help=f"how long: {', '.join(LENGTHS)}")
    new.add_argument("--setting", help=f"who hears it how: {', '.join(SETTINGS)}")
    new.add_argument("--voice", help="a voice of `voices list`")
    new.add_argument("--words", help=f"how much is said: {', '.join(WORDS)}")
    listed = actions.add_parser("list", help="each feed with its name, its day and its choices")
    revoke = actions.add_parser("revoke", help="end a feed for good")
    revoke.add_argument("feed", help="the name that `feed list` gives, or the feed's address")
    for action, command in ((new, _new), (listed, _list), (revoke, _revoke)):
        action.add_argument(
            "--data", help=f"folder of the service (default: STILL_HERE_DATA, or {default_data()})"
        )
        action.set_defaults(command=command)


def _new(options: argparse.Namespace) -> int:
    address = _address(options.address)
    make_data(read_settings({"data": options.data}).data)
    feeds = _feeds(options)
    use_voices(read_settings({"data": options.data}))
    given = {name: getattr(options, name) for name in CHOSEN if getattr(options, name)}
    key, feed = feeds.make(parse_set(voice_list(), given), os.urandom, _today())
    target = f"{address}/feeds/{key}/feed.xml"
    print(f"Feed {feed.name}. Its address is shown this once:\n{target}")
    segno.make(target, error="m").terminal(compact=True)
    return 0


def _feeds(options: argparse.Namespace) -> FeedStore:
    return FeedStore(DataFolder(read_settings({"data": options.data}).data).feeds)


def _address(typed: str) -> str:
    """Address at which apps reach the service, without a slash at its end. Raises SettingError."""
    address = typed.strip().rstrip("/")
    if not _ADDRESS.fullmatch(address):
        raise SettingError('"address" takes one such as https://still.example.org.')
    return address


def _list(options: argparse.Namespace) -> int:
    feeds = _feeds(options)
    for feed in feeds.all():
        label = f"  ({feed.label})" if feed.label else ""
        state = f"ended {feed.revoked}" if feed.revoked else ", ".join(feed.choices.values())
        print(f"{feed.name}  made {feed.made}  {state}{label}")
    return 0


def _revoke(options: argparse.Namespace) -> int:
    feeds = _feeds(options)
    feed = feeds.revoke(feeds.named(options.feed), _today())
    print(f"Feed {feed.name} has ended. Its address answers so, and nothing under it can be heard.")
    return 0


def _today() -> date:
    return datetime.now(timezone.utc).date()
