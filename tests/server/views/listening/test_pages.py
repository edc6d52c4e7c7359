"""The pages as the server writes them, without a browser and without sound."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from exercises.library import Library, load_library
from exercises.model import Exercise
from exercises.paths import load_paths
from exercises.text import as_print
from server.app import create_app
from server.config import Settings
from server.views.listening import pages

SHELF = load_library()
FORBIDDEN = re.compile(
    r"\b(relax|surrender|heal(ed|ing)?|amazing|well done|good job|streak|score|husband|wife|victims?|"
    r"forgiv\w+|guilty|simply|deep breath|sacred|perfect|let's|try to)\b",
    re.IGNORECASE,
)


class NoStudio:
    """Stands where sound would be made; no page waits for anything of it."""

    def warm(self, voice: str) -> None:
        """Do nothing where somebody may soon ask for a voice."""


def client_for(data: Path, scripts: Path | None = None) -> FlaskClient:
    settings = Settings(data=data, scripts=scripts) if scripts else Settings(data=data)
    return create_app(settings, NoStudio()).test_client()  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return client_for(tmp_path_factory.mktemp("data"))


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == status
    return answer.get_data(as_text=True)


PAGES = ["/", "/help", "/break", "/files", "/kept", "/offline", "/paths"]
PAGES += [f"/paths/{path.id}" for path in load_paths()]
PAGES += [f"/exercises/{exercise.id}/" for exercise in SHELF]


def test_the_library_lists_every_exercise_once(client: FlaskClient) -> None:
    page = text_of(client, "/")
    for exercise in SHELF:
        title = html.escape(as_print(exercise.title))
        assert page.count(f'href="/exercises/{exercise.id}/">{title}</a>') == 1
    headings = [page.index(f">{title}</h2>") for title in pages.FAMILY_TITLES.values()]
    assert headings == sorted(headings)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_heading_no_inline_code_and_the_way_down(client: FlaskClient, path: str) -> None:
    page = text_of(client, path)
    assert page.count("<h1") == 1
    assert '<html lang="en">' in page
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon[a-z]+=\"|https?://", page)
    assert 'id="too-much" href="/exercises/too-much-for-now/"' in page
    assert 'href="about:blank" data-leave' in page


@pytest.mark.parametrize("path", ["/", "/help", "/kept", "/offline", "/nothing-here"])
def test_the_words_of_the_pages_keep_to_the_guide(client: FlaskClient, path: str) -> None:
    page = text_of(client, path, 404 if path == "/nothing-here" else 200)
    assert not FORBIDDEN.search(re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("exercise", list(SHELF), ids=lambda exercise: exercise.id)
def test_what_plays_and_what_can_be_kept_follows_the_level(client: FlaskClient, exercise: Exercise) -> None:
    page = text_of(client, f"/exercises/{exercise.id}/")
    asks_both = exercise.asks
    assert ('id="begin"' in page) is not exercise.first_with_therapist
    assert ("<audio" in page) is not exercise.first_with_therapist
    assert (" download=" in page) is not asks_both
    assert ('id="both"' in page) is (asks_both and not exercise.first_with_therapist)
    assert ("First with a therapist" in page) is exercise.first_with_therapist
    assert ("No clinician has read this script yet" in page) is (exercise.reviewed is None)
    assert "transcript.txt?length=" in page


@pytest.mark.parametrize("path", load_paths(), ids=lambda path: path.id)
def test_a_path_shows_its_weeks_and_leads_to_their_exercises(client: FlaskClient, path: Any) -> None:
    page = text_of(client, f"/paths/{path.id}")
    for number, week in enumerate(path.weeks, 1):
        assert f">Week {number}</h2>" in page
        assert html.escape(week.why) in page.replace("&#39;", "&#x27;")
        assert all(f'href="/exercises/{name}/"' in page for name in week.exercises)
    assert f'href="/paths/{path.id}"' in text_of(client, "/paths")


def test_a_path_that_is_none_is_a_page_with_the_way_back(client: FlaskClient) -> None:
    assert 'href="/">All exercises</a>' in text_of(client, "/paths/nowhere", 404)


def test_what_is_for_one_person_alone_offers_no_second_phone(client: FlaskClient) -> None:
    for exercise in SHELF:
        if exercise.alone:
            assert 'id="two-phones"' not in text_of(client, f"/exercises/{exercise.id}/"), exercise.id


def test_choices_in_the_address_reach_the_form_and_the_links(client: FlaskClient) -> None:
    page = text_of(client, "/exercises/side-by-side/?length=300&voice=lower&setting=earbuds")
    assert all(re.search(rf'value="{value}"[^>]* selected', page) for value in ("300", "lower", "earbuds"))
    assert "audio.flac?length=300&amp;setting=earbuds&amp;voice=lower" in page


def test_a_choice_that_is_not_offered_is_a_page_with_a_sentence(client: FlaskClient) -> None:
    page = text_of(client, "/exercises/side-by-side/?length=7", 400)
    assert "For &#34;length&#34; choose one of" in page
    assert "All exercises" in page


@pytest.mark.parametrize("path", ["/exercises/none-such/", "/nothing-here"])
def test_nothing_here_is_one_sentence_and_the_way_back(client: FlaskClient, path: str) -> None:
    page = text_of(client, path, 404)
    assert 'href="/">All exercises</a>' in page
    assert 'id="too-much"' in page


def test_an_address_without_its_slash_is_sent_on(client: FlaskClient) -> None:
    assert client.get("/exercises/side-by-side").status_code == 308


def test_help_lines_can_be_dialled(client: FlaskClient) -> None:
    page = text_of(client, "/help")
    numbers = re.findall(r'href="tel:([^"]*)">([^<]*)<', page)
    assert len(numbers) >= 30
    for dialled, shown in numbers:
        assert dialled.isdigit()
        assert dialled == shown.replace(" ", "")


def test_a_script_that_is_out_is_not_shown_to_couples(tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text("id: broken\ntitle: Broken\n")
    client = client_for(tmp_path, tmp_path)
    page = text_of(client, "/")
    assert "out of order" not in page  # that is for who wrote it
    assert "broken.yaml" not in page
    assert "Broken" not in page
    # With the grounding script out, "Too much" still leads somewhere.
    assert 'id="too-much" href="/help"' in page
    assert "a voice for this" not in text_of(client, "/help")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(75, "75 seconds"), (120, "2 minutes"), (150, "2½ minutes"), (218, "3½ minutes"), (240, "4 minutes")],
)
def test_lengths_are_told_roughly(seconds: int, words: str) -> None:
    assert pages.about_length(seconds) == words


def test_the_number_of_scripts_out_is_told_in_words() -> None:
    def library(*files: str) -> Any:
        from exercises.errors import Problem

        return Library({}, tuple(Problem(file, 1, "x") for file in files))

    assert pages.problem_line(library()) == ""
    assert pages.problem_line(library("a", "a")) == "One exercise is out of order today."
    assert pages.problem_line(library("a", "b")) == "2 exercises are out of order today."
