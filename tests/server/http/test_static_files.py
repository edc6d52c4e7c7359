"""Static files as they are sent: the same program, without its comments."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server.app import WEB, create_app
from server.config import Settings
from server.http.static_files import COMMENT, COMMENTED, TYPE, lean

STATIC = WEB / "static"
SOURCES = sorted(path for path in STATIC.rglob("*") if path.suffix in COMMENTED)


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    return create_app(Settings(data=tmp_path), object()).test_client()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("/** What it is for. */\nconst a = 1;\n", "const a = 1;\n"),
        ("/**\n * Two\n * lines.\n */\nb();\n", "b();\n"),
        ("  // why\n  c();\n", "c();\n"),
        ("if (a) {\n\n  b();\n}\n", "if (a) {\nb();\n}\n"),
        ("d(); // stays, since code is before it\n", "d(); // stays, since code is before it\n"),
        ('const e = /** @type {A | ""} */ (f);\n', "const e = (f);\n"),
        ("g((/** @type {string} */ h) => h);\n", "g((h) => h);\n"),
        ('const g = "https://example.org";\n', 'const g = "https://example.org";\n'),
    ],
)
def test_comments_on_lines_of_their_own_types_and_indentation_are_left_out(
    tmp_path: Path, source: str, left: str
) -> None:
    path = tmp_path / "x.js"
    path.write_text(source)
    assert lean(path).decode() == left


@pytest.mark.parametrize("path", SOURCES, ids=[path.name for path in SOURCES])
def test_no_string_goes_over_lines_and_could_hold_what_looks_like_a_comment(path: Path) -> None:
    for line in COMMENT.sub("", path.read_text()).splitlines():
        assert line.count("`") % 2 == 0, line
    for comment in COMMENT.findall(path.read_text()):
        assert "*/" not in comment.rstrip()[:-2], comment


@pytest.mark.parametrize("path", SOURCES, ids=[path.name for path in SOURCES])
def test_no_string_holds_what_looks_like_a_type(path: Path) -> None:
    text = COMMENT.sub("", path.read_text())
    for found in TYPE.finditer(text):
        before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        assert TYPE.sub("", before).count('"') % 2 == 0, found[0]
        assert before.count("`") % 2 == 0 or before.rfind("${") > before.rfind("}"), found[0]


@pytest.mark.parametrize(
    "path", [path for path in SOURCES if path.suffix == ".css"], ids=lambda path: path.name
)
def test_no_string_of_a_style_holds_what_stands_between_rules(path: Path) -> None:
    strings = re.findall(r'"[^"\n]*"', lean(path).decode())
    assert not [one for one in strings if re.search("[{};:,]", one)]


def test_a_changed_file_is_sent_anew(tmp_path: Path) -> None:
    path = tmp_path / "x.css"
    path.write_text("a {}\n")
    assert lean(path) == b"a{}\n"
    path.write_text("body {\n  margin: 0; padding: 1px 2px;\n}\n")
    assert lean(path) == b"body{\nmargin:0;padding:1px 2px;\n}\n"


def test_a_script_and_a_style_are_packed_and_a_packed_tag_is_known_again(client: FlaskClient) -> None:
    for address in ("/static/shared/format.js", "/static/styles/base.css"):
        packed = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.data) == client.get(address).data
        again = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
        assert client.get(address, headers=again).status_code == 304


def test_a_file_is_sent_once_and_then_only_if_it_has_changed(client: FlaskClient) -> None:
    first = client.get("/static/shared/leave.js")
    assert first.status_code == 200
    assert first.mimetype == "text/javascript"
    assert b"/**" not in first.data.splitlines()[0]
    again = client.get("/static/shared/leave.js", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(("asked", "length"), [("bytes=-9000000", None), ("bytes=-5", 5), ("bytes=0-4", 5)])
def test_a_part_of_a_file_is_sent_and_all_of_it_where_more_is_asked_for(
    client: FlaskClient, asked: str, length: int | None
) -> None:
    whole = client.get("/static/shared/leave.js").data
    part = client.get("/static/shared/leave.js", headers={"Range": asked})
    assert part.status_code == 206
    assert len(part.data) == (length or len(whole))
    assert part.headers["Content-Range"].endswith(f"/{len(whole)}")


@pytest.mark.parametrize(
    ("tag", "status"), [("{}", 206), ("W/{}", 200), ('"another"', 200), ("not a tag or a date", 200)]
)
def test_a_part_is_sent_only_of_the_very_bytes_that_the_tag_names(
    client: FlaskClient, tag: str, status: int
) -> None:
    address = "/static/shared/leave.js"
    etag = client.get(address).headers["ETag"].removeprefix("W/")
    part = client.get(address, headers={"Range": "bytes=0-9", "If-Range": tag.format(etag)})
    assert part.status_code == status
    assert client.head(address, headers={"Range": "bytes=0-9"}).status_code == 200


def test_a_part_that_is_not_there_is_416(client: FlaskClient) -> None:
    assert client.get("/static/shared/leave.js", headers={"Range": "bytes=9000000-"}).status_code == 416


@pytest.mark.parametrize(
    ("asked", "packed"),
    [("gzip", True), ("gzip;q=0", False), ("notgzip", False), ("br, gzip;q=0.5", True), ("", False), ("GZIP", True),
     ("gzip;q=0.0, *", False), ("*", True), ("identity", False),
     ("identity, gzip;q=0.5", False), ("identity;q=0.5, gzip", True), ("gzip, identity", True)],
)  # fmt: skip
def test_an_answer_is_packed_only_for_a_client_that_takes_that(
    client: FlaskClient, asked: str, packed: bool
) -> None:
    answer = client.get("/", headers={"Accept-Encoding": asked})
    assert (answer.headers.get("Content-Encoding") == "gzip") is packed


@pytest.mark.parametrize("name", ["nothing.js", "../pages/base.html", "icons", "%2e%2e/pages/base.html"])
def test_what_is_not_there_is_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/{name}").status_code == 404
