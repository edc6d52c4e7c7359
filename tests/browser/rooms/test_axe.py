"""Nothing that axe-core can find on the pages of rooms, in every view, in light, dark and dim, with large letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.axe import violations
from tests.support.couple import Couple, couple, rooms_service

__all__ = ["couple", "rooms_service"]


def test_every_view_is_free_of_violations(couple: Callable[..., Couple]) -> None:
    options: dict[str, Any] = {"reduced_motion": "reduce"}
    found: dict[str, list[str]] = {}

    alone = couple(**options)
    page = alone.open()
    found["door"] = violations(page)
    alone.enter(page)
    alone.code(page)
    found["invite"] = violations(page)
    page.goto(alone.service.url + "/join")
    page.fill("#code", "abcd efgh")
    page.click("#join")
    page.wait_for_selector("#refusal:not(:empty)")
    found["join"] = violations(page)

    three = couple(**options)
    console = three.page("therapist")
    console.goto(three.service.url + "/therapist")
    found["sign in"] = violations(console)
    console.context.close()
    three.gather("a-glance-and-a-rest", conducted=True)
    console = three.therapist
    console.goto(three.service.url + "/therapist")
    found["open a room"] = violations(console)
    console.go_back()
    console.wait_for_selector("#act-start-anyway[aria-disabled=false]")
    for panel in ("script", "notes", "phrases", "keys", "room"):
        console.click(f"[data-shows={panel}]")
        found[f"console {panel}"] = violations(console)
    found["console ready"] = violations(console)
    found["lobby"] = violations(three.circle)
    console.keyboard.press("Shift+B")
    three.circle.wait_for_selector("#start-ask:not([hidden])")
    found["asked"] = violations(three.circle)
    for phone in three.both:
        phone.click("#start-ask [data-answer=yes]")
    three.circle.wait_for_selector("#room[data-state=playing]")
    found["playing"] = violations(three.circle)
    found["console playing"] = violations(console)
    three.circle.click("#pause")
    three.square.wait_for_selector("#ask:not([hidden])")
    found["paused"] = violations(three.square)
    three.square.click("#too-much")
    found["stopped"] = violations(three.square)
    three.square.click("#ground")
    three.square.wait_for_selector("#ground-stop")
    found["grounding"] = violations(three.square)
    found["console grounding"] = violations(console)
    three.square.click("#ground-stop")
    three.square.click("#quiet")
    three.square.wait_for_selector("#rest-ask:not([hidden])")
    found["resting"] = violations(three.square)
    console.keyboard.press("Shift+X")
    three.square.wait_for_selector("#over:not([hidden])")
    found["over"] = violations(three.square)
    assert found == {name: [] for name in found}
