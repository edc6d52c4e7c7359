"""Errors of requests: a refused one leaves no circle behind that only a collection of garbage would find."""

from __future__ import annotations

import gc

import pytest
from flask import Flask

from server.errors import init_app


@pytest.mark.parametrize("path", ["/not-there", "/only-get"])
def test_a_refused_request_leaves_no_request_behind(path: str) -> None:
    app = Flask(__name__)
    init_app(app)
    app.add_url_rule("/only-get", "only-get", lambda: "")
    client = app.test_client()
    client.post(path)
    gc.collect()
    gc.disable()
    try:
        before = len([o for o in gc.get_objects() if type(o).__name__ == "RequestContext"])
        for _ in range(5):
            client.post(path)
        after = len([o for o in gc.get_objects() if type(o).__name__ == "RequestContext"])
    finally:
        gc.enable()
    assert after <= before
