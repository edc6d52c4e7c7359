"""Every key of every language is present: what the code says and what the catalogues hold are the same messages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from server.i18n import extract
from server.i18n.catalog import BASE, FOLDER, LANGUAGES, for_scripts, knows, read_catalogue, translate
from server.rooms.core.protocol import sentences

OTHERS = [language for language in LANGUAGES if language != BASE]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|<[^>]+>|%%")


def messages(language: str) -> list[Message]:
    return [message for message in read_catalogue(language) if message.id]


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_of_the_code_is_in_the_catalogue_and_nothing_else(language: str) -> None:
    assert {str(message.id) for message in messages(language)} == set(extract.sources())


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated_and_none_is_doubtful(language: str) -> None:
    assert [m.id for m in messages(language) if not str(m.string).strip() or m.fuzzy] == []
    text = (FOLDER / f"{language}.po").read_text("utf-8")
    assert not re.search(r"^#~|^#,.*fuzzy", text, re.MULTILINE)


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_fills_in_the_same_values_between_the_same_elements(language: str) -> None:
    for message in messages(language):
        asked, given = (sorted(PLACEHOLDER.findall(str(text))) for text in (message.id, message.string))
        assert asked == given, message.id


@pytest.mark.parametrize("language", OTHERS)
def test_a_sentence_stays_a_sentence(language: str) -> None:
    for message in messages(language):
        if str(message.id).endswith((".", "?")):
            assert str(message.string).endswith(str(message.id)[-1]), message.id
        if message.id.endswith("?"):
            assert "¿" in message.string


@pytest.mark.parametrize("language", OTHERS)
def test_the_file_is_as_the_tool_writes_it(language: str) -> None:
    written = extract.to_text(extract.up_to_date(language))
    assert (FOLDER / f"{language}.po").read_bytes() == written


@pytest.mark.parametrize("language", OTHERS)
def test_what_a_room_says_can_be_said_in_every_language(language: str) -> None:
    tables = (sentences.NOTES, sentences.REASONS, sentences.REFUSALS)
    single = [v for k, v in vars(sentences).items() if k.isupper() and isinstance(v, str)]
    for sentence in [*single, *(s for table in tables for s in table.values())]:
        assert knows(sentence, language), sentence


@pytest.mark.parametrize("language", OTHERS)
def test_the_modules_of_the_pages_get_their_own_words_and_no_others(language: str) -> None:
    own = {m for m, files in extract.sources().items() if any(f.endswith(".js") for f in files)}
    modules = frozenset(
        name for files in extract.sources().values() for name in files if name.endswith(".js")
    )
    assert set(for_scripts(language, modules)) == own
    assert set(for_scripts(language, frozenset({"web/static/player/player.js"}))) == {
        m for m, files in extract.sources().items() if "web/static/player/player.js" in files
    }
    assert for_scripts(BASE, modules) == {}


def test_what_no_catalogue_knows_stays_as_it_is() -> None:
    assert translate("A sentence that nobody wrote.", "es") == "A sentence that nobody wrote."
    assert translate("", "es") == ""
    assert translate("Help", "es") == "Ayuda"
    assert translate("Help", BASE) == "Help"


def test_sentences_are_found_by_their_look_in_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / "x.py").write_text(
        '"""A docstring is none."""\n'
        'SAID = "Said to people."\n'
        'CODE, HEADER = "not_here", "Retry-After"\n'
        'GUIDE = {"a": "Spoken, and elsewhere."}\n'
        'NOTED = N_("noted")\n'
        'log.info("not for people %s", 1)\n'
        'print(f"Nor is {this} one", gettext("shown"))\n'
    )
    monkeypatch.setattr(extract, "ROOT", tmp_path)
    assert set(extract.sources()) == {"Said to people.", "noted", "shown"}


def test_no_module_says_a_sentence_past_the_catalogue() -> None:
    """Modules mark their words, which can be forgotten: no other text of theirs may look like a sentence."""
    past = []
    for path in sorted((extract.ROOT / "web" / "static").rglob("*.js")):
        code = re.sub(r"/\*.*?\*/|(?<=\s)// [^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
        code = re.sub(r'\bt\(\s*"[^"]*"', "t(", code)
        past += [(path.name, found) for found in re.findall(r'["`]([A-Z][a-z’]+ [^"`]*)["`]', code)]
    # the name, and an error that no person meets
    assert past == [("downloader.js", "The answer broke off."), ("media-session.js", "Still Here")]


def test_every_mark_in_a_module_is_found() -> None:
    """Check that what stands within a template literal is not seen by the extractor."""
    marked = set()
    for path in sorted((extract.ROOT / "web" / "static").rglob("*.js")):
        marked |= set(re.findall(r'\bt\(\s*"([^"]*)"', path.read_text("utf-8")))
    assert marked <= set(extract.sources())


def test_no_template_says_a_word_past_the_catalogue() -> None:
    """All text between elements, and in attributes that people meet, is in an expression or in `trans`."""
    past = []
    for path in sorted((extract.ROOT / "web" / "templates").rglob("*.html")):
        page = path.read_text("utf-8")
        page = re.sub(
            r"\{#.*?#\}|\{% set countries.*?%\}|\{% block shape %\}.*?\{% endblock %\}",
            "",
            page,
            flags=re.DOTALL,
        )
        page = re.sub(r"\{% trans\b.*?\{% endtrans %\}|\{\{.*?\}\}|\{%.*?%\}", "", page, flags=re.DOTALL)
        texts = re.findall(r">([^<]*)<", page) + re.findall(
            r'\b(?:alt|aria-label|title|placeholder)="([^"]*)"', page
        )
        past += [(path.name, text.strip()) for text in texts if re.search(r"[^\W\d_]{2}", text)]
    allowed = {"Still Here", "– Still Here", "Esc", "MP3", "FLAC", "WAV", "ABCD-EFGH"}
    assert [one for one in past if one[1] not in allowed] == []
