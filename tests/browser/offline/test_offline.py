"""With no network: a real Chromium, a real service, and the service really gone."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Service, start_service, stop_service
from tests.support.front import Front

DOORWAY = "/exercises/doorway/"
GROUNDING = "/exercises/too-much-for-now/"
TREE = ("server", "exercises", "audio", "web")
CACHES = "caches.keys()"
SOUND = "timeline.json"


class Home:
    """A service behind a door, and a phone that comes to it."""

    def __init__(self, folder: Path, visit: Callable[..., Any]):
        self.folder = folder
        self.running: list[Service] = []
        self.front = Front(self.start())
        self.visitor = visit(url=self.front.url, service_workers="allow")
        self.page = self.visitor.page

    def start(self, *arguments: str, root: Path = ROOT) -> str:
        """Another service; gives its address."""
        self.running.append(start_service(self.folder / "data", *arguments, root=root))
        return self.running[-1].url

    def replace(self, *arguments: str, root: Path = ROOT) -> None:
        """End the service, and put another behind the same door, with the same data."""
        self.stop()
        self.front.target = self.start(*arguments, root=root)

    def cut(self) -> None:
        """No network on the phone, nobody behind the door, and no door."""
        self.page.context.set_offline(True)
        self.front.close()
        self.stop()

    def stop(self) -> None:
        """End what runs."""
        while self.running:
            stop_service(self.running.pop())

    def until(self, condition: str, limit_s: float = 30.0) -> Any:
        """Until an expression in the page is true; gives its value."""
        end = time.monotonic() + limit_s
        while not (value := self.page.evaluate(condition)):
            assert time.monotonic() < end, f"not within {limit_s:g} s: {condition}"
            self.page.wait_for_timeout(50)
        return value

    def kept(self) -> list[str]:
        """The exercises that are kept."""
        return self.page.evaluate(
            "caches.open('still-here-kept').then((c) => c.keys())"
            ".then((keys) => keys.map((k) => k.url.split('/').pop()))"
        )

    def settle(self, path: str = "/") -> None:
        """First visit, until the page and the grounding exercise are kept."""
        self.visitor.open(path)
        self.until("caches.open('still-here-kept').then((c) => c.keys()).then((keys) => keys.length)")

    def keep(self, path: str = DOORWAY) -> None:
        """Keep one exercise by its button."""
        self.visitor.open(path)
        self.page.click("#keep [data-keep=button]")
        self.page.wait_for_selector(
            "#keep [data-keep=state]:text-matches('^Kept on this phone')", timeout=60_000
        )

    def answer(self, path: str) -> tuple[int, str]:
        """Status and text of what a page gets for a path."""
        return tuple(
            self.page.evaluate("(p) => fetch(p).then(async (r) => [r.status, await r.text()])", path)
        )

    def shells(self) -> list[str]:
        """The versions of the page that are kept."""
        return [name for name in self.page.evaluate(CACHES) if "shell" in name]


@pytest.fixture
def home(tmp_path: Path, visit: Callable[..., Any]) -> Iterator[Home]:
    made = Home(tmp_path, visit)
    yield made
    made.front.close()
    made.stop()


def changed_tree(folder: Path, change: Callable[[Path], None]) -> Path:
    """A copy of this project with something changed."""
    for name in TREE:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    change(folder)
    return folder


def marked(folder: Path) -> None:
    """Another version: page, style and script say so."""
    base = folder / "web/templates/base.html"
    base.write_text(base.read_text().replace("<body ", '<body data-page="two" '))
    with (folder / "web/static/styles/base.css").open("a") as css:
        css.write("\n:root { --made: two; }\n")
    with (folder / "web/static/shared/leave.js").open("a") as script:
        script.write('\ndocument.body.dataset.script = "two";\n')


MADE = """[document.body.dataset.page ?? "one", document.body.dataset.script ?? "one",
  getComputedStyle(document.documentElement).getPropertyValue("--made").trim() || "one"]"""


def test_after_one_visit_everything_kept_is_there_with_no_network(home: Home) -> None:
    home.settle()
    home.keep()
    plan = home.visitor.timeline()
    query = home.page.evaluate("document.querySelector('[data-file=\"audio.mp3\"]').search")
    home.cut()

    home.visitor.open("/")
    home.page.get_by_role("link", name="Doorway", exact=True).click()
    home.page.click("#begin")
    home.visitor.wait_playing()
    line = [cue for cue in plan["cues"] if cue["kind"] == "line"][3]
    home.visitor.seek(line["start"] + 0.2)
    home.until(f"document.querySelector('.said').textContent === {line['text']['circle']!r}")
    status, captions = home.answer(f"{DOORWAY}captions.vtt{query}")
    assert status == 200
    assert captions.startswith("WEBVTT")
    home.visitor.seek(plan["duration"] - 0.6)
    home.page.wait_for_selector("#over:not([hidden])")

    home.page.click("#too-much")
    home.page.wait_for_url(f"**{GROUNDING}")
    home.visitor.wait_playing()
    assert home.visitor.sound("a.duration") == home.visitor.timeline()["duration"]

    home.visitor.open("/exercises/side-by-side/")
    assert home.page.locator("h1").inner_text() == "No network at the moment"
    home.page.click("text=What is kept on this phone")
    home.page.wait_for_selector("#room:text-matches('^2 of [0-9]+ are kept')")


def test_offline_the_kept_choices_are_played_whatever_is_usual(home: Home) -> None:
    home.settle()
    home.keep()
    usual = home.page.locator("#choice-voice").input_value()
    home.page.click(".settings summary")
    home.page.select_option("#choice-voice", "lower")
    home.page.wait_for_selector(
        "#keep [data-keep=state]:text-matches('^Kept on this phone with other choices')"
    )
    home.cut()
    home.visitor.open(DOORWAY)
    home.page.wait_for_selector("#kept-instead:not([hidden])")
    assert home.page.locator("#choice-voice").input_value() == usual
    home.page.click("#begin")
    home.visitor.wait_playing()
    assert f"voice={usual}&" in home.visitor.sound("a.currentSrc")


def test_an_audio_element_gets_slices_of_what_is_kept(home: Home) -> None:
    home.settle()
    home.keep()
    address = home.page.evaluate("document.querySelector('[data-file=\"audio.mp3\"]').href")
    home.cut()
    found = home.page.evaluate(
        """async (address) => {
          const whole = new Uint8Array(await (await fetch(address)).arrayBuffer());
          const seen = {size: whole.length};
          for (const range of ["bytes=0-1", "bytes=1000-1999", "bytes=-500"]) {
            const part = await fetch(address, {headers: {Range: range}});
            const bytes = new Uint8Array(await part.arrayBuffer());
            const [start] = part.headers.get("Content-Range").match(/\\d+/g).map(Number);
            const same = bytes.every((b, i) => b === whole[start + i]);
            seen[range] = [part.status, part.headers.get("Content-Type"), bytes.length, same];
          }
          seen.past = (await fetch(address, {headers: {Range: "bytes=99999999-"}})).status;
          return seen;
        }""",
        address,
    )
    assert found.pop("size") > 400_000
    assert found.pop("past") == 416
    assert found == {
        "bytes=0-1": [206, "audio/mpeg", 2, True],
        "bytes=1000-1999": [206, "audio/mpeg", 1000, True],
        "bytes=-500": [206, "audio/mpeg", 500, True],
    }


def test_an_update_never_mixes_two_versions(home: Home) -> None:
    home.settle()
    home.visitor.open("/help")
    assert home.page.evaluate(MADE) == ["one", "one", "one"]
    script = home.page.evaluate("document.querySelector('script[src*=leave]').src")
    old = home.answer(script)[1]
    second = changed_tree(home.folder / "second", marked)
    home.replace(root=second)

    other = home.page.context.new_page()
    other.goto(home.front.url + "/")
    assert other.evaluate(MADE) == ["one", "one", "one"]
    home.until("caches.keys().then((names) => names.filter((name) => name.includes('shell')).length > 1)")
    home.until("navigator.serviceWorker.getRegistration().then((r) => !r.installing && !r.waiting)")
    # The page of the version before goes on with its own files, which the service has no more.
    assert home.answer(script) == (200, old)
    assert home.page.evaluate(MADE) == ["one", "one", "one"]
    other.goto(home.front.url + "/help")
    assert other.evaluate(MADE) == ["two", "two", "two"]
    home.cut()
    other.goto(home.front.url + "/")
    assert other.evaluate(MADE) == ["two", "two", "two"]


def try_to_update(home: Home) -> None:
    """Until an update has been tried, and has come to its end."""
    asked = home.front.seen.count("/offline")
    home.page.evaluate("navigator.serviceWorker.getRegistration().then((r) => r.update().catch(() => null))")
    home.until("navigator.serviceWorker.getRegistration().then((r) => !r.installing && !r.waiting)")
    assert home.front.seen.count("/offline") > asked


def test_an_update_that_is_not_whole_changes_nothing(home: Home) -> None:
    home.settle()
    before = home.shells()
    second = changed_tree(home.folder / "second", marked)
    home.replace(root=second)
    home.front.answers["/offline"] = (500, "text/html", b"<h1>Something went wrong</h1>")
    home.visitor.open("/help")
    try_to_update(home)
    assert home.shells() == before
    home.visitor.open("/help")
    assert home.page.evaluate(MADE) == ["one", "one", "one"]
    # A right status with other bytes is no better.
    home.front.answers["/offline"] = (200, "text/html; charset=utf-8", b"<h1>Another page</h1>")
    try_to_update(home)
    assert home.shells() == before


@pytest.mark.parametrize(
    "bad",
    [
        (503, "application/json", b'{"error": {"code": "x", "message": "The voice is not answering."}}'),
        (200, "text/html", b"<h1>Sign in to the network</h1>"),
    ],
    ids=["an error", "another type"],
)
@pytest.mark.parametrize("part", ["timeline.json", "captions.vtt", "audio.mp3"])
def test_a_bad_answer_never_enters_what_is_kept(home: Home, part: str, bad: tuple[int, str, bytes]) -> None:
    home.settle()
    home.visitor.open(DOORWAY)
    home.front.answers[DOORWAY + part] = bad
    home.page.click("#keep [data-keep=button]")
    home.page.wait_for_selector("#keep [data-keep=trouble]:not(:empty)")
    assert home.page.locator("#keep [data-keep=trouble]").inner_text().endswith(".")
    assert home.kept() == ["too-much-for-now"]
    assert not any("doorway" in name for name in home.page.evaluate(CACHES))


def room_of(home: Home, size: int) -> None:
    """All the room that this browser gives to the address, in bytes."""
    session = home.page.context.new_cdp_session(home.page)
    session.send("Storage.overrideQuotaForOrigin", {"origin": home.front.url, "quotaSize": size})


def used(home: Home) -> int:
    return home.page.evaluate("navigator.storage.estimate().then((e) => e.usage)")


def test_too_little_room_is_said_before_anything_is_fetched(home: Home) -> None:
    home.settle()
    home.keep()
    little = (
        f"navigator.storage.estimate = async () => ({{quota: {used(home) + 600_000}, usage: {used(home)}}});"
    )
    home.page.add_init_script(little)
    home.visitor.open("/exercises/side-by-side/")
    asked = len([path for path in home.front.seen if "side-by-side/audio" in path])
    home.page.click("#keep [data-keep=button]")
    home.page.wait_for_selector("#keep [data-keep=trouble]:not(:empty)")
    assert "isn’t enough room" in home.page.locator("#keep [data-keep=trouble]").inner_text()
    # one question about its size, and no sound
    assert len([path for path in home.front.seen if "side-by-side/audio" in path]) == asked + 1
    assert sorted(home.kept()) == ["doorway", "too-much-for-now"]
    home.visitor.begin(DOORWAY)


def test_room_that_runs_out_on_the_way_loses_nothing(home: Home) -> None:
    home.settle()
    home.keep()
    home.page.add_init_script("navigator.storage.estimate = async () => ({quota: 1e12, usage: 0});")
    room_of(home, used(home) + 600_000)
    home.visitor.open("/exercises/side-by-side/")
    home.page.click("#keep [data-keep=button]")
    home.page.wait_for_selector("#keep [data-keep=trouble]:not(:empty)", timeout=60_000)
    assert "ran out of room" in home.page.locator("#keep [data-keep=trouble]").inner_text()
    assert sorted(home.kept()) == ["doorway", "too-much-for-now"]
    assert not any("side-by-side" in name for name in home.page.evaluate(CACHES))
    home.cut()
    home.visitor.begin(DOORWAY)


def test_a_changed_exercise_plays_as_it_was_until_the_new_one_is_whole(home: Home) -> None:
    home.settle()
    home.keep()
    query = home.page.evaluate("document.querySelector('[data-file=\"audio.mp3\"]').search")
    address = f"{DOORWAY}timeline.json{query}"
    old = home.answer(address)[1]
    scripts = home.folder / "scripts"
    shutil.copytree(ROOT / "exercises/scripts", scripts)
    script = scripts / "doorway.yaml"
    text = script.read_text()
    script.write_text(text.replace("title: Doorway", "title: Doorway Again"))
    home.front.held.add(DOORWAY + "audio.mp3")
    home.replace("--scripts", str(scripts))
    home.visitor.open("/")
    home.until(
        "caches.keys().then((names) => names.filter((name) => name.includes('copy-doorway')).length === 2)"
    )
    assert home.answer(address) == (200, old)
    home.front.release.set()
    home.until(f"fetch({address!r}).then((r) => r.text()).then((text) => text.includes('Doorway Again'))")
    home.until(
        "caches.keys().then((names) => names.filter((name) => name.includes('copy-doorway')).length === 1)"
    )
    home.cut()
    home.visitor.begin(DOORWAY)
    assert "Doorway Again" in home.answer(address)[1]


def test_everything_is_kept_and_removed_from_one_page(home: Home) -> None:
    scripts = home.folder / "scripts"
    scripts.mkdir()
    for name in ("doorway", "lamp-out", "side-by-side", "too-much-for-now"):
        shutil.copy(ROOT / f"exercises/scripts/{name}.yaml", scripts)
    home.replace("--scripts", str(scripts))
    home.settle("/kept")
    home.page.wait_for_selector("#keep-all:visible")
    home.page.click("#keep-all")
    home.page.wait_for_selector("#room:text-matches('^4 of 4 are kept and take [0-9.]+ MB')", timeout=120_000)
    assert len(home.kept()) == 4
    assert home.page.locator("#keep-all").is_hidden()
    home.page.click("[data-exercise=lamp-out] [data-keep=remove]")
    home.page.wait_for_selector("#room:text-matches('^3 of 4')")
    home.page.click("#remove-all")
    home.page.wait_for_selector("#room:text-matches('^1 of 4')")
    assert home.kept() == ["too-much-for-now"]


def test_rooms_and_what_asks_for_consent_are_never_kept(home: Home) -> None:
    home.settle()
    home.visitor.open("/exercises/a-glance-and-a-rest/")
    assert home.page.locator("#keep").count() == 0
    assert "a copy cannot ask" in home.page.locator(".keep").inner_text()
    for path in ("/join", "/therapist", "/exercises/a-glance-and-a-rest/"):
        home.visitor.open(path)
    kept = home.page.evaluate(
        """caches.keys().then((names) => Promise.all(names.map(async (name) => (await (await caches.open(name)).keys())
          .map((request) => new URL(request.url).pathname)))).then((lists) => lists.flat())"""
    )
    assert "/offline" in kept
    pages = [path for path in kept if not path.startswith("/static/")]
    assert not [
        path for path in pages if any(word in path for word in ("room", "join", "therapist", "glance"))
    ]
    home.cut()
    for path in ("/join", "/therapist", "/exercises/a-glance-and-a-rest/"):
        home.visitor.open(path)
        assert home.page.locator("h1").inner_text() == "No network at the moment"


def test_where_a_phone_can_keep_nothing_the_page_says_so(visit: Callable[..., Any]) -> None:
    one = visit()
    one.page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false});")
    page = one.open(DOORWAY)
    assert "plain http" in page.locator("#keep [data-keep=state]").inner_text()
    assert page.locator("#keep [data-keep=button]").is_hidden()
    page = one.open("/kept")
    assert "plain http" in page.locator("#room").inner_text()
    assert page.locator("#keep-all").is_hidden()
