"""A room with its couple: before, during, and after."""

from __future__ import annotations

import pytest

from exercises.model import LOUDSPEAKER, words_for
from server.rooms.core import effects, events
from server.rooms.core.protocol import commands, errors, sentences
from server.rooms.core.protocol.messages import (
    Closed,
    CourseMessage,
    Done,
    GuideMessage,
    PlanMessage,
    RefusedMessage,
    Told,
)
from server.rooms.core.room import Room
from server.rooms.core.snapshot import to_snapshot
from server.rooms.core.state import GRACE_S, IDLE_S, KEEP_ENDED_S, STOP_LEAD_S
from server.rooms.core.types import PARTNERS, Partner, other
from tests.support.room_world import CATALOGUE, World, conducted, couple, playing, score_of

LAYOUT = score_of().layout
BEAT = LAYOUT.beats[0]


def is_refused(told: Told, code: str) -> bool:
    return isinstance(told, RefusedMessage) and told.code == code


# joining


def test_a_third_partner_finds_the_room_full() -> None:
    world = couple()
    with pytest.raises(errors.Crowded, match="already has two"):
        world.room.handle(events.TakeSeat("partner"), world.now)
    world.happens(events.TakeSeat("therapist"))
    with pytest.raises(errors.Crowded):
        world.room.handle(events.TakeSeat("therapist"), world.now)


def test_a_partner_gets_the_seat_of_their_wish_if_it_is_free() -> None:
    world = World()
    assert effects.Seated("square") in world.happens(events.TakeSeat("partner", "square"))
    assert effects.Seated("circle") in world.happens(events.TakeSeat("partner", "square"))


def test_nothing_is_told_before_hello() -> None:
    world = World()
    world.happens(events.TakeSeat("partner", "circle"))
    world.happens(events.Joined("circle", 1))
    assert not world.told["circle"]


def test_a_phone_that_is_back_within_the_grace_was_never_away() -> None:
    world = couple()
    world.loses("square")
    world.passes(GRACE_S - 1)
    world.joins("square")
    world.passes(GRACE_S)
    assert world.sees("circle").partner != "away"
    world.loses("square")
    world.passes(GRACE_S + 0.1)
    assert world.sees("circle").partner == "away"


def test_a_phone_that_falls_silent_under_way_is_away_until_it_speaks() -> None:
    world = playing()
    before = world.room.state.course
    world.falls_silent("square")
    assert world.sees("circle").partner == "away"
    assert world.room.state.course == before
    world.speaks_again("square")
    assert world.sees("circle").partner == "here"


def test_a_phone_that_falls_silent_before_the_start_is_not_away() -> None:
    world = couple()
    world.falls_silent("square")
    world.passes(GRACE_S + 0.1)
    assert world.sees("circle").partner != "away"


def test_an_older_connection_that_ends_late_takes_nothing_with_it() -> None:
    world = couple()
    old = world.room.state.phones["square"].link
    assert old is not None
    world.joins("square")
    world.happens(events.Left("square", old))
    assert world.room.state.phones["square"].greeted


def test_the_plan_is_sent_only_to_a_phone_that_lacks_it() -> None:
    world = couple()
    held = world.plan("circle").plan
    count = len(world.all_of("circle", PlanMessage))
    world.joins("circle", plan=held)
    assert len(world.all_of("circle", PlanMessage)) == count
    world.joins("circle")
    assert len(world.all_of("circle", PlanMessage)) == count + 1


# preparing


def test_a_new_room_asks_for_what_was_chosen() -> None:
    _, out = Room.open(CATALOGUE, True, 0.0, score_of().choice)
    assert next(e for e in out if isinstance(e, effects.Prepare)).choice == score_of().choice


@pytest.mark.parametrize("reason", ["script", "voice", "choice"])
def test_a_failed_preparation_is_said_to_everybody_and_nothing_starts(reason: str) -> None:
    world = World(None)
    for seat in ("therapist", *PARTNERS):
        world.joins(seat)
    world.says("circle", commands.Choose, exercise="side-by-side", length=210)
    world.happens(events.NotPrepared("side-by-side", reason))  # type: ignore[arg-type]
    for note in (world.sees("circle").note, world.sees("square").note, world.console.note):
        assert note
        assert "Nothing has started" in note.words
    assert is_refused(world.says("therapist", commands.Start), "not_ready")


