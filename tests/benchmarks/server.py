"""A static host as sites are served by: text is sent compressed, the rest as it is."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

#: What hosts compress. Pagefind's own files (`.pf_meta`, `.pagefind` and so on) are compressed
#: already and go out as they are.
COMPRESSED = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".xml": "application/xml",
}


class Host:
    """A folder and what was sent of it: the path and the body's bytes of every answer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sent: list[tuple[str, int]] = []
        self.bodies: dict[str, tuple[bytes, str, bool]] = {}

    def body(self, path: str) -> tuple[bytes, str, bool]:
        """Return bytes, type and whether they are compressed; raises OSError."""
        if path not in self.bodies:
            file = self.folder / path.lstrip("/")
            file = file / "index.html" if path.endswith("/") else file
            kind = COMPRESSED.get(file.suffix)
            data = file.read_bytes()
            self.bodies[path] = (
                (gzip.compress(data, 9), kind, True) if kind else (data, _type_of(file), False)
            )
        return self.bodies[path]

    def bytes_sent(self) -> int:
        """Return the bytes of all bodies since `sent` was last cleared."""
        return sum(size for _, size in self.sent)


def _type_of(file: Path) -> str:
    return "application/wasm" if file.suffix == ".wasm" else "application/octet-stream"


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args: Any, host: Host) -> None:
        self.host = host
        super().__init__(*args)

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        try:
            data, kind, compressed = self.host.body(path)
        except OSError:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        if compressed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.host.sent.append((path, len(data)))
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that closed a connection it no longer needs."""


@contextmanager
def served(folder: Path) -> Iterator[tuple[Host, str]]:
    """Serve a folder while the block runs; give the host and the site's address."""
    host = Host(folder)
    server = _Server(("127.0.0.1", 0), partial(_Handler, host=host))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield host, f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
