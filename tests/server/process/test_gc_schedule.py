"""Garbage in circles is found at moments of our own, and what lives is left alone."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import gevent
import pytest

from server.process import gc_schedule


class Circle:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def tidying(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(gc_schedule, "LOOK_EVERY_S", 0.0)
    greenlet = gevent.spawn(gc_schedule.tidy_memory)
    gevent.sleep(0)
    yield
    greenlet.kill()


@pytest.mark.usefixtures("tidying")
def test_python_does_not_look_by_itself_meanwhile() -> None:
    assert not gc.isenabled()


@pytest.mark.usefixtures("tidying")
def test_many_new_objects_make_it_look(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = weakref.ref(Circle())
    gevent.sleep(0)
    assert seen() is not None
    monkeypatch.setattr(gc_schedule, "MANY_OBJECTS", -1)
    gevent.sleep(0)
    gevent.sleep(0)
    assert seen() is None


@pytest.mark.usefixtures("tidying")
def test_fewer_make_it_look_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = weakref.ref(Circle())
    monkeypatch.setattr(gc_schedule, "SOME_OBJECTS", -1)
    gevent.sleep(0)
    gevent.sleep(0)
    assert seen() is not None
    monkeypatch.setattr(gc_schedule, "SOME_EVERY_S", -1.0)
    gevent.sleep(0)
    gevent.sleep(0)
    assert seen() is None


@pytest.mark.usefixtures("tidying")
def test_after_a_while_it_looks_at_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    circle = Circle()
    seen = weakref.ref(circle)
    gc.collect()
    gc.freeze()
    del circle
    monkeypatch.setattr(gc_schedule, "COLLECT_EVERY_S", -1.0)
    gevent.sleep(0)
    gevent.sleep(0)
    assert seen() is None


def test_at_the_end_python_looks_by_itself_again() -> None:
    greenlet = gevent.spawn(gc_schedule.tidy_memory)
    gevent.sleep(0)
    greenlet.kill()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
