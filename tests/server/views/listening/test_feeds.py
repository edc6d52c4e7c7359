"""A feed over HTTP: what a podcast app asks of it, and what is left when it was ended."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest

from bench.lib.sound.made_exercises import made_exercise, write_script
from exercises.library import load_library
from exercises.variety import episode_reading
from server.services.export.export_set import may_be_taken_along
from tests.conftest import ROOT, Service, start_service, stop_service
from tests.server.views.listening.test_exercises import Answer, ask
from tests.support.feed_rules import complaints


def run_feed(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "server", "feed", *words, "--data", str(data)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip


def new_feed(service: Service, *words: str) -> str:
    """The path of a feed made on the command line while the service runs."""
    done = run_feed(service.data, "new", "--address", service.url, *words)
    found = re.search(r"http\S+/feed\.xml", done.stdout)
    assert found, done.stderr
    return urlsplit(found.group()).path


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose log is read at the end: no key may stand in it."""
    folder = tmp_path_factory.mktemp("feeds")
    running = start_service(
        folder / "data", "--proxies", "1", errors=folder / "errors", STILL_HERE_PASSCODE="lamplight"
    )
    yield running
    stop_service(running)
    log = (folder / "errors").read_text()
    assert "Traceback" not in log
    assert "/feeds/" not in log


@pytest.fixture(scope="module")
def feed(host: Service) -> str:
    return new_feed(host)


def enclosures(answer: Answer) -> dict[str, tuple[str, int]]:
    """By exercise: the path of its sound, and its size."""
    parsed = feedparser.parse(answer.body)
    return {
        entry.id.rpartition("/")[2]: (
            urlsplit(entry.enclosures[0].href).path,
            int(entry.enclosures[0].length),
        )
        for entry in parsed.entries
    }


def sibling(feed: str, name: str) -> str:
    return feed.replace("feed.xml", name)


def test_the_whole_feed_is_without_error_and_warning(host: Service, feed: str) -> None:
    answer = ask(host, feed)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/rss+xml; charset=utf-8")
    assert complaints(answer.body) == []
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_only_what_may_be_a_file_is_in_it(host: Service, feed: str) -> None:
    may_be = {exercise.id for exercise in load_library() if may_be_taken_along(exercise)}
    assert set(enclosures(ask(host, feed))) == may_be
    assert {"side-by-side", "too-much-for-now"} <= may_be
    for name in ("halfway", "a-glance-and-a-rest", "im-still-here", "nothing-here"):
        for ending in ("mp3", "vtt", "chapters.json"):
            assert ask(host, sibling(feed, f"{name}.{ending}")).status == 404


def test_each_episode_is_heard_in_a_reading_of_its_own(host: Service, feed: str) -> None:
    for name in ("doorway", "side-by-side"):
        reading = episode_reading(load_library().get(name).order)
        own = ask(host, f"/exercises/{name}/captions.vtt?reading={reading}").body
        assert ask(host, sibling(feed, f"{name}.vtt")).body == own
        assert own != ask(host, f"/exercises/{name}/captions.vtt?reading={reading + 1}").body


def test_a_feed_of_fewer_words_has_the_same_episodes(host: Service, feed: str) -> None:
    fewer = new_feed(host, "--words", "fewer")
    guids = [[entry.id for entry in feedparser.parse(ask(host, path).body).entries] for path in (feed, fewer)]
    assert guids[0] == guids[1]
    captions = [ask(host, sibling(path, "doorway.vtt")).body.count(b"-->") for path in (feed, fewer)]
    assert 0 < captions[1] < captions[0]


def test_nothing_is_made_for_a_feed_and_its_lengths_are_right(host: Service) -> None:
    feed = new_feed(host, "--voice", "higher", "--length", "shortest")
    found = enclosures(ask(host, feed))
    before = list((host.data / "takes").glob("*")) if (host.data / "takes").exists() else []
    for path, size in found.values():
        assert int(ask(host, path, "HEAD").headers["Content-Length"]) == size
    after = list((host.data / "takes").glob("*")) if (host.data / "takes").exists() else []
    assert after == before
    for name in ("doorway", "lamp-out"):
        path, size = found[name]
        assert len(ask(host, path).body) == size


