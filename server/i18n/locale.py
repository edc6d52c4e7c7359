"""In which language somebody is here: it stands at the head of the path, and nowhere else.

`/es/…` is the whole service in Spanish; without a prefix it is in English. The prefix moves into SCRIPT_NAME, so that
every address that is built from there on, also that of a redirect or a form, keeps people in their language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import Any
from urllib.parse import quote

from babel.dates import format_date
from flask import Flask, current_app, has_request_context, request
from markupsafe import Markup
from werkzeug.utils import redirect

from exercises.languages import BASE, LANGUAGES
from exercises.model import Exercise
from exercises.text import as_print
from server.installation import WEB
from server.page_modules import with_imports

from .catalog import NAMES, for_scripts, translate

KEY = "still_here.language"
ROOT = "still_here.root"
"""The prefix of the service in the paths of its host; without the language."""


@dataclass(frozen=True)
class OtherLanguage:
    """The way to the same page in another language."""

    code: str
    name: str
    href: str


def language_here() -> str:
    """The code of the language that the current request is made in; the base language outside of one."""
    return str(request.environ.get(KEY, BASE)) if has_request_context() else BASE


def gettext(message: str) -> str:
    """A sentence in the language of the current request."""
    return translate(message, language_here())


def day_words(day: date) -> str:
    """A day as people write it in the language of the current request."""
    return format_date(day, "long", locale=language_here())


def roots() -> list[str]:
    """The prefix of addresses, in every language: cookies of a room hold for all of them."""
    root = request.environ.get(ROOT, "")
    return [_prefix(root, code) for code in LANGUAGES]


def site_path() -> str:
    """The path that the whole service lies under, in all its languages: a cookie for all of it holds there."""
    return f"{request.environ.get(ROOT, '')}/"


def _prefix(root: str, language: str) -> str:
    return root if language == BASE else f"{root}/{language}"


def others() -> list[OtherLanguage]:
    """This page in the other languages; the first page where this one was the answer to a form."""
    can_be_opened = current_app.create_url_adapter(request).test(request.path, "GET")  # type: ignore[union-attr]
    # two slashes at the head would lead to another host
    path = "/" + quote(request.path.lstrip("/")) if request.method == "GET" or can_be_opened else "/"
    query = "?" + request.query_string.decode("latin-1") if request.query_string else ""
    root, here = request.environ.get(ROOT, ""), language_here()
    return [
        OtherLanguage(code, name, _prefix(root, code) + path + query)
        for code, name in NAMES.items()
        if code != here
    ]


def as_here() -> dict[str, Any]:
    """Environment that makes a request made up here one in the language of the current request."""
    return {
        "SCRIPT_NAME": request.script_root, ROOT: request.environ.get(ROOT, ""), KEY: language_here(),
    }  # fmt: skip


def lang_of(exercise: Exercise) -> Markup:
    """The attribute of an element that holds an exercise's own words; nothing where the page is in their language."""
    language = exercise.language
    return Markup("") if language == language_here() else Markup(' lang="{}"').format(language)


def by_path(app: Callable[..., Iterable[bytes]]) -> Any:
    """Take a language off the head of the path, and say in the environment which one it was."""

    def taken_off(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        root = environ.get("SCRIPT_NAME", "")
        head, slash, rest = environ.get("PATH_INFO", "")[1:].partition("/")
        is_named = head in LANGUAGES and head != BASE
        environ[ROOT], environ[KEY] = root, head if is_named else BASE
        if is_named and not slash:
            query = environ.get("QUERY_STRING", "")
            return redirect(f"{root}/{head}/{'?' if query else ''}{query}", 308)(environ, start_response)
        if is_named:
            environ["SCRIPT_NAME"], environ["PATH_INFO"] = f"{root}/{head}", f"/{rest}"
        return app(environ, start_response)

    return taken_off


def init_app(app: Flask) -> None:
    """Serve every language, give templates their words, and keep static files at one address for all of them."""
    app.wsgi_app = by_path(app.wsgi_app)  # type: ignore[method-assign]
    plain = app.url_for

    def url_for(endpoint: str, **values: Any) -> str:
        address = plain(endpoint, **values)
        if endpoint != "static" or not has_request_context():
            return address
        return address.replace(
            f"{request.script_root}/static/", f"{request.environ.get(ROOT, '')}/static/", 1
        )

    app.url_for = url_for  # type: ignore[method-assign]
    environment = app.jinja_env
    environment.globals["url_for"] = url_for
    environment.filters["day"] = day_words
    environment.filters["as_print"] = as_print
    environment.policies["ext.i18n.trimmed"] = True
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(gettext, _no_plurals, newstyle=True)  # type: ignore[attr-defined]

    @app.context_processor
    def words() -> dict[str, Any]:
        here = language_here()
        return {
            "language": here,
            "language_names": NAMES,
            "other_languages": others(),
            "words_of": partial(_words_of, here),
            "lang_of": lang_of,
        }


_MODULE = re.compile(r"/static/(?:[0-9a-f]{16}/)?([\w./-]+\.js)")


def _words_of(language: str, head: str) -> Mapping[str, str]:
    """The sentences of the modules that a page's head names, and of what those import: a page carries no others."""
    return {} if language == BASE else for_scripts(language, _files(frozenset(_MODULE.findall(head))))


@lru_cache(maxsize=128)
def _files(modules: frozenset[str]) -> frozenset[str]:
    static = WEB / "static"
    names = with_imports(modules, lambda name: (static / name).read_text("utf-8"))
    return frozenset(f"web/static/{name}" for name in names)


def _no_plurals(singular: str, plural: str, count: int) -> str:
    """Counts are worded by whole sentences, each a message of its own."""
    return gettext(singular if count == 1 else plural)