def test_what_was_prepared_for_an_earlier_choice_is_dropped() -> None:
    world = World("short")
    world.joins("circle")
    world.says("circle", commands.Choose, exercise="side-by-side", length=210)
    world.happens(events.Prepared(score_of("short")))
    assert world.room.state.score is None
    assert "unprepared" in world.sees("circle").missing


def test_a_couple_alone_cannot_begin_with_what_wants_a_therapist() -> None:
    world = couple()
    assert is_refused(world.says("circle", commands.Choose, exercise="halfway", length=360), "with_therapist")


@pytest.mark.parametrize("fact", ["sound", "clips", "clock"])
def test_a_phone_is_ready_by_all_of_its_facts(fact: str) -> None:
    world = World()
    for seat in ("therapist", *PARTNERS):
        world.joins(seat)
    world.reports("circle")
    world.reports("square", **{fact: False})
    assert world.sees("square").missing == [fact]
    assert world.console.phones["square"].reasons == [sentences.REASONS[fact]]
    assert world.console.phones["circle"].ready
    assert is_refused(world.says("therapist", commands.Start), "not_ready")


def test_a_change_of_setting_makes_both_phones_load_again() -> None:
    world = couple()
    world.says("circle", commands.ChooseSetting, setting="apart")
    assert world.room.state.ask is None
    assert "clips" in world.sees("square").missing


# what each reads and hears


def texts(plan: PlanMessage) -> set[str]:
    return {cue.text for cue in plan.tracks["main"].cues if cue.text}


def spoken(plan: PlanMessage) -> set[str]:
    return {cue.clip for cue in plan.tracks["main"].cues if cue.clip}


def test_each_reads_the_wording_of_their_own_turn_and_day_and_no_other() -> None:
    world = couple()
    world.says("circle", commands.ChooseNearest, nearest="guarded")
    world.says("square", commands.ChooseNearest, nearest="heavy")
    assert "First, your guard can stay." in texts(world.plan("circle"))
    assert "Second, you may be here." in texts(world.plan("square"))
    whole = world.plan("square").model_dump_json()
    assert "guard" not in whole
    assert "First" not in whole


def test_together_one_phone_speaks_what_both_may_hear() -> None:
    world = couple()
    world.says("circle", commands.ChooseNearest, nearest="guarded")
    world.says("circle", commands.ChooseSetting, setting="together", speaker="circle")
    shared = score_of().clips["Each of you, rest."].address
    assert shared in spoken(world.plan("circle"))
    assert not spoken(world.plan("square"))
    assert world.plan("square").guide


def test_apart_each_phone_speaks_its_own() -> None:
    world = couple()
    world.says("circle", commands.ChooseSetting, setting="apart")
    clips = score_of().clips
    assert clips["First, rest."].address in spoken(world.plan("circle"))
    assert clips["Second, rest."].address in spoken(world.plan("square"))


@pytest.mark.parametrize("let_see", [True, False])
def test_the_therapist_sees_a_state_only_if_it_was_offered(let_see: bool) -> None:
    world = World()
    for seat in ("therapist", *PARTNERS):
        world.joins(seat)
    world.says("circle", commands.ChooseNearest, nearest="heavy", let_see=let_see)
    assert world.console.phones["circle"].nearest == ("heavy" if let_see else None)
    world.says("circle", commands.ChooseNearest, nearest="heavy", let_see=False)
    assert world.console.phones["circle"].nearest is None


def test_the_console_listens_along_to_the_loudspeakers_wording() -> None:
    world = conducted()
    assert "Each of you, rest." in texts(world.plan("therapist"))
    assert not world.course("therapist").speaks


# consent


def test_it_begins_with_a_yes_from_both_and_not_with_one() -> None:
    world = couple()
    assert world.course("circle").track is None
    world.answers("circle", True)
    world.passes(30)
    assert world.course("circle").track is None
    world.answers("square", True)
    assert world.course("circle").track == "main"
    assert world.course("circle").vectors == world.course("square").vectors


