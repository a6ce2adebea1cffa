"""The preview's web server: files of one folder, the reload channel, nothing else."""

import json
import mimetypes
import re
import sys
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit

_SCRIPT = files("showcase.preview").joinpath("reload.js").read_text(encoding="utf-8")
_BEAT = 15.0  # seconds between signs of life on the reload channel
_LONGEST_CHANGED = 400  # addresses; beyond this every page reloads
_MOST_THREADS = 600  # one a connection; more would leave a build no files to open
_OURS = re.compile(r"(127\.0\.0\.1|localhost)(:\d+)?", re.IGNORECASE)
#: The policy of the default theme's pages, so that a theme cannot count here on what it may not do
#: once it is published; and what a page cannot say of itself: nobody frames or embeds it.
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self';"
    " img-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(slots=True)
class State:
    """What the pages in the browser should know: the build they show and what is wrong.

    `build` counts the builds that published something; `changed` are the addresses that the last
    of them wrote or removed.
    """

    build: int = 0
    changed: tuple[str, ...] = ()
    problems: str = ""
    _news: threading.Condition = field(default_factory=threading.Condition)
    _version: int = 0

    def tell(self, changed: tuple[str, ...] = (), problems: str = "") -> None:
        """Announce a finished build to every open page."""
        with self._news:
            if changed:
                self.build += 1
                self.changed = changed
            self.problems = problems
            self._version += 1
            self._news.notify_all()

    def wait(self, seen: int, seconds: float) -> int:
        """Return the number of the newest announcement, after waiting for one later than `seen`."""
        with self._news:
            self._news.wait_for(lambda: self._version > seen, seconds)
            return self._version

    def message(self) -> str:
        """Return the announcement as JSON."""
        everywhere = len(self.changed) > _LONGEST_CHANGED
        pages = ["/" + address.removesuffix("index.html") for address in self.changed]
        return json.dumps(
            {
                "build": str(self.build),
                "changed": [] if everywhere else pages,
                "all": everywhere,
                "problems": self.problems,
            }
        )


class PreviewServer(ThreadingHTTPServer):
    """Serves the folder `root` under `base_path`, on this machine only."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 512  # a browser that restores its windows asks for everything at once

    def __init__(self, port: int, root: Path, state: State) -> None:
        self.root = root.resolve()
        self.state = state
        super().__init__(("127.0.0.1", port), _Handler)

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Take a connection unless there are too many already."""
        return threading.active_count() < _MOST_THREADS

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that went away; the rest is a fault of ours."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "showcase-preview"
    sys_version = ""
    timeout = 30
    server: PreviewServer

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay silent: the terminal is for builds and problems."""

    def end_headers(self) -> None:
        """End the head of an answer with what stands in every one."""
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def _answer(self, with_body: bool) -> None:
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            self.close_connection = True  # what follows is not read: it is no request
        if not _OURS.fullmatch(self.headers.get("Host", "")):  # a name that was pointed at us
            self._send(HTTPStatus.FORBIDDEN, b"wrong host\n", "text/plain", with_body)
            return
        path = unquote(_split(self.path).path) or "/"
        if path == "/_showcase/events" and with_body:
            self._events()
        elif path == "/_showcase/reload.js":
            self._send(HTTPStatus.OK, _SCRIPT.encode(), "text/javascript", with_body)
        else:
            self._file(path, with_body)

    def _file(self, path: str, with_body: bool) -> None:
        if not path.endswith("/") and self._inside(path + "/index.html"):
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            # One slash: after two the browser would look for another host.
            self.send_header("Location", f"/{quote(path.strip('/'))}/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        place = self._inside(path + "index.html" if path.endswith("/") else path)
        status = HTTPStatus.OK if place else HTTPStatus.NOT_FOUND
        place = place or self._inside("404.html")
        try:
            data = place.read_bytes() if place else b"not found\n"
        except OSError:  # a build took it away this moment
            status, data = HTTPStatus.NOT_FOUND, b"not found\n"
        kind = mimetypes.guess_type(place.name if place else "404.html")[0]
        if kind == "text/html":
            build = self.server.state.build
            script = f'<script src="/_showcase/reload.js" data-build="{build}"></script>'
            data = data.replace(b"</body>", script.encode() + b"</body>")
        self._send(status, data, kind or "application/octet-stream", with_body)

    def _inside(self, path: str) -> Path | None:
        """Return the file at a path, or None when it is none, lies outside or is our own."""
        parts = path.strip("/").split("/")
        if any(part == ".." or "\\" in part or "\0" in part for part in parts):
            return None
        try:
            place = (self.server.root / "/".join(parts)).resolve()
            first, *_ = place.relative_to(self.server.root).parts
            is_file = first.lower() != ".showcase" and place.is_file()
        # A name that is too long, a way out, links in a circle: what each raises is not the same in
        # all versions of Python.
        except (OSError, ValueError, RuntimeError):
            return None
        return place if is_file else None

    def _send(self, status: HTTPStatus, data: bytes, kind: str, with_body: bool) -> None:
        self.send_response(status)
        text = kind.startswith("text/") or kind.endswith(("javascript", "json", "xml"))
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        if with_body:
            self.wfile.write(data)

    def _events(self) -> None:
        """Keep the reload channel open (server-sent events, HTML standard section 9.2)."""
        origin = self.headers.get("Origin")
        if origin and origin != f"http://{self.headers['Host']}":
            self._send(HTTPStatus.FORBIDDEN, b"wrong origin\n", "text/plain", True)
            return
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        state, seen = self.server.state, -1
        try:
            while True:
                newest = state.wait(seen, _BEAT)
                news = newest > seen
                seen = newest
                text = f"event: state\ndata: {state.message()}\n\n" if news else ": still here\n\n"
                self.wfile.write(text.encode())
                self.wfile.flush()
        except OSError:  # the page was closed
            return


def _split(address: str) -> SplitResult:
    """Return the parts of an address; a garbled one has no host, and a path to nowhere."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "/\0", "", "")
