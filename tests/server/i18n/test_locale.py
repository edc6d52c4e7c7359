"""The language stands in the path, and people stay in theirs: links, forms, redirects, cookies, errors, sockets."""

from __future__ import annotations

import html
import json
import re

import pytest
from flask.testing import FlaskClient

from exercises.library import SCRIPTS, load_library
from server.app import WEB, create_app
from server.config import Settings
from server.i18n import extract
from server.i18n.locale import by_path
from server.page_modules import with_imports
from tests.conftest import Service
from tests.server.conftest import PASSCODE
from tests.support.phone import Phone, new_address

PAGES = [
    "/", "/help", "/exercises/side-by-side/", "/exercises/a-glance-and-a-rest/", "/exercises/halfway/",
    "/exercises/too-much-for-now/", "/join", "/therapist", "/break", "/files", "/kept", "/offline",
]  # fmt: skip

LIBRARY = load_library()


class NoStudio:
    """Stands where sound would be made; no page waits for anything of it."""

    def warm(self, voice: str) -> None:
        """Do nothing where somebody may soon ask for a voice."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    settings = Settings(data=tmp_path_factory.mktemp("data"))
    return create_app(settings, NoStudio()).test_client()  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A service whose library has two exercises, one of them in Spanish, too."""
    scripts = tmp_path_factory.mktemp("scripts")
    (scripts / "es").mkdir()
    for name in ("doorway.yaml", "too-much-for-now.yaml", "es/too-much-for-now.yaml"):
        (scripts / name).write_bytes((SCRIPTS / name).read_bytes())
    settings = Settings(data=tmp_path_factory.mktemp("data"), scripts=scripts)
    return create_app(settings, NoStudio()).test_client()  # type: ignore[arg-type]


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def addresses(page: str) -> set[str]:
    """All addresses of this service that a page holds, but for its way to other languages."""
    page = re.sub(r"<a [^>]*hreflang=[^>]*>", "", page)
    return {html.unescape(a) for a in re.findall(r'(?:href|src|action)="(/[^"]*)"', page)}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_spanish_leads_nowhere_else(client: FlaskClient, path: str) -> None:
    page = text_of(client, "/es" + path)
    assert '<html lang="es" data-root="/es">' in page
    leading = {a for a in addresses(page) if not a.startswith("/static/")}
    assert leading
    assert all(address.startswith("/es/") for address in leading)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_english_has_no_prefix_and_no_block_of_words(client: FlaskClient, path: str) -> None:
    page = text_of(client, path)
    assert '<html lang="en">' in page
    assert not any(address.startswith("/es") for address in addresses(page))
    assert "application/json" not in page


@pytest.mark.parametrize("prefix", ["", "/es"])
def test_what_never_differs_by_language_has_one_address(client: FlaskClient, prefix: str) -> None:
    page = text_of(client, f"{prefix}/exercises/side-by-side/")
    files = {a for a in addresses(page) if "static" in a}
    assert len(files) > 10
    assert all(address.startswith("/static/") for address in files)


@pytest.mark.parametrize("path", [*PAGES, "/exercises/side-by-side/?length=300&voice=lower", "/nothing/here"])
def test_each_page_leads_to_itself_in_the_other_language_and_back(client: FlaskClient, path: str) -> None:
    def way(address: str) -> tuple[str, str, str]:
        page = client.get(address, headers={"Accept": "text/html"}).get_data(as_text=True)
        found = re.findall(r'<a href="([^"]*)" lang="(\w+)" hreflang="(\w+)"[^>]*>([^<]+)</a>', page)
        assert len(found) == 1
        href, language, target, name = found[0]
        assert language == target
        return html.unescape(href), language, name

    assert way(path) == ("/es" + path, "es", "Español")
    assert way("/es" + path) == (path, "en", "English")