@pytest.mark.parametrize("seat", PARTNERS)
def test_a_no_becomes_a_quieter_one_for_both(seat: Partner) -> None:
    world = couple()
    world.answers(other(seat), True)
    world.answers(seat, False)
    one, two = world.sees("circle"), world.sees("square")
    assert one.note
    assert one.note.words == "A quieter one today?"
    assert one.note == two.note
    assert one.choices == two.choices
    assert {c.level for c in one.choices} == {0}
    assert is_refused(world.says("circle", commands.Choose, exercise="short", length=100), "above_today")
    assert isinstance(world.says("circle", commands.Choose, exercise="doorway", length=75), Done)


def test_what_was_refused_is_not_offered_again() -> None:
    world = couple("doorway")
    world.answers("circle", False)
    world.answers("square", True)
    for seat in PARTNERS:
        offered = [choice.id for choice in world.sees(seat).choices]
        assert offered
        assert "doorway" not in offered
    assert "doorway" not in str(to_snapshot(world.room.state))  # an answer is nobody's to keep


def test_no_answer_to_the_start_means_no() -> None:
    world = couple()
    world.answers("circle", True)
    world.passes(61)
    assert world.room.state.quieter_only
    assert world.course("square").track is None


def test_a_yes_goes_with_the_phone_that_gave_it() -> None:
    world = couple()
    world.answers("circle", True)
    world.loses("circle")
    world.joins("circle", plan=world.plan("circle").plan)
    assert world.sees("circle").ask
    world.answers("square", True)
    assert world.course("square").track is None


def test_an_answer_to_an_older_question_counts_for_nothing() -> None:
    world = couple()
    ask = world.room.state.ask
    assert ask
    world.says("circle", commands.TooMuch)
    assert is_refused(world.says("circle", commands.Answer, ask=ask.id, yes=True), "not_asked")


def test_a_therapist_asks_and_does_not_decide() -> None:
    world = World()
    for seat in ("therapist", *PARTNERS):
        world.joins(seat)
    for seat in PARTNERS:
        world.reports(seat)
    assert world.sees("circle").ask is None
    world.says("therapist", commands.Start)
    assert world.sees("circle").ask
    assert world.console.asking == "start"
    assert world.course("circle").track is None


def at_the_beat() -> World:
    world = playing()
    world.passes(BEAT.asked + 1)
    assert world.sees("circle").ask
    return world


def test_a_beat_with_two_yeses_goes_on() -> None:
    world = at_the_beat()
    world.answers("circle", True)
    world.answers("square", True)
    world.passes(20)
    assert world.position() == pytest.approx(BEAT.asked + 21)
    assert world.sees("circle").ask is None


@pytest.mark.parametrize(
    "given", [{}, {"circle": True}, {"circle": True, "square": False}, {"square": False}]
)
def test_a_beat_without_two_yeses_goes_to_the_return_when_its_time_is_up(given: dict[Partner, bool]) -> None:
    world = at_the_beat()
    for seat, yes in given.items():
        world.answers(seat, yes)
    left = BEAT.until - world.position()
    world.passes(left - 1)
    assert world.position() < LAYOUT.return_at
    assert world.sees("circle").note is None, "nothing can be read from the moment"
    world.passes(2)
    assert world.position() == pytest.approx(LAYOUT.return_at + 1)
    assert world.sees("circle").note == world.sees("square").note
    assert world.sees("circle").note


def test_phones_that_lost_the_server_leave_a_question_together() -> None:
    world = playing()
    for seat in PARTNERS:
        assert world.position(seat, after=BEAT.until + 5) == pytest.approx(LAYOUT.return_at + 5)


# pausing


@pytest.mark.parametrize("seat", PARTNERS)
def test_a_pause_rests_both_and_names_nobody(seat: Partner) -> None:
    world = playing()
    world.passes(12)
    world.says(seat, commands.Pause)
    assert world.sees("circle").note == world.sees("square").note
    assert world.sees("circle").note.words == "Paused"  # type: ignore[union-attr]
    world.passes(STOP_LEAD_S)
    assert not world.is_moving("circle")
    assert world.position("circle") == world.position("square")


