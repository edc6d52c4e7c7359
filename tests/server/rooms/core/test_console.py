"""The therapist's console: conducting the silence, and what happens when it goes away."""

from __future__ import annotations

import pytest

from server.rooms.core import effects, events
from server.rooms.core.prepared import ClipRef
from server.rooms.core.protocol import commands, sentences
from server.rooms.core.protocol.messages import Done, GuideMessage, LineMessage, RefusedMessage, Told
from server.rooms.core.state import GO_LEAD_S, GRACE_S, LINE_GAP_S, SAY_LEAD_S
from server.rooms.core.types import PARTNERS
from tests.support.room_world import World, conducted, playing, score_of

LAYOUT = score_of().layout
LINE = LAYOUT.lines[1]


def code(told: Told) -> str:
    assert isinstance(told, RefusedMessage)
    return told.code


def in_the_line() -> World:
    """One second into the second line."""
    world = conducted()
    world.passes(LINE.start + 1)
    return world


def test_a_partner_has_none_of_these_controls() -> None:
    world = playing()
    course = world.course("circle")
    for kind, fields in ((commands.Stop, {}), (commands.HoldSilence, {"seconds": 10})):
        world.happens(events.Said("circle", kind(op=50, **fields)))
    assert world.course("circle") == course


def test_a_therapists_pause_ends_with_the_therapists_act() -> None:
    world = in_the_line()
    world.says("therapist", commands.Pause)
    assert world.sees("circle").note.words == "Paused"  # type: ignore[union-attr]
    assert world.console.can_resume
    world.passes(100)
    assert not world.is_moving()
    world.says("therapist", commands.Resume)
    assert world.is_moving(after=1)


def test_a_couples_pause_cannot_be_ended_by_the_therapist() -> None:
    world = in_the_line()
    world.says("therapist", commands.Pause)
    world.says("square", commands.Pause)
    assert code(world.says("therapist", commands.Resume)) == "needs_both"
    assert not world.console.can_resume
    world.says("therapist", commands.Pause)
    assert code(world.says("therapist", commands.Resume)) == "needs_both"


def test_a_hold_lets_the_line_end_and_then_rests_ten_seconds() -> None:
    world = in_the_line()
    world.says("therapist", commands.HoldSilence, seconds=10)
    assert world.position(after=1) == pytest.approx(LINE.start + 2)
    ends = LINE.end - world.position()
    assert world.position(after=ends + 9) == pytest.approx(LINE.end)
    assert world.position(after=ends + 11) == pytest.approx(LINE.end + 1)
    assert world.sees("circle").phase == "held"
    world.passes(ends + 10.1)
    assert world.sees("circle").phase == "playing"


def test_ten_seconds_more_can_be_added_while_it_holds() -> None:
    world = in_the_line()
    world.says("therapist", commands.HoldSilence, seconds=10)
    world.passes(8)
    world.says("therapist", commands.HoldSilence, seconds=10)
    assert not world.is_moving(after=11)
    world.passes(LINE.end - LINE.start - 1 + 20 - 8 + 0.1)
    assert world.is_moving()


def test_a_hold_until_released() -> None:
    world = in_the_line()
    world.says("therapist", commands.HoldSilence, seconds=None)
    world.passes(900)
    assert not world.is_moving()
    world.says("therapist", commands.Release)
    assert world.is_moving(after=GO_LEAD_S)
    assert world.position(after=GO_LEAD_S) == pytest.approx(LINE.end)


def test_a_timed_hold_can_become_an_open_one() -> None:
    world = in_the_line()
    world.says("therapist", commands.HoldSilence, seconds=10)
    world.says("therapist", commands.HoldSilence, seconds=None)
    assert not world.is_moving(after=500)


def test_a_hold_that_has_not_begun_can_be_left_out() -> None:
    world = in_the_line()
    world.says("therapist", commands.HoldSilence, seconds=None)
    world.says("therapist", commands.Release)
    assert world.position(after=6) == pytest.approx(LINE.start + 7)


def test_a_pause_ends_a_hold() -> None:
    world = in_the_line()
    world.says("therapist", commands.HoldSilence, seconds=10)
    world.says("circle", commands.Pause)
    world.passes(60)
    assert world.sees("circle").phase == "paused"
    assert not world.is_moving()
    assert code(world.says("therapist", commands.HoldSilence, seconds=10)) == "not_playing"


def test_the_line_is_repeated_from_its_beginning() -> None:
    world = in_the_line()
    world.passes(6)  # in the rest after it
    world.says("therapist", commands.RepeatLine)
    assert world.position(after=GO_LEAD_S) == pytest.approx(LINE.start)


def test_a_question_that_is_gone_back_to_is_asked_anew() -> None:
    beat = LAYOUT.beats[0]
    world = conducted()
    world.passes(beat.asked + 1)
    world.answers("circle", True)
    world.answers("square", True)
    world.says("therapist", commands.RepeatLine)
    world.passes(1)
    assert world.sees("circle").ask
    assert world.position(after=beat.until - beat.asked + 2) > LAYOUT.return_at


