"""The shared clock, as it is told."""

from __future__ import annotations

import pytest

from server.rooms.core.protocol.commands import Probe
from server.rooms.socket.clock import answer, epoch_of, shift_between


def test_a_probe_comes_back_with_both_times_and_the_epoch() -> None:
    told = answer(Probe(id=7, t0=81234.5), 10.0, 10.001, "epoch")
    assert (told.id, told.t0, told.t1, told.t2, told.epoch) == (7, 81234.5, 10.0, 10.001, "epoch")


def test_the_answer_never_goes_out_before_the_probe_came_in() -> None:
    told = answer(Probe(id=7, t0=0.0), 10.0, 9.0, "epoch")
    assert told.t2 >= told.t1


def test_an_epoch_shows_nothing_of_what_names_it() -> None:
    assert epoch_of("boot-1") == epoch_of("boot-1") != epoch_of("boot-2")
    assert "boot" not in epoch_of("boot-1")


def test_a_clock_that_went_on_needs_no_shift() -> None:
    assert shift_between(100.0, 5000.0, 107.0, 5099.0, same_epoch=True) == 0.0


def test_another_clock_is_shifted_by_the_wall_clock() -> None:
    """Kept at 100 on the old clock; seven seconds later the new clock shows 3."""
    shift = shift_between(100.0, 5000.0, 3.0, 5007.0, same_epoch=False)
    assert 100.0 + 7.0 + shift == pytest.approx(3.0)
