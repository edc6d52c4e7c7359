"""Workers: an engine that hangs, dies or writes rubbish is replaced, and the line tried once more."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from audio.errors import VoiceError
from audio.speech.calibration.tuning import tune
from audio.speech.clips.store import Tuning
from audio.speech.clips.synthesis import Line
from audio.speech.engines import Voice
from audio.speech.workers import pool as worker_pool
from audio.speech.workers.pool import VoicePool
from tests.support.faulty_voice import voice


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[VoicePool]:
    monkeypatch.setattr(worker_pool, "LINE_LIMIT_S", 1.0)
    monkeypatch.setattr(worker_pool, "LINE_LIMIT_PER_WORD_S", 0.0)
    monkeypatch.setenv("STILL_HERE_TEST_MARK", str(tmp_path / "mark"))
    running = VoicePool(1)
    yield running
    running.close()


def line(variant: str, text: str = "Stay here.") -> Line:
    return Line(text, voice(variant), 105, 1.2)


def test_a_good_engine_is_heard(pool: VoicePool) -> None:
    assert len(pool.speak(line("speaks"), Tuning()).result()) > 10_000


@pytest.mark.parametrize(
    "fault", ["hangs", "dies", "raises", "refuses", "empty", "silent", "rubbish", "absurd"]
)
def test_one_failure_is_made_good_by_the_second_try(pool: VoicePool, fault: str) -> None:
    assert len(pool.speak(line(f"once:{fault}"), Tuning()).result()) > 10_000


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ("hangs", "no sound within"),
        ("dies", "stopped in the middle"),
        ("raises", "failed on a line"),
        ("refuses", "tired"),
        ("silent", "gave silence"),
        ("rubbish", "not sound"),
        ("absurd", "no sentence can be"),
    ],
)
def test_two_failures_are_one_plain_sentence(pool: VoicePool, fault: str, sentence: str) -> None:
    with pytest.raises(VoiceError, match=sentence) as caught:
        pool.speak(line(fault), Tuning()).result()
    assert "tried twice" in str(caught.value)


@pytest.mark.parametrize("fault", ["hangs", "dies", "raises"])
def test_the_next_line_is_spoken_after_a_failure(pool: VoicePool, fault: str) -> None:
    failed = pool.speak(line(fault), Tuning())
    good = pool.speak(line("speaks"), Tuning())
    with pytest.raises(VoiceError):
        failed.result()
    assert len(good.result()) > 10_000


def test_what_cannot_be_opened_is_not_tried_for_every_line_that_waits(
    pool: VoicePool, tmp_path: Path
) -> None:
    waiting = [pool.speak(line("shut", f"Stay here, {n}."), Tuning()) for n in range(12)]
    for future in waiting:
        with pytest.raises(VoiceError, match=r"failed on a line \(OSError\)"):
            future.result()
    assert (tmp_path / "mark").read_text().count("tried") <= 2 * worker_pool.TRIES
    assert len(pool.speak(line("speaks"), Tuning()).result()) > 10_000


def test_a_tuning_brings_the_engine_to_the_pace(pool: VoicePool) -> None:
    tuning = tune(pool, voice("speaks"))
    assert 0.01 < tuning.gain < 100
    # this engine takes no notice of the pace it is asked for, so the rest is stretched
    assert tuning.stretch != 1


def test_more_jobs_than_the_queue_holds_all_come_back(
    pool: VoicePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_pool, "MAX_WAITING", 2)
    futures = [pool.speak(line("speaks"), Tuning()) for _ in range(12)]
    assert all(len(future.result()) for future in futures)


def test_each_voice_has_a_process_of_its_own(pool: VoicePool) -> None:
    for variant in ("speaks", "once:dies", "speaks"):
        pool.speak(line(variant), Tuning()).result()
        assert [process.voice for process in pool._processes] == [voice(variant)]


def test_a_worker_takes_lines_in_its_own_voice_first(pool: VoicePool) -> None:
    order: list[str] = []
    pool.speak(line("speaks"), Tuning()).result()
    futures = []
    for variant in ("speaks", "once:dies", "speaks", "once:dies"):
        future = pool.speak(line(variant), Tuning())
        future.add_done_callback(lambda _, variant=variant: order.append(variant))
        futures.append(future)
    for future in futures:
        future.result()
    assert order == ["speaks", "speaks", "once:dies", "once:dies"]


def test_closing_ends_every_process() -> None:
    running = VoicePool(2)
    for future in [running.speak(line("speaks"), Tuning()) for _ in range(4)]:
        future.result()
    processes = [process._process for process in running._processes]
    running.close()
    assert processes
    assert not any(process.is_alive() for process in processes)


def test_a_voice_that_is_kept_busy_overtakes_another_only_so_often(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STILL_HERE_TEST_MARK", str(tmp_path / "mark"))
    pool = VoicePool(1)
    done: list[str] = []
    busy = [pool.speak(line("speaks"), Tuning()) for _ in range(2)]
    other = pool.speak(line("once:refuses"), Tuning())
    busy += [pool.speak(line("speaks"), Tuning()) for _ in range(3 * worker_pool.MOST_OVERTAKEN)]
    for future in busy:
        future.add_done_callback(lambda _: done.append("busy"))
    other.add_done_callback(lambda _: done.append("other"))
    for future in [*busy, other]:
        future.result(120)
    pool.close()
    assert done.index("other") <= worker_pool.MOST_OVERTAKEN + 2


def character(name: str, processes: int = 2) -> Voice:
    """One of several voices that are one model, asked in different ways."""
    return dataclasses.replace(voice("speaks"), id=name, processes=processes)


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def wide(clock: list[float]) -> Iterator[VoicePool]:
    running = VoicePool(4, clock=lambda: clock[0])
    yield running
    running.close()


def say_in(pool: VoicePool, voices: Sequence[Voice]) -> None:
    for future in [pool.speak(Line("Stay here.", each, 105, 1.2), Tuning()) for each in voices]:
        future.result()


def test_voices_of_one_model_share_its_processes_and_there_are_no_more_of_them_than_they_ask_for(
    wide: VoicePool,
) -> None:
    say_in(wide, [character(f"test-{n % 3}") for n in range(12)])
    assert 1 <= len(wide._processes) <= 2


def test_another_model_gets_processes_of_its_own(wide: VoicePool) -> None:
    other = dataclasses.replace(character("test-other", processes=1), edition="other")
    say_in(wide, [character("test-0", processes=1), other] * 2)
    assert sorted(process.voice.edition for process in wide._processes) == ["", "other"]


def test_warming_starts_as_many_processes_as_there_may_be(wide: VoicePool) -> None:
    wide.warm(character("test-0", processes=1))
    say_in(wide, [character("test-0", processes=1)])
    assert len(wide._processes) == 1


def test_a_process_that_nobody_needs_ends_and_the_next_line_starts_another(
    wide: VoicePool, clock: list[float]
) -> None:
    alone = character("test-0", processes=1)
    say_in(wide, [alone])
    (first,) = wide._processes
    wide.end_idle(worker_pool.IDLE_S - 1)
    assert wide._processes == {first}
    wide.end_idle(worker_pool.IDLE_S)
    assert not wide._processes
    assert not first.is_alive()
    say_in(wide, [alone])
    assert len(wide._processes) == 1


def test_of_two_sisters_one_ends_soon_and_one_stays(wide: VoicePool, clock: list[float]) -> None:
    voices = [character("test-0")] * 8
    say_in(wide, voices)
    while len(wide._processes) < 2:  # where one was quick enough for all of them
        say_in(wide, voices)
    wide.end_idle(worker_pool.SPARE_S - 1)
    assert len(wide._processes) == 2
    wide.end_idle(worker_pool.SPARE_S)
    assert len(wide._processes) == 1


def test_a_process_that_was_needed_meanwhile_is_not_idle(wide: VoicePool, clock: list[float]) -> None:
    alone = character("test-0", processes=1)
    say_in(wide, [alone])
    clock[0] = worker_pool.IDLE_S - 1
    say_in(wide, [alone])
    wide.end_idle(worker_pool.IDLE_S + 1)
    assert len(wide._processes) == 1