@pytest.mark.parametrize("path", ["//elsewhere.example/x", "/\\elsewhere.example", '/x"onclick="y', "/é"])
def test_no_path_leads_out_by_the_way_to_another_language(client: FlaskClient, path: str) -> None:
    page = client.get("http://localhost/es" + path, headers={"Accept": "text/html"}).get_data(as_text=True)
    href = re.findall(r'<a href="([^"]*)" lang="en" hreflang', page)
    assert len(href) == 1
    assert re.match(r"/(?![/\\])", href[0])


def test_the_answer_to_a_form_leads_to_a_page_that_can_be_opened(client: FlaskClient) -> None:
    here = {"Origin": "http://localhost", "Accept": "text/html"}
    refused = client.post("/es/join", data={"code": "x"}, headers=here)
    assert refused.status_code == 403
    assert '<a href="/join" lang="en"' in refused.get_data(as_text=True)
    refused = client.post("/es/therapist/sign-in", data={"passcode": "x"}, headers=here)
    assert refused.status_code == 403
    assert '<a href="/" lang="en"' in refused.get_data(as_text=True)
    assert "Esa no es la contraseña." in refused.get_data(as_text=True)


def test_the_bare_language_is_sent_on_to_its_first_page(client: FlaskClient) -> None:
    answer = client.get("/es?length=300")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/es/?length=300")
    assert client.get("/es/exercises/doorway").headers["Location"].endswith("/es/exercises/doorway/")


