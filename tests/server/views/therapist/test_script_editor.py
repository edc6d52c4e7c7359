"""Writing scripts over HTTP: kept before it is said, published at once, refused with the line, taken back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from exercises.library import SCRIPTS
from tests.conftest import stop_service
from tests.support.scripts import QUIET, changed, line_with
from tests.support.therapist import Answer, Therapist, saved_under_kill, started

HARMFUL = changed(QUIET, "Look round the room.", "Close your eyes and keep them closed.")


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Therapist]:
    folder = tmp_path_factory.mktemp("writer")
    service = started(folder)
    therapist = Therapist(service)
    therapist.sign_in()
    yield therapist
    stop_service(service)
    said = (folder / "errors").read_text()
    assert "Traceback" not in said
    assert "keep them closed" not in said
    assert "Quiet" not in said


def texts(answer: Answer) -> dict[str, str]:
    return answer.plain["texts"]


def test_who_has_not_signed_in_sees_and_changes_nothing(writer: Therapist) -> None:
    draft, stranger = writer.start(), Therapist(writer.service)
    for method, path in (
        ("GET", ""),
        ("GET", draft[len(writer.base) :]),
        ("POST", "/start"),
        ("POST", "/take-back"),
    ):
        assert stranger.ask(method, writer.base + path, {} if method == "POST" else None).status == 403
    for act in ("save", "undo", "redo", "look", "hear", "publish", "copy", "delete"):
        assert stranger.ask("POST", f"{draft}/{act}", {"rev": 1, "texts": {"en": ""}}).status == 403
    foreign = writer.ask(
        "POST", f"{draft}/save", {"rev": 1, "texts": {"en": "x"}}, "https://elsewhere.example"
    )
    assert foreign.status == 403


def test_a_copy_has_the_words_of_both_languages_and_an_id_of_its_own(writer: Therapist) -> None:
    draft = writer.start("coffee-on-the-counter")
    page = writer.ask("GET", draft).body.decode()
    assert "id: coffee-on-the-counter-2\n" in page
    assert "Un café en la cocina" in page
    assert writer.ask("GET", draft).headers["Cache-Control"] == "no-store"


def test_a_look_gives_lines_and_exact_times_and_keeps_nothing(writer: Therapist) -> None:
    draft = writer.start()
    found = writer.ask("POST", f"{draft}/look", {"texts": {"en": QUIET}}).plain
    assert found["may_play"]
    assert [one["length"] for one in found["timelines"]] == [60, 72, 120]
    assert [one["duration"] for one in found["timelines"]] == [60, 72, 120]
    spoken = [cue["line"] for cue in found["timelines"][1]["cues"] if cue["kind"] == "line"]
    wanted = [n for n, line in enumerate(QUIET.splitlines(), 1) if line.startswith("  - say:")]
    assert spoken == wanted
    assert QUIET not in writer.ask("GET", draft).body.decode()


@pytest.mark.parametrize("text", ["", "id: [", "- 1", "\x00", "a: &b 1", "id: quiet\nsteps: 3"])
def test_whatever_is_being_typed_is_looked_at_without_a_fault(writer: Therapist, text: str) -> None:
    found = writer.ask("POST", f"{writer.start()}/look", {"texts": {"en": text}})
    assert found.status == 200
    assert found.plain["problems"]
    assert not found.plain["may_play"]


def test_harm_is_told_with_its_line_heard_by_nobody_and_not_published(writer: Therapist) -> None:
    draft = writer.start()
    assert writer.ask("POST", f"{draft}/save", {"rev": 1, "texts": {"en": HARMFUL}}).status == 200
    line = line_with(HARMFUL, "keep them closed")
    found = writer.ask("POST", f"{draft}/look", {"texts": {"en": HARMFUL}}).plain
    assert (line, "harm") in {(one["line"], one["severity"]) for one in found["problems"]}
    asked = {"texts": {"en": HARMFUL}, "language": "en", "cue": 3, "listener": "phone"}
    assert writer.ask("POST", f"{draft}/hear", asked).status == 503
    refused = writer.ask("POST", f"{draft}/publish", {})
    assert refused.status == 409
    assert f"line {line} " in refused.plain["error"]["message"]
    assert writer.ask("GET", "/exercises/quiet/").status == 404


def test_a_line_is_heard_as_each_listener_and_as_the_one_it_was_not_meant_for(writer: Therapist) -> None:
    draft = writer.start()
    found = writer.ask("POST", f"{draft}/look", {"texts": {"en": QUIET}}).plain
    (cue,) = [c["number"] for c in found["timelines"][1]["cues"] if "Stay as you are" in c.get("words", "")]
    clips = {}
    for listener in ("phone", "circle", "square", "wrong-circle", "wrong-square"):
        asked = {"texts": {"en": QUIET}, "language": "en", "cue": cue, "listener": listener}
        answer = writer.ask("POST", f"{draft}/hear", asked)
        assert (answer.status, answer.body[:4]) == (200, b"fLaC")
        assert answer.headers["Cache-Control"] == "no-store"
        clips[listener] = float(answer.headers["X-Seconds"])
    assert clips["circle"] == pytest.approx(clips["wrong-square"], abs=0.05)
    assert clips["square"] == pytest.approx(clips["wrong-circle"], abs=0.05)
    for wrong in ({"cue": 999}, {"cue": -1}, {"listener": "nobody"}, {"language": "fr"}):
        assert writer.ask("POST", f"{draft}/hear", {**asked, **wrong}).status in (400, 503)


def test_what_is_published_is_there_at_once_and_gone_when_taken_back(writer: Therapist) -> None:
    draft = writer.start()
    writer.ask("POST", f"{draft}/save", {"rev": 1, "texts": {"en": QUIET}})
    assert writer.ask("POST", f"{draft}/publish", {}).plain["published"] == "quiet"
    assert b"Quiet" in writer.ask("GET", "/exercises/quiet/").body
    assert b"published" in writer.ask("GET", writer.base).body
    other = writer.start()
    writer.ask("POST", f"{other}/save", {"rev": 1, "texts": {"en": QUIET}})
    taken = writer.ask("POST", f"{other}/publish", {})
    assert (taken.status, taken.plain["error"]["code"]) == (409, "id_taken")
    renamed = changed(QUIET, "id: quiet", "id: quieter")
    writer.ask("POST", f"{draft}/save", {"rev": 2, "texts": {"en": renamed}})
    assert writer.ask("POST", f"{draft}/publish", {}).plain["published"] == "quieter"
    assert writer.ask("GET", "/exercises/quiet/").status == 404
    assert writer.ask("POST", f"{writer.base}/take-back", {"id": "quieter"}).status == 200
    assert writer.ask("GET", "/exercises/quieter/").status == 404
    assert renamed.splitlines()[0] in writer.ask("GET", draft).body.decode()


def test_a_script_of_ours_is_replaced_until_it_is_taken_back_but_not_where_too_much_leads(
    writer: Therapist,
) -> None:
    ours = (SCRIPTS / "doorway.yaml").read_text("utf-8")
    title = next(line for line in ours.splitlines() if line.startswith("title: "))
    draft = writer.start()
    writer.ask(
        "POST", f"{draft}/save", {"rev": 1, "texts": {"en": ours.replace(title, "title: Our doorway")}}
    )
    assert writer.ask("POST", f"{draft}/publish", {}).status == 200
    assert b"Our doorway" in writer.ask("GET", "/exercises/doorway/").body
    writer.ask("POST", f"{writer.base}/take-back", {"id": "doorway"})
    assert b"Our doorway" not in writer.ask("GET", "/exercises/doorway/").body
    grounding = (SCRIPTS / "too-much-for-now.yaml").read_text("utf-8")
    writer.ask("POST", f"{draft}/save", {"rev": 2, "texts": {"en": grounding}})
    assert writer.ask("POST", f"{draft}/publish", {}).status == 409


def test_a_file_that_lies_there_without_a_draft_becomes_one_when_it_is_taken_back(writer: Therapist) -> None:
    own = writer.service.data / "scripts"
    own.mkdir(exist_ok=True)
    (own / "by-hand.yaml").write_text(
        changed(QUIET, "id: quiet", "id: by-hand").replace("Quiet", "By hand"), "utf-8"
    )
    until = time.monotonic() + 20
    while writer.ask("GET", "/exercises/by-hand/").status == 404 and time.monotonic() < until:
        time.sleep(0.1)
    assert writer.ask("POST", f"{writer.base}/take-back", {"id": "by-hand"}).status == 200
    assert b"By hand" in writer.ask("GET", writer.base).body


def test_what_is_no_draft_is_one_sentence(writer: Therapist) -> None:
    draft = writer.start()
    for body in (
        {},
        {"texts": 3},
        {"rev": 1, "texts": {"en": 3}},
        {"rev": 1, "texts": {"en": "x" * 30_000}},
        [],
    ):
        answer = writer.ask("POST", f"{draft}/save", body)
        assert answer.status == 409
        assert answer.plain["error"]["message"].endswith((".", ". "))
    assert writer.ask("GET", f"{writer.base}/{'0' * 32}").status == 404


def test_five_hundred_saves_under_kill_lose_nothing_that_was_said_to_be_kept(tmp_path: Path) -> None:
    saved = saved_under_kill(tmp_path, 500)
    assert saved.kept >= 500
    assert saved.kills > 0
    assert saved.lost == 0


def test_a_reviewers_mark_is_set_on_these_words_and_goes_with_the_next_change(writer: Therapist) -> None:
    draft = writer.start()
    assert writer.ask("POST", f"{draft}/save", {"rev": 1, "texts": {"en": QUIET}}).status == 200
    mark = {"language": "en", "initials": "AB", "date": "2030-01-31"}
    kept = writer.ask("POST", f"{draft}/sign", {"rev": 2, **mark})
    assert kept.status == 200, kept.body
    text = kept.plain["texts"]["en"]
    assert (
        writer.ask("POST", f"{draft}/look", {"texts": {"en": text}}).plain["reviewed"]["en"]["initials"]
        == "AB"
    )
    later = changed(text, "Look round the room.", "Look about the room.")
    assert writer.ask("POST", f"{draft}/look", {"texts": {"en": later}}).plain["reviewed"] == {}
    for wrong in (
        {"initials": "a name"},
        {"initials": "A"},
        {"date": "today"},
        {"language": "es"},
        {"initials": None},
    ):
        refused = writer.ask("POST", f"{draft}/sign", {"rev": 3, **mark, **wrong})
        assert refused.status in (400, 409, 422), refused.body
        assert refused.plain["error"]["message"].startswith("Not signed: ")
    assert writer.ask("POST", f"{draft}/save", {"rev": 3, "texts": {"en": HARMFUL}}).status == 200
    assert (
        "wants mending first"
        in writer.ask("POST", f"{draft}/sign", {"rev": 5, **mark}).plain["error"]["message"]
    )
