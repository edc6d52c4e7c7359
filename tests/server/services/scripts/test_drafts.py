"""Drafts: kept whole, seen by nobody else, with a history, and never lost to an older tab."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from server.services.scripts import drafts
from server.services.scripts.drafts import HISTORY, DraftRefused, DraftStore


@pytest.fixture
def store(tmp_path: Path) -> DraftStore:
    return DraftStore(tmp_path / "drafts", os.urandom)


def test_what_is_saved_is_there_for_whoever_opens_the_folder_next(store: DraftStore, tmp_path: Path) -> None:
    made = store.make({"en": "id: one\n"})
    saved = store.save(made.name, made.rev, {"en": "id: two\n", "es": "id: dos\n"})
    again = DraftStore(tmp_path / "drafts", os.urandom).find(made.name)
    assert again == saved
    assert again.texts == {"en": "id: two\n", "es": "id: dos\n"}


def test_a_file_is_its_owners_alone_and_its_name_tells_nothing(store: DraftStore, tmp_path: Path) -> None:
    store.make({"en": "title: Marmalade\n"})
    (path,) = (tmp_path / "drafts").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "drafts").stat().st_mode & 0o777 == 0o700
    assert "armalade" not in path.name


def test_the_older_of_two_tabs_is_refused_and_changes_nothing(store: DraftStore) -> None:
    made = store.make({"en": "as it was"})
    newer = store.save(made.name, made.rev, {"en": "from the first tab"})
    with pytest.raises(DraftRefused) as refusal:
        store.save(made.name, made.rev, {"en": "from the second tab"})
    assert refusal.value.code == "changed_elsewhere"
    assert store.find(made.name) == newer


def test_a_save_whose_answer_was_lost_can_be_sent_again(store: DraftStore) -> None:
    made = store.make({"en": "as it was"})
    saved = store.save(made.name, made.rev, {"en": "as it is"})
    assert store.save(made.name, made.rev, {"en": "as it is"}) == saved


def test_undo_and_redo_go_through_fifty_changes_and_across_a_restart(tmp_path: Path) -> None:
    store = DraftStore(tmp_path, os.urandom)
    draft = store.make({"en": "0"})
    for number in range(1, 61):
        draft = store.save(draft.name, draft.rev, {"en": str(number)})
    assert len(draft.history) == HISTORY
    for _ in range(HISTORY + 5):
        draft = DraftStore(tmp_path, os.urandom).step(draft.name, draft.rev, -1)
    assert draft.texts == {"en": "11"}
    assert not draft.can_undo
    draft = store.step(draft.name, draft.rev, 1)
    assert draft.texts == {"en": "12"}
    draft = store.save(draft.name, draft.rev, {"en": "another way"})
    assert not draft.can_redo


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"es": "solo"}, "bad_draft"), ({"en": "x", "fr": "y"}, "bad_draft"), ({"en": "\ud800"}, "bad_draft"),
        ({"en": "x" * (drafts.MOST_BYTES + 1)}, "too_large"),
    ],
)  # fmt: skip
def test_what_no_draft_can_be_is_refused(store: DraftStore, texts: dict[str, str], code: str) -> None:
    made = store.make({"en": "as it was"})
    with pytest.raises(DraftRefused) as refusal:
        store.save(made.name, made.rev, texts)
    assert refusal.value.code == code
    assert store.find(made.name) == made


def test_there_is_an_end_to_drafts(store: DraftStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 2)
    first = store.make({"en": "1"})
    store.make({"en": "2"})
    with pytest.raises(DraftRefused):
        store.make({"en": "3"})
    store.delete(first.name)
    store.make({"en": "3"})


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"history": []}', b'{"rev": 1, "at": 5, "history": [{"en": ""}]}']
)
def test_a_damaged_file_takes_no_other_draft_with_it(
    store: DraftStore, tmp_path: Path, content: bytes
) -> None:
    made = store.make({"en": "as it was"})
    (tmp_path / "drafts" / f"{'0' * 32}.json").write_bytes(content)
    assert store.all() == [made]


@pytest.mark.parametrize("name", ["", "..", "../lock", "x" * 32, "0" * 31])
def test_a_name_leads_nowhere_but_to_a_draft(store: DraftStore, name: str) -> None:
    assert store.find(name) is None
    store.delete(name)
