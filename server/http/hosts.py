"""By which names this service may be asked for. A page elsewhere whose name leads here gets nothing."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from flask import Flask, request

from server.config import Settings
from server.errors import BadHost, NotFound

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
ANY_ADDRESS = ("0.0.0.0", "::", "")


def names_of(settings: Settings, lan_address: str | None) -> frozenset[str] | None:
    """The names that count, in lower case; None where a proxy in front decides and no names are set."""
    given = {name.strip().lower().strip("[]") for name in settings.hosts.split(",") if name.strip()}
    if settings.proxies and not given:
        return None
    names = given | LOOPBACK
    if settings.host not in ANY_ADDRESS:
        names |= {settings.host.lower()}
    if settings.lan or settings.host in ANY_ADDRESS:
        machine = socket.gethostname().lower()
        names |= {machine, f"{machine.partition('.')[0]}.local"}
        if lan_address:
            names |= {lan_address.lower()}
    return frozenset(names)


def is_known(host: str, names: frozenset[str]) -> bool:
    """Tell whether a Host header names this service; the port is the client's affair."""
    try:
        return (urlsplit(f"//{host}").hostname or "") in names
    except ValueError:
        return False


def init_app(app: Flask, names: frozenset[str] | None) -> None:
    """Refuse every request for another host."""

    @app.before_request
    def check() -> None:
        if names is not None and not is_known(request.headers.get("Host", ""), names):
            raise BadHost
        if any(ord(letter) < 32 or letter == "\x7f" for letter in request.path):
            raise NotFound("There is no such page. All exercises are on the first page.")
