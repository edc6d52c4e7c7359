"""The pages in Spanish, in a real browser: no English of the catalogue, nothing that axe finds, no overflow."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from server.i18n.catalog import read_catalogue
from tests.support.couple import DESK, PHONE, Couple, couple, rooms_service

__all__ = ["couple", "rooms_service"]

PAGES = {
    "library": "/es/",
    "exercise": "/es/exercises/side-by-side/",
    "asks both": "/es/exercises/a-glance-and-a-rest/",
    "with a therapist": "/es/exercises/halfway/",
    "grounding": "/es/exercises/too-much-for-now/",
    "help": "/es/help",
    "nothing here": "/es/nada",
    "join": "/es/join",
    "therapist": "/es/therapist",
    "break": "/es/break",
    "files": "/es/files",
    "kept": "/es/kept",
    "offline": "/es/offline",
}
DESKS = {
    "open a room": "/es/therapist",
    "own voice": "/es/therapist/recordings",
    "reading": "/es/therapist/recordings/doorway/",
    "feeds": "/es/therapist/feeds",
    "voices": "/es/therapist/voices",
}
LOOKS = [(scheme, size) for scheme in ("light", "dark") for size in (PHONE, DESK)]
OWN_TEXTS = """() => {
  const found = [document.title];
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  const foreign = "[lang]:not(html):not([lang=es]), script, style, #exercise option, #choose option, "
    + ".said, #script, #now-line, #next-line, #exercise-title";
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (!node.parentElement.closest(foreign)) found.push(node.textContent);
  }
  for (const name of ["alt", "aria-label", "title", "placeholder"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      if (!element.closest(foreign)) found.push(element.getAttribute(name));
    }
  }
  return found;
}"""
"""Every text of a page, seen or not, but for what an exercise says, which may be English, and the way to English."""


@cache
def english() -> frozenset[str]:
    """The English messages that Spanish says otherwise, as they come out on a page: whole, without elements."""
    found = set()
    for message in read_catalogue("es"):
        if message.id and message.id not in message.string:
            found |= {plain(part) for part in re.split(r"%\(\w+\)s|\{\w+\}|<[^>]+>", str(message.id))}
    spanish = {plain(str(message.string)) for message in read_catalogue("es")}
    return frozenset(text for text in found - spanish if re.search(r"[^\W\d_]{2}", text))


def plain(text: str) -> str:
    return " ".join(text.split())


def english_on(page: Page) -> list[str]:
    """Text that stands on a page in English though the catalogue has it in Spanish."""
    texts = {plain(text) for text in page.evaluate(OWN_TEXTS)}
    sentences = [message for message in english() if message.count(" ") >= 2]
    return sorted(t for t in texts if t in english() or any(sentence in t for sentence in sentences))


def faults(page: Page) -> list[str]:
    """All that is wrong with a page as it stands, with its controls in sight: what has half faded has no contrast."""
    page.mouse.move(10, 10)
    page.mouse.move(12, 12)
    for control in page.locator("[data-controls=shown] [data-fades]:visible").all():
        expect(control).to_have_css("opacity", "1")
    found = [f"axe: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in Axe().run(page).response["violations"]]
    found += [f"English: {text}" for text in english_on(page)]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"{wide} px wider than the screen"] if wide > 0 else [])


@pytest.mark.parametrize(("scheme", "size"), LOOKS, ids=[f"{s}-{z['width']}" for s, z in LOOKS])
def test_every_page_is_spanish_and_without_fault(
    visit: Callable[..., Any], scheme: str, size: dict[str, int]
) -> None:
    one = visit(color_scheme=scheme, viewport=size)
    found = {}
    for name, path in PAGES.items():
        page = one.open(path)
        if name == "exercise":
            page.click(".settings summary")
        found[name] = faults(page)
    assert found == {name: [] for name in PAGES}


def test_what_looks_for_english_finds_it(visit: Callable[..., Any]) -> None:
    page = visit().open("/help")
    assert "Help lines" in english_on(page)
    assert any("reaches the emergency services" in text for text in english_on(page))


def test_text_of_twice_the_size_fits_a_phone(visit: Callable[..., Any]) -> None:
    one = visit()
    found = {}
    for name, path in PAGES.items():
        page = one.open(path)
        page.evaluate("document.documentElement.style.setProperty('font-size', '212.5%')")
        found[name] = page.evaluate("document.documentElement.scrollWidth")
    assert found == dict.fromkeys(PAGES, PHONE["width"])


def test_the_player_speaks_spanish_in_every_state(visit: Callable[..., Any]) -> None:
    one = visit(reduced_motion="reduce")
    page = one.begin("/es/exercises/the-long-way-out/")
    plan = one.timeline()
    assert [part["title"] for part in plan["parts"]] == [
        "Llegar",
        "Opciones",
        "Práctica",
        "Regreso",
        "Cierre",
    ]
    found = {"playing": faults(page)}
    breath = next(cue for cue in plan["cues"] if cue["kind"] == "breath")
    one.seek(breath["start"] + 0.5)
    page.wait_for_selector("#breath:not([hidden])")
    assert page.inner_text(".breath-word") in ("inhala", "exhala")
    found["breathing"] = faults(page)
    page.click("#more")
    page.click("#split")
    found["two halves"] = faults(page)
    page.click("#play")
    one.wait("a.paused")
    page.wait_for_selector("#status:not(:empty)")
    assert page.inner_text("#play") == "Seguir"
    assert page.inner_text("#status") == "En pausa"
    found["paused"] = faults(page)
    for state, tap in {"stopped": "#too-much", "quiet": "#quiet", "over": "#end-quiet"}.items():
        page.click(tap)
        found[state] = faults(page)
    assert found == {name: [] for name in found}


def test_each_page_leads_to_the_other_language_and_back(visit: Callable[..., Any]) -> None:
    one = visit()
    page = one.open("/help")
    page.click("[data-language]")
    page.wait_for_selector("html[lang=es] h1")
    assert (page.inner_text("h1"), page.evaluate("location.pathname")) == ("Ayuda", "/es/help")
    page.click("[data-language]")
    page.wait_for_selector("html[lang=en] h1")
    assert (page.inner_text("h1"), page.evaluate("location.pathname")) == ("Help", "/help")


def test_a_code_that_was_typed_goes_along_into_the_other_language(visit: Callable[..., Any]) -> None:
    page = visit().open("/join")
    page.fill("#code", "abcd efgh")
    page.click("[data-language]")
    page.wait_for_selector(
        "html.js[lang=es]"
    )  # the page's script has run, which takes the code from the address
    assert page.input_value("#code") == "ABCD-EFGH"
    assert page.evaluate("location.hash") == ""


def test_a_code_that_was_typed_before_the_script_came_goes_along_too(visit: Callable[..., Any]) -> None:
    one = visit()
    page = one.page
    held: list[Any] = []
    page.route("**/join.js*", lambda route: held.append(route))
    page.goto(one.url + "/join", wait_until="commit")
    page.fill("#code", "abcd efgh")
    held[0].continue_()
    page.wait_for_selector("html.js")
    assert page.input_value("#code") == "ABCD-EFGH"
    assert page.eval_on_selector("[data-language]", "link => link.hash") == "#ABCD-EFGH"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
def test_the_pages_of_a_therapist_are_spanish_and_without_fault(
    couple: Callable[..., Couple], size: dict[str, int]
) -> None:
    one = couple(viewport=size)
    one.prefix = "/es"
    page = one.conduct("doorway")
    page.set_viewport_size(size)
    found = {}
    for name, path in DESKS.items():
        page.goto(one.service.url + path)
        found[name] = faults(page)
    assert found == {name: [] for name in DESKS}


def test_a_break_is_agreed_counted_and_over_in_spanish(visit: Callable[..., Any]) -> None:
    page = visit(locale="en-GB").open("/es/break")
    assert re.fullmatch(r"Hora de vuelta: \d+:\d\d\.", page.inner_text("#would-be-line"))
    page.click("#agree button")
    assert page.inner_text("#left") == "en unos 20 minutos"
    assert faults(page) == []


def test_what_is_kept_in_spanish_plays_with_no_network(visit: Callable[..., Any]) -> None:
    one = visit(service_workers="allow")
    page = one.open("/es/exercises/side-by-side/")
    page.click("[data-keep=button]")
    page.wait_for_selector("[data-keep=remove]:not([hidden])", timeout=60_000)
    assert "Guardado en este teléfono" in page.inner_text("[data-keep=state]")
    page.context.set_offline(True)
    page.reload()
    assert page.inner_text("h1") == "Lado a lado"
    page.click("#begin")
    one.wait_playing()
    page.goto(one.url + "/es/nada")
    assert page.inner_text("h1") == "Ahora no hay red"
    assert english_on(page) == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
def test_a_room_is_spanish_and_without_fault_in_every_view(
    couple: Callable[..., Couple], size: dict[str, int]
) -> None:
    three = couple(viewport=size, reduced_motion="reduce")
    three.prefix = "/es"
    three.gather("a-glance-and-a-rest", conducted=True)
    console = three.therapist
    console.set_viewport_size(size)
    console.wait_for_selector("#act-start-anyway[aria-disabled=false]", timeout=60_000)
    panels = {}
    for panel in ("script", "notes", "phrases", "keys", "room"):
        console.click(f"[data-shows={panel}]")
        panels[panel] = faults(console)
    found = {**panels, "console ready": faults(console), "lobby": faults(three.circle)}
    console.keyboard.press("Shift+B")
    three.circle.wait_for_selector("#start-ask:not([hidden])")
    assert (
        three.circle.inner_text("#start-words")
        == "Hace falta un sí de cada quien: ¿quieren hacer este ahora?"
    )
    found["asked"], found["console asked"] = faults(three.circle), faults(console)
    for phone in three.both:
        phone.click("#start-ask [data-answer=yes]")
    three.circle.wait_for_selector("#room[data-state=playing]")
    found["playing"], found["console playing"] = faults(three.circle), faults(console)
    three.circle.click("#pause")
    three.square.wait_for_selector("#ask:not([hidden])")
    found["paused"], found["console paused"] = faults(three.square), faults(console)
    three.square.click("#too-much")
    found["stopped"] = faults(three.square)
    three.square.click("#ground")
    three.square.wait_for_selector("#ground-stop")
    found["grounding"], found["console grounding"] = faults(three.square), faults(console)
    three.square.click("#ground-stop")
    three.square.click("#quiet")
    three.square.wait_for_selector("#rest-ask:not([hidden])")
    found["resting"] = faults(three.square)
    console.keyboard.press("Shift+X")
    three.square.wait_for_selector("#over:not([hidden])")
    found["over"] = faults(three.square)
    three.square.click(".top .wordmark")
    three.square.wait_for_url("**/es/")
    assert found == {name: [] for name in found}


def test_a_phone_changes_its_language_and_keeps_its_seat(couple: Callable[..., Couple]) -> None:
    two = couple()
    two.gather()
    page = two.square
    page.click("[data-language]")
    page.wait_for_selector("html[lang=es] #room")
    page.wait_for_selector("#lobby:not([hidden])")
    assert page.inner_text(".seat-line").endswith("cuadrado")


def test_leaving_a_room_leads_to_the_first_page_in_ones_language(couple: Callable[..., Couple]) -> None:
    one = couple()
    one.prefix = "/es"
    page = one.open()
    one.enter(page)
    assert re.search(r"/es/join$", one.code(page) and page.inner_text("#join-address"))
    page.click("#leave-room")
    page.wait_for_url("**/es/")
