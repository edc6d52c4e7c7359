"""Writing "Coffee on the Counter" anew on the page, by the very steps of docs/writing-exercises.md."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.conftest import Service, start_service, stop_service

PASSCODE = "a kettle and a lamp"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    running = start_service(tmp_path_factory.mktemp("studio"), STILL_HERE_PASSCODE=PASSCODE)
    yield running
    stop_service(running)


@pytest.fixture(params=[(1280, 800), (820, 1180)], ids=["1280", "820"])
def page(browser: Browser, service: Service, request: pytest.FixtureRequest) -> Iterator[Page]:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    found = context.new_page()
    found.set_default_timeout(30_000)
    found.goto(f"{service.url}/therapist")
    found.fill("#passcode", PASSCODE)
    found.click("form.code-form button")
    found.click("text=Write exercises")
    yield found
    context.close()


def no_findings(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_coffee_on_the_counter_as_the_document_writes_it(page: Page, service: Service) -> None:
    no_findings(page)
    page.select_option("#from", label="A copy of Coffee on the Counter")
    page.click("form.open-room button")
    expect(page.locator("#checks-sum")).to_have_text("The checks found nothing.")
    expect(page.locator("#times svg")).to_have_count(3)
    no_findings(page)
    area = page.locator("#text-en")
    area.fill(area.input_value().replace("title: Coffee on the Counter", "title: Tea on the Counter"))
    spanish = page.locator("#text-es")
    spanish.fill(spanish.input_value().replace("title: Un café en la cocina", "title: Un té en la cocina"))
    expect(page.locator("#saved")).to_have_text("Saved")
    expect(page.locator("#draft-title")).to_have_text("Tea on the Counter")
    area.fill(area.input_value().replace("You can do it standing up", "You must do it standing up"))
    expect(page.locator("#checks li").first).to_contain_text("line")
    page.click("#publish")
    expect(page.locator("#refusal")).to_contain_text("Not published: line")
    page.click("#undo")
    expect(page.locator("#checks-sum")).to_have_text("The checks found nothing.")
    page.reload()
    expect(page.locator("#text-en")).to_have_value(area.input_value())
    page.click("#lines li:first-child button")
    expect(page.locator('#lines [aria-current="true"]')).to_have_count(1)
    page.click("#stop-hearing")
    page.click("#publish")
    expect(page.locator("#saved")).to_have_text("Published. It is in the library now.")
    assert "Tea on the Counter" in page.request.get(f"{service.url}/").text()
    assert "Un té en la cocina" in page.request.get(f"{service.url}/es/").text()
    page.click("text=All drafts")
    page.click("text=Take back")
    assert "Tea on the Counter" not in page.request.get(f"{service.url}/").text()
    no_findings(page)


def test_an_older_tab_is_refused_in_one_sentence_and_loses_nothing(page: Page) -> None:
    page.click("form.open-room button")
    expect(page.locator("#checks li").first).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    page.fill("#text-en", "id: from-the-first\n")
    expect(page.locator("#saved")).to_have_text("Saved")
    page.wait_for_function("document.getElementById('draft-title').textContent !== ''")
    other.fill("#text-en", "id: from-the-second\n")
    expect(other.locator("#refusal")).to_contain_text("changed in another tab")
    expect(other.locator("#text-en")).to_have_value("id: from-the-second\n")
    other.click("#keep-as-another")
    expect(other.locator("#refusal")).to_have_text("")
    expect(other.locator("#text-en")).to_have_value("id: from-the-second\n")
    page.reload()
    expect(page.locator("#text-en")).to_have_value("id: from-the-first\n")


def test_keys_and_values_are_offered_and_taken_by_the_keyboard(page: Page) -> None:
    page.click("form.open-room button")
    area = page.locator("#text-en")
    area.fill("")
    area.press_sequentially("fam")
    expect(page.locator("#offers")).to_be_visible()
    area.press("ArrowDown")
    area.press("Enter")
    expect(area).to_have_value("family: ")
    area.press("Control+Space")
    expect(page.locator("#offers li").first).to_have_text("breathing")
    area.press("ArrowDown")
    area.press("Enter")
    expect(area).to_have_value("family: gaze")
    area.press("Enter")
    area.press_sequentially("steps:\n  - sa")
    expect(page.locator("#offers li").first).to_have_text("say")
    area.press("Escape")
    expect(page.locator("#offers")).to_be_hidden()
    no_findings(page)


def test_spanish_stands_beside_english_step_by_step(page: Page) -> None:
    page.select_option("#from", label="A copy of Coffee on the Counter")
    page.click("form.open-room button")
    expect(page.locator("#spanish")).to_be_visible()
    expect(page.locator("#checks-sum")).not_to_be_empty()
    heights = page.evaluate(
        """async () => {
          const {stepLines} = await import("/static/script-editor/step-pairs.js");
          const [en, es] = ["text-en", "text-es"].map((id) => document.getElementById(id));
          const high = parseFloat(getComputedStyle(en).lineHeight), both = [stepLines(en.value), stepLines(es.value)];
          const seen = [];
          for (const step of [5, 11]) {
            const at = en.value.split("\\n").slice(0, both[0][step]).join("\\n").length + 1;
            en.focus(); en.setSelectionRange(at, at); en.scrollTop = (both[0][step] - 3) * high;
            en.dispatchEvent(new Event("keyup"));
            seen.push([both[0][step] * high - en.scrollTop, both[1][step] * high - es.scrollTop]);
          }
          return [both.map((lines) => lines.length), seen];
        }"""
    )
    assert heights[0][0] == heights[0][1] > 15
    for mine, theirs in heights[1]:
        assert abs(mine - theirs) < 2


def test_a_line_stands_beside_the_same_line_of_its_step(page: Page) -> None:
    """Steps of the one text begin on lines 3, 5 and 8, of the other on 4, 7 and 9."""
    lines = [0, 3, 4, 5, 6, 7, 99]
    found = page.evaluate(
        """async (lines) => {
          const {besideLine} = await import("/static/script-editor/step-pairs.js");
          return lines.map((line) => besideLine(line, [3, 5, 8], [4, 7, 9]));
        }""",
        lines,
    )
    assert found == [0, 4, 5, 7, 8, 8, 100]


def test_with_no_service_each_act_says_so_and_loses_nothing(page: Page) -> None:
    page.select_option("#from", label="A copy of Coffee on the Counter")
    page.click("form.open-room button")
    expect(page.locator("#checks-sum")).not_to_be_empty()
    before = page.input_value("#text-en")
    page.context.set_offline(True)
    page.fill("#initials", "AB")
    for act in ("#sign button", "#publish"):
        page.evaluate("document.getElementById('refusal').textContent = ''")
        page.click(act)
        expect(page.locator("#refusal")).to_have_text(
            "There is no connection at the moment. Try again when there is."
        )
    assert page.input_value("#text-en") == before
    page.context.set_offline(False)
    page.click("#sign button")
    expect(page.locator("#reviewed")).to_contain_text("signed by AB")
    expect(page.locator("#refusal")).to_be_empty()
    no_findings(page)