def test_a_rung_down_leaves_out_the_reach_and_no_longer_asks() -> None:
    world = conducted()
    world.passes(5)
    world.says("therapist", commands.LowerIntensity)
    assert [tuple(s) for s in world.course("circle").passed_over] == [(s.start, s.end) for s in LAYOUT.moves]
    beat = LAYOUT.beats[0]
    world.passes(beat.asked - 5 + 1)
    assert world.sees("circle").ask is None
    assert world.position() == pytest.approx(LAYOUT.return_at + 1)


def test_a_rung_down_after_the_question_keeps_the_way_and_passes_over_the_reach() -> None:
    world = conducted()
    world.passes(LAYOUT.beats[0].asked + 1)
    world.answers("circle", True)
    world.answers("square", True)
    world.passes(16)
    world.says("therapist", commands.LowerIntensity)
    assert world.position(after=10) == pytest.approx(world.position() + 10)
    assert world.course("square").passed_over
    world.says("therapist", commands.Skip)
    world.passes(1)


def test_nothing_lower_is_left_in_the_return() -> None:
    world = conducted()
    world.says("therapist", commands.Skip)
    world.passes(2)
    assert code(world.says("therapist", commands.LowerIntensity)) == "nothing_lower"


def test_the_voice_is_silenced_and_the_pace_kept() -> None:
    world = in_the_line()
    vectors = world.course("circle").vectors
    world.says("therapist", commands.Voice, on=False)
    assert not world.course("circle").voice
    assert world.course("circle").vectors == vectors


# a line now


def test_a_typed_line_is_spoken_in_a_silence_made_for_it() -> None:
    world = in_the_line()
    world.says("therapist", commands.SayLine, text="  *Both* fe\u200bet\non the floor. ")
    make = next(e for e in world.done if isinstance(e, effects.MakeLine))
    assert make.text == "Both feet on the floor."
    world.passes(0.4)
    world.happens(events.LineMade(make.line, ClipRef("typed", 3.0)))
    line = world.last("circle", LineMessage)
    assert line.at - world.now <= 1.1
    assert line.clip == "typed"
    assert world.last("square", LineMessage).clip is None, "one phone speaks"
    assert not world.is_moving(after=SAY_LEAD_S + 2.9)
    assert world.is_moving(after=SAY_LEAD_S + 3.0 + LINE_GAP_S)
    assert world.position(after=SAY_LEAD_S + 3.0 + LINE_GAP_S) == pytest.approx(LINE.start), (
        "heard again, whole"
    )


def test_a_typed_line_in_a_pause_ends_no_pause() -> None:
    world = in_the_line()
    world.says("circle", commands.Pause)
    world.says("therapist", commands.SayLine, text="Take your time.")
    world.happens(events.LineMade(1, ClipRef("typed", 3.0)))
    assert world.all_of("circle", LineMessage)
    assert not world.is_moving(after=60)


def test_a_typed_line_in_an_open_hold_ends_no_hold() -> None:
    world = in_the_line()
    world.says("therapist", commands.HoldSilence, seconds=None)
    world.passes(10)
    world.says("therapist", commands.SayLine, text="Stay as long as you like.")
    world.happens(events.LineMade(1, ClipRef("typed", 3.0)))
    assert not world.is_moving(after=60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("word " * 31, "too_many_words"), ("<>\n", "no_words"), ("...", "no_words"), ("\u200b☕", "no_words")],
)
def test_a_line_that_cannot_be_spoken_is_refused(text: str, expected: str) -> None:
    assert code(in_the_line().says("therapist", commands.SayLine, text=text)) == expected


def test_thirty_words_are_a_line() -> None:
    assert isinstance(in_the_line().says("therapist", commands.SayLine, text="word " * 30), Done)


def test_one_line_at_a_time() -> None:
    world = in_the_line()
    world.says("therapist", commands.SayLine, text="One.")
    assert code(world.says("therapist", commands.SayLine, text="Two.")) == "line_waiting"
    world.happens(events.LineNotMade(1))
    assert world.last("therapist", RefusedMessage).words == sentences.REFUSALS["line_failed"]
    assert isinstance(world.says("therapist", commands.SayLine, text="Two."), Done)


def test_a_line_that_comes_after_too_much_is_not_spoken() -> None:
    world = in_the_line()
    world.says("therapist", commands.SayLine, text="One.")
    world.says("circle", commands.TooMuch)
    world.happens(events.LineMade(1, ClipRef("typed", 3.0)))
    assert not world.all_of("square", LineMessage)


# grounding, ending


def test_grounding_both_is_in_step_and_one_phone_speaks() -> None:
    world = in_the_line()
    world.says("therapist", commands.Ground, who="both")
    assert world.course("circle").track == world.course("square").track == "grounding"
    assert world.course("circle").vectors == world.course("square").vectors
    assert [world.course(s).speaks for s in PARTNERS] == [True, False]
    assert code(world.says("therapist", commands.Resume)) == "needs_both"


