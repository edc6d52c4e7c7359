"""The budget of a cache: what goes, what stays, and in which order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from audio.studio.budget import LEASE_S, Kept, to_remove

FILES = st.lists(
    st.builds(
        Kept, st.integers(0, 40).map(str), st.integers(0, 1000), st.floats(-10_000, 10_000, allow_nan=False)
    ),
    max_size=30,
    unique_by=lambda one: one.name,
)


@settings(max_examples=50, deadline=None)
@given(FILES, st.integers(0, 5000), st.sets(st.integers(0, 40).map(str)))
def test_what_is_left_fits_or_is_pinned_and_nothing_goes_for_nothing(
    files: list[Kept], budget: int, pinned: set[str]
) -> None:
    gone = to_remove(files, budget, 0.0, pinned)
    left = [one for one in files if one.name not in gone]
    size = sum(one.size for one in left)
    assert not set(gone) & pinned
    assert size <= budget or {one.name for one in left} <= pinned
    if gone:
        last = next(one for one in files if one.name == gone[-1])
        assert size + last.size > budget


def test_what_was_used_longest_ago_goes_first() -> None:
    files = [Kept(str(n), 10, -LEASE_S - n) for n in range(1, 5)]
    assert to_remove(files, 20, 0.0) == ["4", "3"]


def test_large_files_push_out_no_small_one_that_is_in_use() -> None:
    files = [Kept("honest", 3, -600.0), *(Kept(f"wav {n}", 50, -1.0) for n in range(10))]
    gone = to_remove(files, 256, 0.0)
    assert "honest" not in gone
    assert len(gone) == 5
