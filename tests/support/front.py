"""A door in front of a service: what is behind it can change, fail, wait or be gone, and the address stays.

A service worker's own requests are not seen by the browser's routing, so a test of what it makes of a bad answer needs
a real one.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP_BY_HOP = ("connection", "keep-alive", "transfer-encoding", "date", "server")


class Front:
    """Forwards to `target`, except where `answers` has something else for a path (without its query).

    `held` paths wait until `release` is set. `seen` are the paths that were asked for.
    """

    def __init__(self, target: str):
        self.target = target
        self.answers: dict[str, tuple[int, str, bytes]] = {}
        self.held: set[str] = set()
        self.release = threading.Event()
        self.seen: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Nobody answers any more."""
        self.release.set()
        self.server.shutdown()
        self.server.server_close()


def _handler(front: Front) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def pass_on(self) -> None:
            path = urlsplit(self.path).path
            front.seen.append(self.path)
            if path in front.held and self.command == "GET":
                front.release.wait(30)
            if path in front.answers:
                status, kind, body = front.answers[path]
                return self.say(status, [("Content-Type", kind), ("Content-Length", str(len(body)))], body)
            link = http.client.HTTPConnection(urlsplit(front.target).netloc, timeout=60)
            try:
                link.request(self.command, self.path, headers=dict(self.headers))
                answer = link.getresponse()
                body = answer.read()
            except OSError:
                return self.close_hard()
            finally:
                link.close()
            kept = [(n, v) for n, v in answer.getheaders() if n.lower() not in HOP_BY_HOP]
            return self.say(answer.status, kept, body)

        def say(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            try:
                self.send_response(status)
                for name, value in headers:
                    self.send_header(name, value)
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # the browser has gone; nothing is owed to it

        def close_hard(self) -> None:
            self.close_connection = True

        do_GET = do_HEAD = pass_on
        log_message: Callable[..., None] = lambda *_: None

    return Handler
