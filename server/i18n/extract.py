"""Finds every sentence for people in the code, and brings the catalogues of `web/locales` up to date with it.

    python -m server.i18n.extract      or `make words`; tells what wants a translation

Templates mark their words with `_()` and `trans`, modules of the pages with `t()`. In Python a sentence needs no
mark: it is a string that begins with a capital letter and has a space in it. What looks otherwise stands in
`gettext()`, or in `N_()` where it is only noted and shown elsewhere.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po

from .catalog import BASE, FOLDER, LANGUAGES, read_catalogue

ROOT = Path(__file__).parents[2]
PYTHON = (
    "server/**/*.py", "audio/studio/*.py", "audio/speech/workers/*.py", "audio/speech/engines/*.py",
    "audio/recordings/voice_selection.py", "audio/recordings/archive.py", "audio/dsp/wav.py",
    "audio/speech/pronunciation/own_list.py",
)  # fmt: skip
COMMAND_LINE = re.compile(
    r"server/(cli/\w+|rooms/stores/(journal|redis_store)|services/redis_link|installation|process/lifecycle|monitoring/\w+|http/health|wsgi|__main__|config|gunicorn_conf|i18n/extract|services/export/(export_folder|feeds|rss))\.py"
)
"""Whoever runs the service reads English, and so do podcast apps."""
SPOKEN = {"GUIDE"}
"""Tables of lines that are spoken as well, and hold their own translations."""
_SENTENCE = re.compile(r"[A-Z]\S*\s")
_CALLS = {"gettext", "N_"}


def sources() -> dict[str, set[str]]:
    """Every message that is there to be translated, and the files that hold it."""
    found: dict[str, set[str]] = {}
    for name, message in (*_python(), *_templates(), *_modules()):
        found.setdefault(message, set()).add(name)
    return found


def _files(*patterns: str) -> Iterator[tuple[str, Path]]:
    for path in sorted({path for pattern in patterns for path in ROOT.glob(pattern)}):
        yield path.relative_to(ROOT).as_posix(), path


def _python() -> Iterator[tuple[str, str]]:
    for name, path in _files(*PYTHON):
        if not COMMAND_LINE.fullmatch(name):
            for message in _in_python(ast.parse(path.read_text("utf-8"))):
                yield name, message


def _in_python(node: ast.AST) -> Iterator[str]:
    """The messages of a tree. What is put together by an f-string cannot be one, nor can a docstring."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.JoinedStr():
            return
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)) if (
            name in SPOKEN
        ):
            return
        case ast.Call(func=ast.Name(id=called), args=[ast.Constant(value=str(marked))]) if called in _CALLS:
            yield marked
            return
        case ast.Constant(value=str(text)) if _SENTENCE.match(text) and "{0}" not in text:
            yield text
    for child in ast.iter_child_nodes(node):
        yield from _in_python(child)


def _templates() -> Iterator[tuple[str, str]]:
    options = {"trimmed": "true", "newstyle_gettext": "true"}
    for name, path in _files("web/templates/**/*.html"):
        with path.open("rb") as file:
            for _, message, _, _ in extract("jinja2.ext:babel_extract", file, options=options):
                yield name, str(message)


def _modules() -> Iterator[tuple[str, str]]:
    for name, path in _files("web/static/**/*.js"):
        with path.open("rb") as file:
            for _, message, _, _ in extract("javascript", file, keywords={"t": None}):
                yield name, message if isinstance(message, str) else message[0]


def up_to_date(language: str) -> Catalog:
    """The catalogue of a language with exactly the messages that are there; new ones have no translation yet."""
    known = read_catalogue(language)
    catalogue = Catalog(locale=language, header_comment=known.header_comment, fuzzy=False)
    for message, files in sorted(sources().items(), key=lambda item: (min(item[1]), item[0])):
        old = known.get(message)
        catalogue.add(message, old.string if old else "", locations=[(name, 0) for name in sorted(files)])
    return catalogue


def to_text(catalogue: Catalog) -> bytes:
    """A catalogue as it stands in its file: without dates and numbers of lines, which would change by themselves."""
    text = io.BytesIO()
    write_po(text, catalogue, width=110, include_lineno=False)
    lines = text.getvalue().splitlines(keepends=True)
    return b"".join(
        line
        for line in lines
        if not re.match(rb'"(POT?-[A-Z]|Project-Id|Report|Last-T|Language-T|Generated)', line)
    )


def main() -> int:
    """Write every catalogue anew; returns 1 while something wants a translation."""
    wanting = 0
    for language in LANGUAGES:
        if language == BASE:
            continue
        catalogue = up_to_date(language)
        (FOLDER / f"{language}.po").write_bytes(to_text(catalogue))
        for message in catalogue:
            if message.id and not message.string:
                print(f"{language}: {message.id}")
                wanting += 1
    return 1 if wanting else 0


if __name__ == "__main__":
    sys.exit(main())