def test_an_enclosure_can_be_had_in_parts(host: Service, feed: str) -> None:
    path, size = enclosures(ask(host, feed))["doorway"]
    whole = ask(host, path)
    part = ask(host, path, Range=f"bytes=1000-{size // 2}")
    assert (part.status, part.body) == (206, whole.body[1000 : size // 2 + 1])
    assert part.headers["Content-Range"] == f"bytes 1000-{size // 2}/{size}"
    assert ask(host, path, Range=f"bytes={size}-").status == 416
    for mark in (whole.headers["ETag"], whole.headers["Last-Modified"]):
        assert ask(host, path, Range="bytes=0-9", If_Range=mark).status == 206
    for mark in ('"older"', "Tue, 01 Jan 2019 00:00:00 GMT"):
        assert ask(host, path, Range="bytes=0-9", If_Range=mark).status == 200


@pytest.mark.parametrize(
    "name", ["feed.xml", "doorway.mp3", "doorway.vtt", "doorway.chapters.json", "cover.png"]
)
def test_what_an_app_has_already_is_not_sent_again(host: Service, feed: str, name: str) -> None:
    path = sibling(feed, name)
    head = ask(host, path, "HEAD")
    assert (head.status, head.body) == (200, b"")
    first = ask(host, path)
    assert int(head.headers["Content-Length"]) == len(first.body)
    assert parsedate_to_datetime(first.headers["Last-Modified"])
    tag, day = first.headers["ETag"], first.headers["Last-Modified"]
    assert ask(host, path, If_None_Match=tag).status == 304
    assert ask(host, path, If_Modified_Since=day).status == 304
    # a tag that is given decides alone
    assert ask(host, path, If_None_Match='"older"', If_Modified_Since=day).status == 200
    assert ask(host, path, If_Modified_Since="Tue, 01 Jan 2019 00:00:00 GMT").status == 200


def test_chapters_and_captions_are_what_the_feed_says_they_are(host: Service, feed: str) -> None:
    listed = ask(host, sibling(feed, "doorway.chapters.json"))
    assert listed.headers["Content-Type"] == "application/json+chapters"
    chapters = json.loads(listed.body)
    assert chapters["version"] == "1.2.0"
    starts = [chapter["startTime"] for chapter in chapters["chapters"]]
    assert len(starts) == 5
    assert starts == sorted(starts)
    captions = ask(host, sibling(feed, "doorway.vtt"))
    assert captions.headers["Content-Type"] == "text/vtt; charset=utf-8"
    assert captions.body.startswith(b"WEBVTT\n")


def test_guids_stay_whatever_is_chosen(host: Service) -> None:
    one, other = (
        feedparser.parse(ask(host, new_feed(host, *words)).body) for words in ((), ("--length", "longest"))
    )
    assert [e.id for e in one.entries] == [e.id for e in other.entries]
    assert [e.itunes_duration for e in one.entries] != [e.itunes_duration for e in other.entries]


def test_addresses_are_those_of_the_host_that_was_asked(host: Service, feed: str) -> None:
    answer = ask(host, feed, Host="still.example.org", X_Forwarded_Proto="https")
    assert complaints(answer.body) == []
    addresses = re.findall(rb'(?:url|href)="([^"]+)"|<(?:url|link)>([^<]+)<', answer.body)
    assert len(addresses) > 30
    assert all((a or b).startswith(b"https://still.example.org/") for a, b in addresses)


def test_an_ended_feed_is_gone_with_all_that_is_in_it(host: Service) -> None:
    feed = new_feed(host)
    names = ("feed.xml", "doorway.mp3", "doorway.vtt", "doorway.chapters.json", "cover.png")
    etag = ask(host, sibling(feed, "doorway.mp3")).headers["ETag"]
    assert run_feed(host.data, "revoke", host.url + feed).returncode == 0
    for name in names:
        for method in ("GET", "HEAD"):
            assert ask(host, sibling(feed, name), method).status == 410
    assert ask(host, sibling(feed, "doorway.mp3"), If_None_Match=etag).status == 410
    answer = ask(host, feed).json()
    assert answer["error"]["code"] == "feed_revoked"
    assert answer["error"]["message"].startswith("This feed was ended")


def test_a_feed_that_never_was_is_not_found(host: Service, feed: str) -> None:
    for name in ("feed.xml", "doorway.mp3", "cover.png"):
        assert ask(host, f"/feeds/{'A' * 43}/{name}").status == 404
    digest = next((host.data / "feeds").glob("*.json")).stem
    assert ask(host, f"/feeds/{digest}/feed.xml").status == 404


def test_the_command_line_lists_feeds_without_their_keys(host: Service, feed: str) -> None:
    key = feed.split("/")[2]
    listed = run_feed(host.data, "list")
    assert listed.returncode == 0
    assert re.search(
        r"^[0-9a-f]{8}  made \d{4}-\d\d-\d\d  usual, together, [a-z-]+, all$", listed.stdout, re.M
    )
    assert key not in listed.stdout
    for path in host.data.rglob("*"):
        assert key not in str(path)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("new", "--address", "still.example.org"), '"address" takes one such as https://still.example.org.'),
        (("new", "--length", "90"), 'For "length" choose one of: usual, shortest, longest.'),
        (("revoke", "zzzz"), "There is no feed of that name here. `feed list` names them all."),
    ],
)
def test_a_wrong_word_is_one_sentence(tmp_path: Path, words: tuple[str, ...], sentence: str) -> None:
    done = run_feed(tmp_path, *words)
    assert (done.returncode, done.stderr.strip()) == (1, sentence)


