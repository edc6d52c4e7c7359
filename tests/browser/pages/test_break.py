"""An agreed break: the page that keeps it, on this device alone, and the file for a calendar."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from icalendar import Calendar

KEY = "still-here:break"
NOW = datetime(2026, 11, 24, 20, 19, 30, tzinfo=ZoneInfo("Europe/Berlin"))
UID = "0123456789abcdef" * 2


@pytest.fixture
def couple(visit: Callable[..., Any]) -> Any:
    """A phone in Berlin at half past a minute, with its clock in our hands."""
    one = visit(timezone_id="Europe/Berlin", locale="en-GB", accept_downloads=True)
    one.page.clock.install(time=NOW)
    return one


def kept(page: Any) -> Any:
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')") or "null")


def agree(couple: Any, label: str = "20 minutes") -> Any:
    page = couple.open("/break")
    page.get_by_label(label).check()
    page.get_by_role("button", name="We agree").click()
    return page


def event_of(page: Any) -> tuple[Any, bytes]:
    with page.expect_download() as download:
        page.click("#calendar")
    assert download.value.suggested_filename == "break.ics"
    raw = download.value.path().read_bytes()
    return Calendar.from_ical(raw), raw


# ---- the page ----


@pytest.mark.parametrize(
    ("label", "clock"),
    [("20 minutes", "20:40"), ("30 minutes", "20:50"), ("45 minutes", "21:05"), ("An hour", "21:20")],
)
def test_a_length_gives_the_time_of_coming_back_never_sooner_than_agreed(
    couple: Any, label: str, clock: str
) -> None:
    page = couple.open("/break")
    page.get_by_label(label).check()
    assert page.text_content("#would-be") == clock
    page.get_by_role("button", name="We agree").click()
    assert page.text_content("#back-at") == clock
    assert page.evaluate("document.activeElement.id") == "during-title"


def test_twenty_minutes_are_what_is_offered_first(couple: Any) -> None:
    page = couple.open("/break")
    assert page.get_by_label("20 minutes").is_checked()
    assert page.text_content("#would-be-line") == "We come back at 20:40."


def test_a_time_can_be_agreed_on_instead(couple: Any) -> None:
    page = couple.open("/break")
    page.get_by_label("Until a set time").check()
    page.fill("#until", "22:15")
    assert page.text_content("#would-be") == "22:15"
    page.get_by_role("button", name="We agree").click()
    assert page.text_content("#back-at") == "22:15"


def test_a_time_too_far_off_is_one_sentence_and_agrees_nothing(couple: Any) -> None:
    page = couple.open("/break")
    page.get_by_label("Until a set time").check()
    page.fill("#until", "20:10")
    page.get_by_role("button", name="We agree").click()
    assert page.text_content("#trouble") == "Choose a time within the next twelve hours."
    assert page.is_visible("#before")
    assert kept(page) is None


def test_what_is_left_is_said_by_the_minute_and_without_pressing(couple: Any) -> None:
    page = agree(couple)
    assert page.text_content("#left") == "in about 20 minutes"
    page.clock.fast_forward(10 * 60_000)
    assert page.text_content("#left") == "in about 10 minutes"
    page.clock.fast_forward(9 * 60_000)
    assert page.text_content("#left") == "in about a minute"
    assert page.locator("[aria-live]:not([aria-live=off])").count() == 0


def test_it_survives_a_reload(couple: Any) -> None:
    page = agree(couple)
    page.reload()
    assert page.is_visible("#during")
    assert page.text_content("#back-at") == "20:40"


def test_at_its_end_it_leads_back_into_the_room_and_is_forgotten(couple: Any) -> None:
    page = agree(couple)
    page.clock.fast_forward("21:00")
    assert page.is_visible("#after")
    assert page.text_content("#after-title") == "You agreed on 20:40."
    assert page.evaluate("document.activeElement.id") == "after-title"
    page.click("#back")
    page.wait_for_url("**/exercises/back-in-the-room/")
    assert kept(page) is None


def test_twenty_more_are_one_tap_before_the_end_and_after(couple: Any) -> None:
    page = agree(couple)
    page.click("#longer")
    assert page.text_content("#back-at") == "21:00"
    page.clock.fast_forward("45:00")
    page.click("#more")
    assert page.text_content("#back-at") == "21:25"
    assert kept(page)["moved"] == 2


@pytest.mark.parametrize("button", ["#end", "#done"])
def test_ending_it_forgets_it(couple: Any, button: str) -> None:
    page = agree(couple)
    if button == "#done":
        page.clock.fast_forward("21:00")
    page.click(button)
    assert page.is_visible("#before")
    assert kept(page) is None


def test_one_that_nobody_came_back_to_is_forgotten(couple: Any) -> None:
    page = agree(couple)
    page.clock.fast_forward("03:21:00")
    assert page.is_visible("#before")
    assert kept(page) is None


@pytest.mark.parametrize(
    "text", ["", "3", "null", '{"until": "x"}', '{"until": 1, "uid": "<b>", "moved": 0}', "{"]
)
def test_what_is_not_ours_in_the_storage_is_no_break(couple: Any, text: str) -> None:
    page = couple.open("/break")
    page.evaluate(f"localStorage.setItem('{KEY}', {json.dumps(text)})")
    page.reload()
    assert page.is_visible("#before")


def test_all_of_it_works_without_a_network_and_asks_for_nothing(couple: Any) -> None:
    page = couple.open("/break")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.set_offline(True)
    page.get_by_role("button", name="We agree").click()
    calendar, _ = event_of(page)
    assert calendar.events
    page.click("#longer")
    page.clock.fast_forward("41:00")
    assert page.is_visible("#after")
    # the picture in its tab is asked for by the browser, whenever it likes
    assert [url for url in asked if not url.startswith("blob:") and not url.endswith("mark.svg")] == []


def test_the_page_is_the_same_for_everybody(visit: Callable[..., Any]) -> None:
    one = visit()
    page = agree(one)
    same = page.evaluate(
        "Promise.all([1, 2].map(() => fetch('/break').then((r) => r.text()))).then(([a, b]) => a === b)"
    )
    assert same
    assert page.evaluate("fetch('/break').then((r) => r.headers.get('set-cookie'))") is None


def test_without_javascript_it_says_what_to_do(visit: Callable[..., Any]) -> None:
    page = visit(java_script_enabled=False).open("/break")
    assert "put it where both of you can see it" in page.inner_text(".without-script")
    assert not page.is_visible("#agree")


@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_runs_off_the_side(visit: Callable[..., Any], width: int, locale: str) -> None:
    one = visit(viewport={"width": width, "height": 700}, locale=locale, timezone_id="Europe/Berlin")
    one.page.clock.install(time=NOW)
    page = agree(one, "An hour")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for element in page.locator("#during :visible").all():
        box = element.bounding_box()
        assert box is None or box["x"] + box["width"] <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_is_free_of_violations(visit: Callable[..., Any], scheme: str) -> None:
    one = visit(color_scheme=scheme)
    one.page.clock.install(time=NOW)
    page = agree(one)
    found = {"during": Axe().run(page).response["violations"]}
    page.clock.fast_forward("21:30")
    found["after"] = Axe().run(page).response["violations"]
    assert page.is_visible("#after")
    assert found == {"during": [], "after": []}


# ---- where it is offered ----


@pytest.mark.parametrize("path", ["/", "/exercises/too-much-for-now/", "/exercises/back-in-the-room/"])
def test_it_is_linked_where_it_is_needed(browser_page: Any, path: str) -> None:
    page = browser_page.open(path)
    links = page.locator("main a[href='/break']")
    assert any(link.is_visible() for link in links.all())


def test_who_is_not_back_yet_is_led_to_a_longer_break(browser_page: Any) -> None:
    page = browser_page.open("/exercises/back-in-the-room/")
    page.click(".longer a")
    page.wait_for_url("**/break")
    assert page.is_visible("#agree")


# ---- the file for a calendar ----


def test_a_calendar_reads_the_time_and_nothing_else(couple: Any) -> None:
    page = agree(couple)
    calendar, raw = event_of(page)
    [event] = calendar.events
    assert event.start == NOW.replace(minute=40, second=0)
    assert event.start.utcoffset() == timedelta(0)
    assert (str(event["SUMMARY"]), str(event["CLASS"]), int(event["SEQUENCE"])) == (
        "We come back",
        "PRIVATE",
        0,
    )
    assert set(event) == {
        "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS", "TRANSP",
    }  # fmt: skip
    [alarm] = event.alarms.times
    assert alarm.trigger == event.start
    assert not calendar.errors
    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_a_longer_break_is_the_same_event_at_another_time(couple: Any) -> None:
    page = agree(couple)
    [first] = event_of(page)[0].events
    page.click("#longer")
    [second] = event_of(page)[0].events
    assert second["UID"] == first["UID"]
    assert second.start - first.start == timedelta(minutes=20)
    assert int(second["SEQUENCE"]) == 1


def test_two_breaks_are_two_events(couple: Any) -> None:
    page = agree(couple)
    [first] = event_of(page)[0].events
    page.click("#end")
    page.get_by_role("button", name="We agree").click()
    [second] = event_of(page)[0].events
    assert first["UID"] != second["UID"]


@pytest.fixture
def ask(visit: Callable[..., Any]) -> Callable[[str], Any]:
    """Evaluates an expression in which `b` is break-time.js and `c` is calendar.js, in Berlin."""
    page = visit(timezone_id="Europe/Berlin").open("/help")
    load = "const b = await import('/static/shared/break-time.js'), c = await import('/static/shared/calendar.js');"
    return lambda expression: page.evaluate(f"async () => {{ {load} return {expression}; }}")


LINES = ["", "a" * 75, "a" * 76, "ä" * 60, "SUMMARY:" + "🙂" * 40, "a" * 74 + "ä", "x" * 300, "e\u0301" * 70]


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_a_long_line_is_folded_by_octets_and_comes_back_whole(ask: Callable[[str], Any], line: str) -> None:
    folded = ask(f"c.folded({json.dumps(line)})")
    assert all(len(piece.encode()) <= 75 for piece in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line


@pytest.mark.parametrize(
    ("text", "escaped"),
    [("a, b; c", "a\\, b\\; c"), ("back\\slash", "back\\\\slash"), ("two\nlines", "two\\nlines")],
)
def test_signs_that_mean_something_are_escaped(ask: Callable[[str], Any], text: str, escaped: str) -> None:
    assert ask(f"c.escaped({json.dumps(text)})") == escaped


def test_every_line_of_the_file_is_short_enough(ask: Callable[[str], Any]) -> None:
    until = datetime(2026, 11, 24, 19, 40, tzinfo=timezone.utc).timestamp() * 1000
    file = ask(f"c.eventFile({{until: {until:.0f}, uid: '{UID}', moved: 3}}, {until - 1_200_000:.0f})")
    assert all(len(line.encode()) <= 75 for line in file.split("\r\n"))
    [event] = Calendar.from_ical(file).events
    assert event["DTSTAMP"].dt == datetime(2026, 11, 24, 19, 20, tzinfo=timezone.utc)


def test_over_midnight_and_over_the_change_of_the_clocks(ask: Callable[[str], Any]) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    late = datetime(2026, 11, 24, 23, 50, tzinfo=berlin).timestamp() * 1000
    assert ask(f"b.untilTime({late:.0f}, '00:10')") == late + 20 * 60_000
    spring = datetime(2027, 3, 28, 1, 30, tzinfo=berlin).timestamp() * 1000
    assert ask(f"b.untilTime({spring:.0f}, '03:30')") == spring + 60 * 60_000
    # a time that is skipped is as long after midnight as on other days
    assert ask(f"b.untilTime({spring:.0f}, '02:30')") == spring + 60 * 60_000


@pytest.mark.parametrize(
    ("fold", "typed", "minutes"), [(0, "02:40", 30), (1, "02:40", 30), (0, "02:05", 55), (1, "03:05", 55)]
)
def test_in_an_hour_that_is_repeated_the_nearer_time_is_meant(
    ask: Callable[[str], Any], fold: int, typed: str, minutes: int
) -> None:
    now = datetime(2026, 10, 25, 2, 10, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold).timestamp() * 1000
    assert ask(f"b.untilTime({now:.0f}, '{typed}')") == now + minutes * 60_000


@pytest.mark.parametrize(
    ("zone", "day"), [("America/Santiago", (2026, 9, 5)), ("Africa/Cairo", (2026, 4, 23))]
)
def test_where_the_hour_after_midnight_is_skipped_a_time_in_it_is_one_still(
    visit: Callable[..., Any], zone: str, day: tuple[int, int, int]
) -> None:
    page = visit(timezone_id=zone).open("/help")
    now = datetime(*day, 23, 50, tzinfo=ZoneInfo(zone)).timestamp() * 1000
    load = "const b = await import('/static/shared/break-time.js');"
    until = page.evaluate(f"async () => {{ {load} return b.untilTime({now:.0f}, '00:30'); }}")
    assert until == now + 40 * 60_000


@pytest.mark.parametrize("typed", ["", "24:00", "8:40", "noon", "12:60"])
def test_what_is_no_time_is_none(ask: Callable[[str], Any], typed: str) -> None:
    assert ask(f"b.untilTime(0, {json.dumps(typed)})") is None


def test_words_for_what_is_left(ask: Callable[[str], Any]) -> None:
    assert ask("[0, 44, 46, 100, 119, 120, 1259, 3600, 5399, 5400, 9000, 12000].map((s) => b.leftWords(s * 1000))") == [
        "in less than a minute", "in less than a minute", "in about a minute", "in about a minute",
        "in about a minute", "in about 2 minutes", "in about 20 minutes", "in about 60 minutes",
        "in about 89 minutes", "in about 1½ hours", "in about 2½ hours", "in about 3½ hours",
    ]  # fmt: skip