@pytest.mark.parametrize("kind", [commands.Pause, commands.Skip, commands.Close])
def test_what_a_partner_sees_does_not_depend_on_who_acted(kind: type[commands.Operation]) -> None:
    seen = []
    for actor in PARTNERS:
        world = playing()
        world.passes(12)
        for seat in PARTNERS:
            world.told[seat].clear()
        world.says(actor, kind)
        seen.append({s: [m for m in world.told[s] if m.latest_wins] for s in PARTNERS})
    assert seen[0] == seen[1]


def test_going_on_takes_two_yeses_and_begins_the_broken_line_again() -> None:
    world = playing()
    line = LAYOUT.lines[1]
    world.passes(line.start + 1)
    world.says("circle", commands.Pause)
    world.passes(300)
    assert not world.is_moving()
    world.answers("circle", True)
    assert not world.is_moving(after=5)
    world.answers("square", True)
    assert world.is_moving(after=1)
    assert world.position(after=0.5) == pytest.approx(line.start)


def test_a_no_to_going_on_leaves_the_question_as_it_is_and_may_become_a_yes() -> None:
    world = playing()
    world.says("circle", commands.Pause)
    world.answers("circle", True)
    asked = world.sees("circle").ask
    world.answers("square", False)
    world.passes(600)
    assert not world.is_moving(after=10)
    assert world.sees("circle").ask == asked
    world.answers("square", True)
    assert world.is_moving(after=1)


# too much


@pytest.mark.parametrize("setting", ["together", "apart"])
def test_too_much_rests_both_and_the_other_hears_the_guide(setting: str) -> None:
    world = couple()
    world.says("circle", commands.ChooseSetting, setting=setting)
    for seat in PARTNERS:
        world.reports(seat)
    for seat in PARTNERS:
        world.answers(seat, True)
    world.passes(12)
    world.says("circle", commands.TooMuch)
    assert world.course("circle").track is None
    assert [g.words for g in world.all_of("square", GuideMessage)] == [
        words_for(sentences.GUIDE["pause_for_both"], LOUDSPEAKER)
    ]
    assert not world.all_of("circle", GuideMessage)
    assert not world.is_moving("square", after=10)
    assert world.sees("circle").phase == world.sees("square").phase == "grounding"


def test_after_too_much_nothing_goes_on_by_itself() -> None:
    world = playing()
    world.says("circle", commands.TooMuch)
    world.answers("square", True)
    world.passes(3000)
    assert world.sees("square").phase == "grounding"
    assert not world.is_moving("square", after=1000)
    world.answers("circle", True)
    assert world.is_moving("circle", after=1)
    assert world.is_moving("square", after=1)


def test_grounding_is_each_ones_own() -> None:
    world = playing()
    world.says("circle", commands.TooMuch)
    world.says("circle", commands.ChooseParticipation, to="grounding")
    assert world.course("circle").track == "grounding"
    assert world.course("square").track == "main"
    world.says("square", commands.ChooseParticipation, to="quiet")
    assert world.course("square").track is None
    world.passes(score_of().grounding_layout.length + 1)
    assert world.course("circle").track is None
    assert world.sees("circle").phase == "grounding"


def test_in_one_room_the_silent_phone_speaks_for_itself_when_it_grounds_alone() -> None:
    world = playing()
    world.says("square", commands.TooMuch)
    world.says("square", commands.ChooseParticipation, to="grounding")
    assert world.course("square").speaks
    world.says("circle", commands.ChooseParticipation, to="grounding")
    assert not world.course("square").speaks


def test_a_close_has_no_sound_on_a_phone_that_was_stopped_by_hand() -> None:
    world = playing()
    world.says("circle", commands.TooMuch)
    world.says("square", commands.Close)
    assert world.course("circle").track is None
    assert world.course("square").track == "close"


# ending


