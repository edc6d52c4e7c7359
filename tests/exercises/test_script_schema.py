"""The JSON Schema for editors: in step with the models, true of every script, and against a mistyped one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from exercises.library import SCRIPTS
from exercises.loading.source import read_source
from exercises.script_schema import PUBLISHED, written
from tests.support.scripts import FILE, LOOKING, QUIET, changed

VALIDATOR = Draft202012Validator(json.loads(PUBLISHED.read_text("utf-8")))


def values(text: str) -> Any:
    return read_source(FILE, text).value


def test_what_is_published_is_what_the_models_say() -> None:
    assert PUBLISHED.read_text("utf-8") == written(), "run `python -m exercises.script_schema`"


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(VALIDATOR.schema)


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("**/*.yaml")), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_every_script_is_as_it_says(path: Any) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(values(path.read_text("utf-8")))] == []


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (QUIET, "guarded:", "gaurded:"),
        (QUIET, "level: 0", "level: 7"),
        (QUIET, "rest: 14", "rust: 14"),
        (QUIET, "family: returns", "family: others"),
        (QUIET, "title: Quiet", "titel: Quiet"),
        (LOOKING, "seconds: 5", "seconds: long"),
    ],
)
def test_what_is_mistyped_is_marked(text: str, old: str, new: str) -> None:
    assert list(VALIDATOR.iter_errors(values(text))) == []
    assert list(VALIDATOR.iter_errors(values(changed(text, old, new))))
