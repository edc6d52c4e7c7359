"""`run --lan`: reachable from the local network, and what it prints for the phones."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.network import lan_address
from tests.conftest import Service, start_service, stop_service
from tests.support.phone import Phone


@pytest.mark.skipif(lan_address() is None, reason="this machine is in no network")
def test_it_listens_there_and_prints_the_address_and_a_picture_of_it(tmp_path: Path) -> None:
    service = start_service(tmp_path, "--lan")
    port = service.url.rpartition(":")[2]
    there = f"http://{lan_address()}:{port}"
    outside = Phone(Service(there, tmp_path, service.process))
    assert outside.opens().status == 200
    page = outside.ask("GET", f"/rooms/{outside.room}/", Accept="text/html").body.decode()
    assert "not encrypted" in page
    inside = Phone(Service(f"http://127.0.0.1:{port}", tmp_path, service.process))
    assert inside.opens().status == 200
    invite = inside.ask("POST", f"/rooms/{inside.room}/invite", {}).json
    assert invite["join_address"] == f"{there}/join"
    service.process.terminate()
    assert service.process.stdout
    printed = service.process.stdout.read()
    assert f"On this network: {there}/" in printed
    assert "█" in printed or "▀" in printed or "\x1b[" in printed
    stop_service(service)