def test_ending_gently_takes_twenty_seconds() -> None:
    world = playing()
    world.says("circle", commands.Close)
    assert world.course("square").track == "close"
    world.passes(20)
    assert world.sees("square").phase == "closing"
    world.passes(1)
    assert world.sees("square").phase == "ended"
    assert world.course("square").track is None


def test_skipping_lands_on_the_return_and_nowhere_later() -> None:
    world = playing()
    world.says("square", commands.Skip)
    assert world.position(after=0.5) == pytest.approx(LAYOUT.return_at)
    world.passes(10)
    course = world.course("circle")
    world.says("square", commands.Skip)
    assert world.course("circle") == course


def test_it_ends_by_itself_and_turns_are_swapped_the_next_time() -> None:
    world = playing()
    assert world.sees("circle").turn == "first"
    world.passes(60)  # nobody answered the question inside
    world.passes(60)
    assert world.sees("circle").phase == "ended"
    world.says("circle", commands.Again)
    assert world.sees("circle").turn == "second"
    assert world.sees("square").turn == "first"
    assert world.course("circle").track is None
    for seat in PARTNERS:
        world.reports(seat)
        world.answers(seat, True) if seat == "square" else None
    world.answers("circle", True)
    assert world.course("circle").track == "main"


def test_a_lost_phone_changes_nothing_and_comes_back_to_the_same_course() -> None:
    world = playing()
    world.passes(5)
    course = world.course("circle")
    world.loses("circle")
    world.passes(15)
    assert world.course("square").vectors == course.vectors
    world.joins("circle", plan=world.plan("circle").plan)
    assert world.course("circle").vectors == course.vectors


def test_leaving_under_way_ends_it_gently_for_the_other() -> None:
    world = playing()
    assert effects.Vacated("circle") in (world.says("circle", commands.Leave), *world.done)
    assert world.course("square").track == "close"


def test_a_room_forgets_itself_after_its_end() -> None:
    world = playing()
    world.says("circle", commands.Close)
    world.passes(21 + KEEP_ENDED_S)
    assert effects.Forget() in world.done
    assert world.all_of("circle", Closed)
    assert world.happens(events.Tick()) == ()


def test_a_room_forgets_itself_after_two_idle_hours() -> None:
    world = couple()
    world.passes(IDLE_S - 10)
    assert not world.room.state.forgotten
    world.passes(20)
    assert effects.Forget() in world.done


# sending again


def test_a_command_that_comes_twice_is_carried_out_once() -> None:
    world = conducted()
    hold = commands.HoldSilence(op=world.room.state.therapist.op + 1, seconds=10)
    world.happens(events.Said("therapist", hold))
    until = world.room.state.hold
    course = world.course("circle")
    world.happens(events.Said("therapist", hold))
    assert world.room.state.hold == until
    assert world.course("circle") == course
    assert [m.op for m in world.all_of("therapist", Done)].count(hold.op) == 2


def test_a_refusal_that_comes_twice_is_the_same() -> None:
    world = playing()
    late = commands.Answer(op=99, ask=1, yes=True)
    world.happens(events.Said("circle", late))
    world.happens(events.Said("circle", late))
    assert [m.code for m in world.all_of("circle", RefusedMessage)] == ["not_asked", "not_asked"]


def test_what_is_told_was_kept_before() -> None:
    world = playing()
    world.says("circle", commands.Pause)
    kinds = [type(effect) for effect in world.done]
    assert kinds[0] is effects.Keep
    assert kinds[-1] is effects.Wake


def test_courses_carry_numbers_that_only_rise() -> None:
    world = playing()
    for command in (commands.Pause, commands.Skip, commands.TooMuch, commands.Close):
        world.says("circle", command)
    numbers = [course.rev for course in world.all_of("square", CourseMessage)]
    assert numbers == sorted(set(numbers))


def test_a_refused_command_changes_nothing_but_its_number() -> None:
    world = couple()
    before = world.room.state
    assert is_refused(world.says("circle", commands.Skip), "not_started")
    after = world.room.state
    assert (after.course, after.ask, after.stage) == (before.course, before.ask, before.stage)
