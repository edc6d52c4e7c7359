"""A therapist's whole hour, from plan to card: one console, two phones, and what her hand had to do for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page

from tests.support.couple import PASSCODE, PHONE, Couple, couple, rooms_service, until

__all__ = ["couple", "rooms_service"]

SIZES = [(1280, 800), (820, 1180)]
READY_MS = 90_000
"""Until a phone is ready: voices are made, clocks and sound are found to be steady."""
MOST_ACTS = 36
"""Acts of a hand for the whole hour, two pieces, both phones and a card to take home."""
LINE = "Both feet on the floor, if you like."
SENTENCE = "Only on a quiet evening."


@dataclass
class Hand:
    """The therapist's hand at a desk: it does what it is told, and counts."""

    page: Page
    clicks: int = 0
    keys: int = 0
    fields: int = 0

    @property
    def acts(self) -> int:
        """Everything done. A field is one act: what is typed into it is her own."""
        return self.clicks + self.keys + self.fields

    def click(self, target: str | Locator) -> None:
        found = self.page.locator(target) if isinstance(target, str) else target
        found.click()
        self.clicks += 1

    def press(self, name: str, role: str = "button") -> None:
        """Click what bears a name."""
        self.click(self.page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]

    def key(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.keys += 1

    def types(self, target: str, words: str) -> None:
        self.page.fill(target, words)
        self.fields += 1

    def chooses(self, target: str, value: str) -> None:
        """Choose from a list: one click opens it, one chooses."""
        self.page.select_option(target, value)
        self.clicks += 2

    def told(self) -> str:
        return f"{self.clicks} clicks, {self.keys} keys, {self.fields} fields"


@dataclass
class Hour:
    """One hour at a desk of some size. `step` names where it is, for whoever watches it."""

    three: Couple
    hand: Hand
    steps: list[str]

    @property
    def console(self) -> Page:
        return self.hand.page

    def step(self, name: str) -> None:
        before = sum(int(one.rpartition(" ")[2]) for one in self.steps)
        self.steps.append(f"{name}: {self.hand.acts - before}")

    def plan(self, label: str) -> None:
        """Sign in, and keep a plan of two pieces."""
        self.console.goto(f"{self.three.service.url}/therapist")
        self.hand.types("#passcode", PASSCODE)
        self.hand.key("Enter")
        self.hand.press("Plans", "link")
        self.hand.types("#label", label)
        self.hand.chooses("#exercise-1", "doorway")
        self.hand.chooses("#length-1", "66")
        self.hand.chooses("#exercise-2", "keys")
        self.hand.press("Keep this plan")
        self.console.wait_for_selector(".plan-sheet")
        self.step("plan")

    def bring_phones(self) -> None:
        """Both phones wait by the couple's lasting link, and are let in by hand once the session has begun."""
        self.hand.press("Make a lasting link for it")
        addresses = {seat: self.console.inner_text(f"[data-link={seat}]") for seat in ("circle", "square")}
        self.step("lasting link")
        for seat, address in addresses.items():
            phone = self.three.page(seat)
            phone.goto(address)
            phone.locator("#waiting", has_text="opens soon").wait_for()
        self.hand.press("Back to the plan", "link")
        self.hand.click("[name=screened]")
        self.hand.click("[name=admission]")
        self.hand.press("Start the session")
        self.console.wait_for_selector("#console[data-link=open]")
        self.step("session started")
        for seat in addresses:
            phone = self.three.pages[seat]
            phone.wait_for_selector(f"#room[data-seat={seat}]")
            phone.click("#enter")
            phone.locator("#lobby-note", has_text="will let you in").wait_for()
            self.hand.click(f"[data-admit={seat}]")
            phone.click('[data-nearest=""]')
        self.step("both let in")

    def be_heard(self) -> None:
        """The phone that speaks plays its word, and the console's card turns green."""
        circle = self.three.circle
        circle.wait_for_selector("#word-check:not([hidden])", timeout=READY_MS)
        circle.evaluate("Math.random = () => 0")  # the first word of the list is the one that is played
        circle.click("#word-check [data-play]")
        circle.click("#word-check [data-words] button >> nth=0")
        self.console.wait_for_selector("#phone-circle[data-heard=true]")
        self.step("heard")

    def begin(self, title: str) -> None:
        self.console.locator("#exercise-title", has_text=title).wait_for()
        self.console.wait_for_selector("#act-start[aria-disabled=false]")
        self.hand.key("b")
        for page in self.three.both:
            page.click("#start-ask [data-answer=yes]")
        for page in self.three.both:
            page.wait_for_selector("#room[data-state=playing]")
        self.step(f"{title} plays")

    def phase(self, words: str) -> None:
        self.console.locator("#phase", has_text=words).wait_for()

    def say_pause_and_go_on(self) -> None:
        self.hand.key("t")
        self.hand.types("#line", LINE)
        self.hand.key("Enter")
        for page in self.three.both:
            page.locator("#stage .half:not([hidden]) .said", has_text=LINE).wait_for()
        self.step("a line is said")
        self.hand.key("p")
        self.phase("Paused. You can go on.")
        self.step("paused")
        self.hand.key("g")
        self.phase("Playing")
        self.step("goes on")

    def end_first(self) -> None:
        self.hand.key("k")
        self.phase("Ended")
        self.step("first piece over")

    def ground_and_close(self) -> None:
        self.hand.key("Escape")
        self.phase("A pause for both")
        self.step("both grounded")
        self.hand.key("e")
        self.phase("Ended")
        self.step("ended gently")

    def card(self, label: str) -> str:
        """The address of a card of what was played, made from the console."""
        with self.console.context.expect_page() as opened:
            self.hand.press("Make a card from this", "link")
        console, self.hand.page = self.hand.page, opened.value
        assert self.hand.page.input_value("#exercise-1") == "keys"
        assert self.hand.page.input_value("#label") == label
        self.hand.types("#sentence", SENTENCE)
        self.hand.press("Make a card")
        address = self.hand.page.inner_text("#card-address")
        self.step("card made")
        self.hand.page = console
        return address

    def at_home(self, address: str) -> None:
        phone = self.three.page("home", viewport=PHONE)
        phone.goto(address)
        assert SENTENCE in phone.inner_text("body")
        phone.get_by_role("link", name="Keys").click()
        phone.click("#begin")
        phone.wait_for_selector("#exercise[data-state=playing]")
        until(phone, lambda: phone.evaluate("document.getElementById('audio').currentTime > 0.2"))
        self.step("opened at home")

    def end_room(self) -> None:
        self.hand.click(self.hand.page.locator(".end-room summary"))
        self.hand.press("End it, and send both phones out")
        for page in self.three.both:
            page.wait_for_selector("#room[data-state=closed]")
        assert self.hand.page.url.endswith("/therapist")
        self.step("room ended")


@pytest.fixture(params=SIZES, ids=[str(width) for width, _ in SIZES])
def hour(couple: Callable[..., Couple], request: pytest.FixtureRequest) -> Hour:
    three, (width, height) = couple(), request.param
    desk = three.page("therapist", viewport={"width": width, "height": height})
    return Hour(three, Hand(desk), [])


def test_from_plan_to_card(hour: Hour) -> None:
    label = f"blue door {hour.console.viewport_size['width']}"  # type: ignore[index]
    hour.plan(label)
    hour.bring_phones()
    hour.be_heard()
    hour.begin("Doorway")
    hour.say_pause_and_go_on()
    hour.end_first()
    hour.hand.key("n")
    hour.begin("Keys")
    hour.ground_and_close()
    hour.at_home(hour.card(label))
    hour.end_room()
    print(f"\n{hour.hand.told()}; {'; '.join(hour.steps)}")
    assert hour.hand.acts <= MOST_ACTS
