"""Tests of a service that a proxy shows under a path, behind nginx and Caddy as docs/deploy.md configures them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from server.http.prefix import prefix_in
from tests.conftest import Service, running_service
from tests.server.conftest import PASSCODE
from tests.support.caddy import caddy
from tests.support.nginx import nginx
from tests.support.phone import Phone, new_address


@pytest.fixture(scope="module", params=["nginx takes it off", "nginx leaves it", "caddy leaves it"])
def quiet(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Service]:
    """The service as it is seen under /quiet, whether the proxy takes that off the path or leaves it."""
    folder = tmp_path_factory.mktemp("quiet")
    with running_service(folder / "data", "--proxies", "1", STILL_HERE_PASSCODE=PASSCODE) as behind:
        host = urlsplit(behind.url).netloc
        left = {f"http://{host}/;": f"http://{host};"} if request.param == "nginx leaves it" else {}
        proxy = caddy(folder, host) if request.param.startswith("caddy") else nginx(folder, host, left)
        with proxy as seen_at:
            yield Service(f"http://{seen_at}", behind.data, behind.process)


@pytest.mark.parametrize("language", ["", "/es"])
def test_every_address_of_a_page_begins_with_the_path_and_is_there(quiet: Service, language: str) -> None:
    phone, seen = Phone(quiet), set()
    for path in ("/", "/exercises/side-by-side/", "/join", "/help", "/therapist", "/files", "/nowhere"):
        page = phone.ask("GET", f"/quiet{language}{path}", Accept="text/html").body.decode()
        found = set(re.findall(r'(?:href|src|action)="(/[^"]*)"', page))
        assert found
        assert all(address.startswith("/quiet/") for address in found), found
        seen |= {address for address in found if "/static/" in address or address.endswith("manifest")}
    assert all(phone.ask("GET", address).status == 200 for address in seen)


def test_redirects_stay_under_it(quiet: Service) -> None:
    phone = Phone(quiet)
    for path in ("/quiet/es", "/quiet/exercises/side-by-side", "/quiet"):
        answer = phone.ask("GET", path, Accept="text/html")
        assert answer.status == 308
        assert urlsplit(answer.headers["Location"]).path == f"{path}/"
    answer = phone.ask_form(
        "/quiet/rooms", "exercise=doorway", Content_Type="application/x-www-form-urlencoded"
    )
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/quiet/rooms/")


def test_cookies_are_for_the_path_alone(quiet: Service) -> None:
    phone = Phone(quiet, prefix="/quiet")
    cookies = phone.opens().headers.get_all("Set-Cookie")
    assert [f"Path=/quiet{language}/rooms/{phone.room}" in cookie for language, cookie in
            zip(("", "/es"), cookies, strict=True)] == [True, True]  # fmt: skip
    assert "Path=/quiet/;" in f"{phone.signs_in(PASSCODE).headers['Set-Cookie']};"


def test_the_worker_and_the_manifest_are_of_the_path(quiet: Service) -> None:
    phone = Phone(quiet)
    worker = phone.ask("GET", "/quiet/sw.js").body.decode()
    listed = json.loads(worker[worker.index("serve(") + 6 : worker.rindex(")")])
    files = list(listed["files"]) + [exercise["path"] for exercise in listed["exercises"].values()]
    assert len(files) > 40
    assert all(path.startswith("/quiet/") for path in files)
    assert any("/shared/language-root.js" in path for path in files)
    manifest = phone.ask("GET", "/quiet/manifest.webmanifest").json
    assert manifest["scope"] == manifest["start_url"] == manifest["id"] == "/quiet/"
    assert all(icon["src"].startswith("/quiet/static/") for icon in manifest["icons"])


def test_feeds_name_addresses_under_it(quiet: Service) -> None:
    phone = Phone(quiet, prefix="/quiet")
    phone.signs_in(PASSCODE)
    page = phone.ask("POST", "/therapist/feeds", {}, Accept="text/html").body.decode()
    found = re.search(rf"{re.escape(quiet.url)}(/quiet/feeds/[^\"/]+/feed\.xml)", page)
    assert found, page
    feed = Phone(quiet).ask("GET", found.group(1)).body.decode()
    addresses = re.findall(r'(?:url|href)="(http[^"]+)"', feed)
    own = [address for address in addresses if "/feeds/" in address]
    assert own
    assert all(address.startswith(f"{quiet.url}/quiet/feeds/") for address in own)
    assert Phone(quiet).ask("HEAD", urlsplit(next(a for a in own if a.endswith(".mp3"))).path).status == 200


def test_two_phones_meet_in_a_room_through_it(quiet: Service) -> None:
    address = new_address()
    circle, square = (Phone(quiet, address, prefix="/quiet") for _ in range(2))
    assert circle.opens().status == 200
    assert (
        circle.ask("POST", f"/rooms/{circle.room}/invite", {})
        .json["join_address"]
        .startswith(f"{quiet.url}/quiet/join")
    )
    assert square.joins(circle.invites()).status == 200
    for phone in (circle, square):
        assert phone.connects().sees("plan")["plan"]
    assert circle.probes()


def test_health_answers_under_it(quiet: Service) -> None:
    assert Phone(quiet).ask("GET", "/quiet/healthz").body == b"alive\n"


def test_without_proxies_the_header_is_not_looked_at(service: Service) -> None:
    page = Phone(service).ask("GET", "/", Accept="text/html", X_Forwarded_Prefix="/quiet").body
    assert b"/quiet" not in page


@pytest.mark.parametrize(
    "bad", ["//evil.example", "/a//b", "/..", "/a/../b", "https://x", '/"><b>', "/ü", "/a b", "quiet"]
)
def test_what_can_be_no_path_is_none(bad: str) -> None:
    assert prefix_in(bad, 1) == ""


def test_of_several_the_outermost_trusted_one_counts() -> None:
    assert prefix_in("/evil, /quiet", 1) == "/quiet"
    assert prefix_in("/quiet/, /inner", 2) == "/quiet"
    assert prefix_in("/quiet", 2) == ""
