"""The offline shell, kept by a phone so that the page opens without a network: which files, and their digests.

The service worker gets one list. It takes a file only where its bytes have the digest of that list, so that what it
holds is of one version whatever happens to the service meanwhile. Static files carry that version in their address: a
page of an older version asks for older files, and can never be given newer ones.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    jsonify,
    make_response,
    render_template,
    request,
    url_for,
)

from audio.recordings.voice_selection import OfferedVoice
from exercises.library import GROUNDING, Library
from exercises.model import Exercise
from server.context import here
from server.http.static_files import lean, sent
from server.i18n.locale import as_here, gettext, language_here
from server.page_modules import with_imports
from server.services.sound.choices import parse

from .pages import may_be_kept

blueprint = Blueprint("shell", __name__)

PAGES = ("pages.library", "pages.help_lines", "pages.break_page", "shell.kept", "shell.offline")
"""Endpoints of the pages that every phone keeps from its first visit on. What they load is found by reading them."""

DIGEST_LETTERS = 16
"""So much of a digest tells the files of two versions apart; each letter is paid for on a first visit."""

_ASSET = re.compile(r'"([^"\s]*/static/[^"]+)"')
ROOTS_KNOWN = 16
"""Languages, by the paths that a proxy shows them under; whoever sends paths of their own fills nothing."""
_VERSION = re.compile(r"[0-9a-f]{16}")
_LATER = re.compile(r".*?/static/[^/]+/icons/(192|512)")
"""Files that a browser asks for only when the page is put on a home screen, which takes a network anyway. The one of
180 pixels is what a locked screen shows."""


class Shell:
    """The list for the service worker, made when it is asked for: pages have to be written for it.

    It is made anew when other voices or exercises are on offer, since the pages name them: they come while it runs.
    """

    def __init__(self, app: Flask, static: Path):
        self._app = app
        self._static = static
        files = sorted(path for path in static.rglob("*") if path.is_file())
        whole = b"".join(path.name.encode() + lean(path) for path in files)
        self.assets_version = _digest(whole)[:16]
        self._made: dict[str, tuple[tuple[OfferedVoice, ...], Library, dict[str, Any]]] = {}

    def listing(self) -> dict[str, Any]:
        """The list for the worker: paths with digests.

        `files` are for every phone, `exercises` are the pages of those that can be kept, `grounding` is kept anyway.
        """
        offers, library, root = here().offers, here().library, request.script_root
        made = self._made.get(root)
        if made is None or made[0] != offers or made[1] is not library:
            if len(self._made) >= ROOTS_KNOWN:
                self._made.clear()
            made = self._made[root] = offers, library, self._make()
        return made[2]

    def _make(self) -> dict[str, Any]:
        manifest = url_for("shell.manifest")
        shown = {path: self._page(path) for path in (*map(url_for, PAGES), manifest)}
        kept = {e.id: _page_of(e) for e in here().library if may_be_kept(e)}
        pages = {path: self._page(path) for path in kept.values()}
        if GROUNDING in kept:
            shown[kept[GROUNDING]] = pages[kept[GROUNDING]]
        files = {path: _digest(body) for path, body in shown.items()}
        files |= self._assets("".join(body.decode() for body in (shown | pages).values()))
        exercises = {name: {"path": path, "digest": _digest(pages[path])} for name, path in kept.items()}
        version = _digest(json.dumps([files, exercises]).encode())[:16]
        return {"version": version, "files": files, "exercises": exercises, "grounding": _grounding()}

    def _page(self, path: str) -> bytes:
        """A page as any phone gets it: nothing in these depends on who asks."""
        root, language = request.script_root, dict(as_here())
        with self._app.test_request_context(path.removeprefix(root), environ_overrides=language):
            return make_response(self._app.dispatch_request()).get_data()

    def _assets(self, pages: str) -> dict[str, str]:
        """The static files that these pages load, and what those import, with their digests."""
        root = url_for("static", filename="")
        wanted = {path for path in _ASSET.findall(pages) if path.startswith(root) and not _LATER.match(path)}
        wanted.add(url_for("static", filename="offline/service-worker.js"))

        def read(path: str) -> bytes:
            return lean(self._static / path.removeprefix(root))

        return {path: _digest(read(path)) for path in with_imports(wanted, lambda path: read(path).decode())}


def _grounding() -> dict[str, str] | None:
    """The exercise behind "Too much", at its own choices; none if its script is out of order."""
    if GROUNDING not in here().library.exercises:
        return None
    exercise = here().library.get(GROUNDING, language_here())
    return {"id": exercise.id, "title": exercise.title, "query": parse(exercise, here().offers, {}).query()}


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()[:DIGEST_LETTERS]


def _page_of(exercise: Exercise) -> str:
    return url_for("pages.exercise", exercise_id=exercise.id)


def init_app(app: Flask, static: Path) -> None:
    """Static files under an address with their version, and under one without, which gives the newest."""
    shell = Shell(app, static)
    app.extensions["still_here_shell"] = shell

    def file(filename: str, version: str = shell.assets_version) -> Response:
        if not _VERSION.fullmatch(version):  # an address without a version, of a file in a folder
            return sent(static, f"{version}/{filename}")
        if version != shell.assets_version:
            abort(404)
        return sent(static, filename)

    app.add_url_rule("/static/<version>/<path:filename>", "static", file)
    app.add_url_rule("/static/<path:filename>", "newest", file)
    app.register_blueprint(blueprint)

    @app.url_defaults
    def versioned(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("version", shell.assets_version)


@blueprint.get("/sw.js")
def worker() -> Response:
    """The service worker: the list, and the module that knows what to do with it."""
    shell: Shell = current_app.extensions["still_here_shell"]
    module = url_for("static", filename="offline/service-worker.js")
    listing = json.dumps(shell.listing(), separators=(",", ":"))
    text = f'import {{serve}} from "{module}";\n\nserve({listing});\n'
    response = Response(text, mimetype="text/javascript")
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """The manifest, which a phone needs to put the page on its home screen."""
    icons = [
        ("mark.svg", "any", "image/svg+xml", "any"),
        ("icons/192.png", "192x192", "image/png", "any"),
        ("icons/512.png", "512x512", "image/png", "any"),
        ("icons/512-full.png", "512x512", "image/png", "maskable"),
    ]
    response = jsonify(
        id=f"{request.script_root}/",
        name="Still Here",
        short_name="Still Here",
        description=gettext("A voice guides the two of you through a few quiet minutes."),
        lang=language_here(),
        start_url=url_for("pages.library"),
        scope=f"{request.script_root}/",
        display="standalone",
        background_color="#f6f0e4",
        theme_color="#f6f0e4",
        icons=[
            {"src": url_for("static", filename=name), "sizes": sizes, "type": kind, "purpose": purpose}
            for name, sizes, kind, purpose in icons
        ],
    )
    response.mimetype = "application/manifest+json"
    return response


@blueprint.get("/kept")
def kept() -> str:
    """The page of what is kept on this phone, and the way to keep or remove it."""
    offers = here().offers
    own = [here().library.get(e.id, language_here()) for e in here().library if may_be_kept(e)]
    shown = [(e, parse(e, offers, {})) for e in own]
    return render_template("pages/listening/kept.html", exercises=shown, grounding=GROUNDING)


@blueprint.get("/offline")
def offline() -> str:
    """The page that stands in for one that is not kept, while there is no network."""
    return render_template("pages/listening/offline.html")
