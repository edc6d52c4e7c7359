"""A file server of our own, from which tests install voices."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterator
from typing import ClassVar


class FileServer(http.server.BaseHTTPRequestHandler):
    """Serves `files` with Range; `breaks_after` bytes of one answer it hangs up, once."""

    files: ClassVar[dict[str, bytes]] = {}
    asked: ClassVar[list[tuple[str, str]]] = []
    mirror: ClassVar[str] = ""
    breaks_after: int | None = None

    def do_GET(self) -> None:
        content = self.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        wanted = self.headers.get("Range", "")
        type(self).asked.append((self.path, wanted))
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        body = content[start:]
        if self.breaks_after is not None and len(body) > self.breaks_after:
            body, type(self).breaks_after = body[: self.breaks_after], None
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def files_served(files: dict[str, bytes]) -> Iterator[type[FileServer]]:
    """A server of these files, each by its path; its `mirror` is the address."""

    class Own(FileServer):
        asked: ClassVar[list[tuple[str, str]]] = []

    Own.files = files
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Own)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Own.mirror = f"http://127.0.0.1:{server.server_port}"
    try:
        yield Own
    finally:
        server.shutdown()
        server.server_close()