@pytest.mark.parametrize("path", ["/en/", "/fr/", "/es/es/", "/ES/", "/espejo"])
def test_what_is_no_language_is_a_path_like_any_other(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_prefix_comes_after_where_the_service_begins() -> None:
    seen: dict[str, str] = {}

    def inner(environ: dict[str, str], start_response: object) -> list[bytes]:
        seen.update(environ)
        return []

    by_path(inner)({"SCRIPT_NAME": "/quiet", "PATH_INFO": "/es/help"}, lambda *_: None)
    assert (seen["SCRIPT_NAME"], seen["PATH_INFO"]) == ("/quiet/es", "/help")


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/es/nada", "Esa página no existe."),
        ("/es/exercises/none-such/", "Aquí no hay ningún ejercicio llamado"),
        ("/es/exercises/side-by-side/?length=7", "Para &#34;length&#34;, elige entre"),
    ],
)
def test_errors_are_told_in_the_language_of_the_path(client: FlaskClient, path: str, sentence: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
    assert sentence in page
    told = client.get(path, headers={"Accept": "application/json"}).get_json()["error"]["message"]
    assert html.unescape(sentence) in told


def words_of(page: str) -> dict[str, str]:
    """The sentences that modules of a page can say."""
    blocks = re.findall(r'<script type="application/json" id="catalogue">(.*?)</script>', page)
    assert len(blocks) <= 1
    return json.loads(blocks[0]) if blocks else {}


def test_the_words_of_modules_stand_in_a_block_that_is_no_script(client: FlaskClient) -> None:
    words = words_of(text_of(client, "/es/exercises/doorway/"))
    assert words["Paused"] == "En pausa"
    assert "<" not in json.dumps(words)
    assert "Paused" not in words_of(text_of(client, "/es/"))


@pytest.mark.parametrize(
    "path", ["/es/", "/es/exercises/doorway/", "/es/kept", "/es/break", "/es/help", "/es/join", "/es/paths"]
)
def test_a_page_has_the_words_of_every_module_that_it_loads(client: FlaskClient, path: str) -> None:
    page = text_of(client, path)
    loaded = set(re.findall(r'/static/\w{16}/([^"]+\.js)"', page))
    assert loaded
    names = with_imports(loaded, lambda name: (WEB / "static" / name).read_text())
    said = {m for m, files in extract.sources().items() if files & {f"web/static/{name}" for name in names}}
    assert set(words_of(page)) == said


def test_an_exercise_that_is_not_in_spanish_says_so_to_a_screen_reader(half: FlaskClient) -> None:
    page = text_of(half, "/es/exercises/doorway/")
    assert '<h1 lang="en">Doorway</h1>' in page
    assert "<h1>Doorway</h1>" in text_of(half, "/exercises/doorway/")


def test_the_library_lists_what_is_there_in_spanish_and_leads_to_the_rest(
    client: FlaskClient, half: FlaskClient
) -> None:
    entry = r'<p class="entry"><a href="/es/exercises/([^"]*)/">([^<]*)<'
    whole = [(e.id, e.title) for e in LIBRARY.in_language("es")]
    assert re.findall(entry, text_of(client, "/es/")) == whole
    assert "Los demás ejercicios" not in text_of(client, "/es/")
    page = text_of(half, "/es/")
    assert [name for name, _ in re.findall(entry, page)] == ["too-much-for-now"]
    assert "Los demás ejercicios están por ahora en inglés." in page
    assert '<a href="/" hreflang="en">' in page
    assert 'hreflang="en"' not in text_of(client, "/")


def test_a_room_for_an_exercise_takes_a_voice_of_any_language(rooms: Service) -> None:
    for exercise, length, voice in (("too-much-for-now", 210, "lower"), ("doorway", 75, "es-lower")):
        phone = Phone(rooms, new_address(), prefix="/es")
        assert phone.opens(exercise=exercise, length=length, voice=voice).status == 200
    refused = Phone(rooms, new_address(), prefix="/es").opens(voice="none")
    assert refused.code == "bad_choice"


def test_a_room_is_opened_joined_and_left_in_spanish(rooms: Service) -> None:
    circle = Phone(rooms, new_address(), prefix="/es")
    assert circle.opens().json["address"] == f"/es/rooms/{circle.room}/"
    invite = circle.ask("POST", f"/rooms/{circle.room}/invite", {}).json
    assert invite["join_address"].endswith("/es/join")
    square = Phone(rooms, new_address(), prefix="/es")
    assert square.joins(invite["code"]).json["address"] == f"/es/rooms/{circle.room}/"
    stranger = Phone(rooms, prefix="/es").ask("GET", f"/rooms/{circle.room}/")
    assert (stranger.status, stranger.headers["Location"]) == (303, "/es/join")
    refused = Phone(rooms, new_address(), prefix="/es").joins("AAAA-AAAA")
    assert refused.json["error"]["message"].startswith("Este código no sirvió")


def test_a_seat_holds_in_every_language(rooms: Service) -> None:
    phone = Phone(rooms, new_address(), prefix="/es")
    answer = phone.opens()
    paths = {re.search(r"Path=([^;]*)", c)[1] for c in answer.headers.get_all("Set-Cookie")}  # type: ignore[index]
    assert paths == {f"/rooms/{phone.room}", f"/es/rooms/{phone.room}"}
    phone.prefix = ""
    assert phone.ask("GET", f"/rooms/{phone.room}/", Accept="text/html").status == 200


def test_two_phones_of_one_room_are_told_the_same_in_two_languages(rooms: Service) -> None:
    spanish, english = Phone(rooms, new_address(), prefix="/es"), Phone(rooms, new_address())
    spanish.opens()
    english.joins(spanish.invites())
    for phone in (spanish, english):
        phone.connects()
    for phone in (spanish, english):
        phone.gets_ready()
    asked = [phone.hears_when_ready(lambda m: bool(m.get("ask")))["ask"] for phone in (spanish, english)]
    assert (asked[0]["yes"], asked[0]["no"]) == ("Sí, ahora", "Hoy no")
    assert (asked[1]["yes"], asked[1]["no"]) == ("Yes, now", "Not today")
    assert asked[0]["id"] == asked[1]["id"]


def test_a_console_in_spanish_is_told_in_spanish_what_is_missing(rooms: Service) -> None:
    guide = Phone(rooms, new_address(), prefix="/es")
    assert guide.signs_in(PASSCODE).json == {"address": "/es/therapist"}
    guide.opens("/therapist/rooms", screened="yes")
    page = guide.ask("GET", f"/rooms/{guide.room}/", Accept="text/html").body.decode()
    assert "A qué atender" in page
    circle = Phone(rooms, new_address())
    circle.joins(guide.invites("circle"))
    reasons = guide.connects().sees("console")["phones"]["circle"]["reasons"]
    assert "El teléfono no está conectado." in reasons
