"""One room by its pages, in any browser: who comes in how, and what both answer."""

from __future__ import annotations

from tests.support.browsers import Page

READY_S = 90.0
"""Until both phones are ready: voices are made, clocks and sound are found to be steady."""
CODE = """(before) => {
  const code = document.querySelector("#code").innerText;
  return code.includes("·") || code === before ? "" : code;
}"""


def open_room(page: Page, url: str, exercise: str, query: str = "") -> None:
    """Open a room from an exercise's page with some choices, and go in."""
    page.goto(f"{url}/exercises/{exercise}/{query}")
    page.click("#two-phones button")
    go_in(page)


def conduct(page: Page, url: str, exercise: str, passcode: str) -> None:
    """Sign in as a therapist and open a room."""
    page.goto(f"{url}/therapist")
    page.fill("#passcode", passcode)
    page.click("form .begin")
    page.wait_for(".open-room .begin")
    page.choose("#exercise", exercise)
    page.click("[name=screened]")
    page.click(".open-room .begin")
    page.wait_for("#console")


def code_of(page: Page, before: str = "") -> str:
    """Give the code that a page shows, as soon as it is another than `before`."""
    return page.until(CODE, before)


def join(page: Page, url: str, code: str) -> None:
    """Come in by a code that is typed, and go past the door."""
    page.goto(f"{url}/join")
    page.fill("#code", code)
    page.click("#join")
    go_in(page)


def go_in(page: Page) -> None:
    """Go past the door, with sound, and past the question about today."""
    page.wait_for("#room")
    page.click("#enter")
    page.click('[data-nearest=""]')


def each_speaks(*pages: Page) -> None:
    """Choose that each phone is heard."""
    pages[0].click("[data-setting=apart]")
    for page in pages:
        page.until(
            "() => document.querySelector('[data-setting=apart]')?.getAttribute('aria-pressed') === 'true'"
        )


def both_say_yes(*pages: Page) -> None:
    """Answer the question that both are asked, and wait until it plays."""
    for page in pages:
        page.click("#start-ask [data-answer=yes]", limit_s=READY_S)
    for page in pages:
        page.wait_for("#room[data-state=playing]")


def wait_for_words(page: Page, words: str) -> None:
    """Wait until a phone shows these words as what is said now."""
    page.wait_for_text("#stage .half:not([hidden]) .said", words, limit_s=READY_S)