def test_grounding_one_gives_the_other_the_guides_line() -> None:
    world = in_the_line()
    world.says("therapist", commands.Ground, who="square")
    assert world.course("square").track == "grounding"
    assert world.all_of("circle", GuideMessage)
    assert world.console.phones["square"].grounding
    assert not world.console.phones["circle"].grounding


def test_who_is_grounded_by_the_therapist_is_not_told_of_having_stopped() -> None:
    world = in_the_line()
    world.says("therapist", commands.Ground, who="both")
    opening = next(cue for cue in world.plan("circle").tracks["grounding"].cues if cue.kind == "line")
    for seat in PARTNERS:
        guide = world.last(seat, GuideMessage)
        assert guide.key == "grounded"
        assert guide.key in world.plan(seat).guide
        assert world.position(seat) >= opening.end
        assert world.is_moving(seat, after=GO_LEAD_S + 2.0 + LINE_GAP_S)


def test_who_stopped_by_hand_and_grounds_by_hand_hears_the_whole_of_it() -> None:
    world = in_the_line()
    world.says("square", commands.TooMuch)
    world.says("square", commands.ChooseParticipation, to="grounding")
    world.says("therapist", commands.Ground, who="square")
    assert world.position("square", after=GO_LEAD_S) == pytest.approx(0)
    assert not world.all_of("square", GuideMessage)


@pytest.mark.parametrize("waits", [5, score_of().grounding_layout.length + 10])
def test_a_close_after_grounding_both_is_heard_on_both(waits: float) -> None:
    world = in_the_line()
    world.says("therapist", commands.Ground, who="both")
    world.passes(waits)
    world.says("therapist", commands.Close)
    for seat in PARTNERS:
        assert world.course(seat).track == "close"
        assert world.sees(seat).phase == "closing"
        assert world.is_moving(seat, after=GO_LEAD_S)


def test_a_close_stays_unheard_where_somebody_stopped_the_grounding_by_hand() -> None:
    world = in_the_line()
    world.says("therapist", commands.Ground, who="both")
    world.says("square", commands.TooMuch)
    world.says("therapist", commands.Close)
    assert world.course("circle").track == "close"
    assert world.course("square").track is None


def test_a_phone_that_was_stopped_by_hand_is_not_made_to_sound() -> None:
    world = in_the_line()
    world.says("square", commands.TooMuch)
    assert code(world.says("therapist", commands.Ground, who="square")) == "stopped_by_hand"
    world.says("therapist", commands.Ground, who="both")
    assert world.course("square").track is None
    assert world.course("circle").track == "grounding"


def test_stop_is_at_once() -> None:
    world = in_the_line()
    world.says("therapist", commands.Stop)
    assert world.course("circle").track is None
    assert world.sees("circle").phase == "ended"


# the console goes away


def test_when_the_console_is_gone_the_line_ends_and_the_silence_holds() -> None:
    world = conducted()
    world.passes(LINE.start - GRACE_S + 1)
    world.loses("therapist")
    world.passes(GRACE_S + 0.01)
    assert world.is_moving("circle"), "the line is finished"
    world.passes(LINE.end - LINE.start)
    assert not world.is_moving("circle")
    assert world.position() == pytest.approx(LINE.end)
    for seat in PARTNERS:
        assert world.sees(seat).offer_close
        assert world.sees(seat).note == world.sees("circle").note
    world.says("square", commands.Close)
    assert world.course("circle").track == "close"


def test_a_short_loss_of_the_console_changes_nothing() -> None:
    world = in_the_line()
    world.loses("therapist")
    world.passes(GRACE_S - 0.5)
    world.joins("therapist")
    world.passes(5)
    assert world.is_moving()
    assert not world.sees("circle").offer_close


def test_the_console_comes_back_and_releases() -> None:
    world = in_the_line()
    world.loses("therapist")
    world.passes(60)
    world.joins("therapist")
    assert not world.sees("circle").offer_close
    assert not world.is_moving(after=60)
    world.says("therapist", commands.Release)
    assert world.is_moving(after=1)


def test_without_the_console_two_yeses_end_a_pause_and_keep_the_silence() -> None:
    world = in_the_line()
    world.says("circle", commands.Pause)
    world.loses("therapist")
    world.passes(60)
    world.answers("circle", True)
    world.answers("square", True)
    assert world.sees("circle").phase == "held"
    assert not world.is_moving(after=60)


def test_a_seat_is_made_free_for_another_phone() -> None:
    world = World()
    for seat in ("therapist", *PARTNERS):
        world.joins(seat)
    world.says("therapist", commands.Free, seat="square")
    assert effects.Vacated("square") in world.done
    assert world.sees("circle").partner == "absent"
    world.joins("square")
    assert world.sees("circle").partner == "here"
