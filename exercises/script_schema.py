"""The JSON Schema of a script, for editors: made from the models, written by `python -m exercises.script_schema`.

An editor that knows it offers keys while somebody writes, and marks a wrong one. The rules of lint/ are no part of it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .languages import BASE, LANGUAGES
from .model import Exercise

PUBLISHED = Path(__file__).parents[1] / "docs" / "script.schema.json"


def script_schema() -> dict[str, Any]:
    """The schema as plain values."""
    made = Exercise.model_json_schema(by_alias=True)
    made["properties"]["language"] |= {"enum": list(LANGUAGES), "default": BASE}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "A Still Here exercise",
        "description": "One exercise in one language. docs/writing-exercises.md says what each key is for.",
    }


def written() -> str:
    """The schema as its file has it."""
    return json.dumps(script_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PUBLISHED.write_text(written(), "utf-8")