def test_an_answer_that_breaks_off_puts_neither_key_nor_address_in_the_log(tmp_path: Path) -> None:
    hour = made_exercise(190, 3600)
    (tmp_path / "scripts").mkdir()
    write_script(hour, tmp_path / "scripts")
    scripts = ("--scripts", str(tmp_path / "scripts"))
    service = start_service(tmp_path / "data", *scripts, errors=tmp_path / "errors")
    try:
        feed = new_feed(service)
        address = urlsplit(service.url)
        link = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
        link.request("GET", sibling(feed, f"{hour.id}.mp3"))
        answer = link.getresponse()
        answer.read(100)
        os.kill(studio_of(service), signal.SIGKILL)
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            answer.read()
        link.close()
    finally:
        stop_service(service)
    log = (tmp_path / "errors").read_text()
    assert "ComposeError" in log
    assert feed.split("/")[2] not in log
    assert "127.0.0.1" not in log


def studio_of(service: Service) -> int:
    """The process id of the studio of a service."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == service.process.pid and b"audio.studio.process" in (folder / "cmdline").read_bytes():
                return int(folder.name)
    raise AssertionError("there is no studio")


# ---- the desk of who is signed in ----


def sign_in(service: Service) -> str:
    answer = ask_form(service, "/therapist/sign-in", "passcode=lamplight")
    return answer.headers["Set-Cookie"].split(";")[0]


def ask_form(service: Service, path: str, body: str, **headers: str) -> Answer:
    address = urlsplit(service.url)
    link = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    plain = {"Content-Type": "application/x-www-form-urlencoded", "Origin": service.url, **headers}
    link.request("POST", path, body, plain)
    response = link.getresponse()
    answer = Answer(response.status, response.headers, response.read())
    link.close()
    return answer


def test_only_who_is_signed_in_makes_sees_and_ends_feeds(host: Service) -> None:
    made_by_nobody = len(list((host.data / "feeds").glob("*.json")))
    assert ask(host, "/therapist/feeds").status == 403
    assert ask_form(host, "/therapist/feeds", "length=usual").status == 403
    assert ask_form(host, "/therapist/feeds/revoke", "feed=aaaa").status == 403
    assert len(list((host.data / "feeds").glob("*.json"))) == made_by_nobody


def test_no_other_site_makes_or_ends_a_feed(host: Service) -> None:
    cookie = sign_in(host)
    for path in ("/therapist/feeds", "/therapist/feeds/revoke"):
        assert ask_form(host, path, "", Cookie=cookie, Origin="https://elsewhere.example").status == 403


def test_a_feed_is_made_shown_once_and_ended_at_the_desk(host: Service) -> None:
    cookie = sign_in(host)
    made = ask_form(host, "/therapist/feeds", "length=shortest&voice=lower&setting=earbuds", Cookie=cookie)
    assert made.status == 303, "loading the page again must not make another"
    shown = ask(host, "/therapist/feeds", Cookie=cookie)
    page = shown.body.decode()
    found = re.search(r'id="feed-address">(\S+?)<', page)
    assert found
    assert made.headers["Cache-Control"] == shown.headers["Cache-Control"] == "no-store"
    feed = urlsplit(found.group(1)).path
    assert complaints(ask(host, feed).body) == []
    again = ask(host, "/therapist/feeds", Cookie=cookie)
    assert feed.split("/")[2] not in again.body.decode()
    assert "The shortest · One earbud each" in again.body.decode()
    digest = re.findall(r'name="feed" value="([0-9a-f]{64})"', again.body.decode())
    for one in digest:
        assert ask_form(host, "/therapist/feeds/revoke", f"feed={one}", Cookie=cookie).status == 303
    assert ask(host, feed).status == 410
    unknown = ask_form(host, "/therapist/feeds/revoke", f"feed={'a' * 64}", Cookie=cookie)
    assert unknown.status == 404
