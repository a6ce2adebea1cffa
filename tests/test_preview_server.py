"""The preview's server gives the built files to this machine's browser, and nothing to others."""

import http.client
import re
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sites import ROOT

from showcase.cli import main
from showcase.preview import server as module
from showcase.preview.server import PreviewServer, State

POLICY = ROOT / "themes/default/components/policy/policy.html"
SECONDS = 30  # a limit for a busy machine, not a wait
SECRET = "not for the browser"


@dataclass
class Answer:
    """What came back for a request."""

    status: int
    headers: http.client.HTTPMessage
    body: str


@dataclass
class Preview:
    """A running preview, with requests written as a stranger could write them."""

    server: PreviewServer
    others: frozenset[threading.Thread] = field(
        default_factory=lambda: frozenset(threading.enumerate())
    )

    @property
    def port(self) -> int:
        return self.server.server_port

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Send a request for exactly this path: no client tidies it on the way."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest(method, path, skip_host=True)
        for name, value in {"Host": f"127.0.0.1:{self.port}", **headers}.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        text = "" if response.headers["Content-Type"] == "text/event-stream" else response.read()
        answer = Answer(response.status, response.headers, text.decode() if text else "")
        connection.close()
        return answer

    def say(self, text: str | bytes) -> socket.socket:
        """Open a connection and write these very bytes to it."""
        stranger = socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)
        stranger.sendall(text if isinstance(text, bytes) else text.encode())
        return stranger

    def wait_for_connections_to_end(self) -> None:
        """Wait for the threads of this preview, not for those that other tests left."""
        for thread in set(threading.enumerate()) - self.others:
            if "process_request" in thread.name:
                thread.join(SECONDS)
                assert not thread.is_alive()

    def heard(self, text: str | bytes) -> str:
        """Everything that comes back for these very bytes, when there will be no more of them."""
        with self.say(text) as stranger:
            stranger.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: stranger.recv(65536), b"")).decode()


@pytest.fixture
def preview(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Preview]:
    monkeypatch.setattr(module, "_BEAT", 0.05)  # the channels of a finished test end at once
    root = tmp_path / "public"
    for place, text in {
        "index.html": "<title>Home</title><body>Home</body>",
        "404.html": "<title>Not found</title><body>Nothing stands here</body>",
        "stories/a school/index.html": "<title>Story</title><body>A story</body>",
        "assets/style.css": "body { color: black }",
        "feed.xml": "<feed/>",
        ".showcase/ledger": SECRET,
        ".SHOWCASE/ledger": SECRET,  # the same folder on some systems
    }.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(text)
    (tmp_path / "secret.txt").write_text(SECRET)
    for folder in ("public-old", "public2", "publi"):  # their names begin as ours does
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "index.html").write_text(SECRET)
    (root / "way-out.txt").symlink_to(tmp_path / "secret.txt")
    (root / "way-out").symlink_to(tmp_path / "public-old")
    (root / "to-the-ledger").symlink_to(".showcase")
    (root / "circle").symlink_to("circle")
    server = PreviewServer(0, root, State())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Preview(server)
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_page_comes_with_the_reloader_and_other_files_as_they_are(preview: Preview) -> None:
    page = preview.ask("/")
    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "/_showcase/reload.js" in page.body
    sheet = preview.ask("/assets/style.css")
    assert sheet.headers["Content-Type"] == "text/css; charset=utf-8"
    assert sheet.body == "body { color: black }"
    assert preview.ask("/_showcase/reload.js").headers["Content-Type"].startswith("text/javascript")


def test_the_browser_never_shows_an_older_build(preview: Preview) -> None:
    for path in ("/", "/assets/style.css"):
        assert "no-cache" in preview.ask(path).headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/stories/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/%252e%252e/secret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/stories/%2e%2e/%2e%2e/secret.txt",
        "//secret.txt",
        "/....//secret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/secret.txt%00.html",
        "/..;/secret.txt",
        "../secret.txt",
        "http://127.0.0.1/../secret.txt",
        "/way-out.txt",
        "/way-out/",
        "/way-out/index.html",
        "/way-out",
        "/circle",
        "/circle/",
        "/../public-old/",
        "/../public-old/index.html",
        "/..%2fpublic2%2findex.html",
        "/%2e%2e%2fpubli/",
        "-old/index.html",
        "/.%2e/secret.txt",
        "/%2e./secret.txt",
        "/stories/..%2f..%2fsecret.txt",
        "/%5c..%5csecret.txt",
        "/%2e%2e%5csecret.txt",
        "/..%255csecret.txt",
        "/..%u2215secret.txt",
        "/%uff0e%uff0e/secret.txt",
        "/%ef%bc%8e%ef%bc%8e/secret.txt",
        "/%f0%80%80%ae%f0%80%80%ae/secret.txt",
        "/..%c0%afsecret.txt",
        "/..%00/secret.txt",
        "/..%0d%0a/secret.txt",
        "/..?/../secret.txt",
        "/..#/../secret.txt",
        "/C:/secret.txt",
        "/C:%5csecret.txt",
        "/file:///etc/passwd",
        "file:///etc/passwd",
        "/etc/passwd",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/~root/",
        "/" + "../" * 40 + "etc/passwd",
        "/" + "a/" * 5_000,
        "/" + "a" * 5_000,
    ],
)
def test_nothing_outside_the_folder_is_served(preview: Preview, path: str) -> None:
    answer = preview.ask(path)
    assert answer.status == 404
    assert SECRET not in answer.body
    assert "root:" not in answer.body


@pytest.mark.parametrize(
    "path",
    [
        "/.showcase/ledger",
        "/%2eshowcase/ledger",
        "/stories/../.showcase/ledger",
        "//.showcase/ledger",
        "/.showcase//ledger",
        "/./.showcase/ledger",
        "/.showcase%2fledger",
        "/.SHOWCASE/ledger",
        "/to-the-ledger/ledger",
    ],
)
def test_the_ledger_is_not_served(preview: Preview, path: str) -> None:
    answer = preview.ask(path)
    assert answer.status == 404
    assert SECRET not in answer.body


@pytest.mark.parametrize(
    "host",
    [
        "example.org", "example.org:{port}", "127.0.0.1.example.org", "", "127.0.0.1@example.org",
        "example.org@127.0.0.1:{port}", "127.0.0.1:{port}.example.org", "localhost.example.org",
        "127.0.0.1:{port}, example.org", "127.0.0.1:{port}/", "[::1]:{port}", "0.0.0.0:{port}",
    ],
)  # fmt: skip
def test_a_name_that_was_pointed_at_this_machine_gets_nothing(preview: Preview, host: str) -> None:
    """DNS rebinding: a foreign page's own name resolves to 127.0.0.1."""
    for path in ("/", "/assets/style.css", "/_showcase/events", "/_showcase/reload.js"):
        answer = preview.ask(path, Host=host.format(port=preview.port))
        assert answer.status == 403
        assert "Home" not in answer.body


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "localhost", "127.0.0.1"])
def test_this_machines_own_names_are_served(preview: Preview, host: str) -> None:
    """Without a port too: browsers leave out 80."""
    assert preview.ask("/", Host=host.format(port=preview.port)).status == 200


@pytest.mark.parametrize(
    "origin",
    ["https://example.org", "http://127.0.0.1.example.org", "null", "http://127.0.0.1:1",
     "http://localhost:{port}", "https://127.0.0.1:{port}", "http://127.0.0.1:{port}.example.org",
     "http://127.0.0.1:{port}@example.org", "file://", "http://127.0.0.1"],
)  # fmt: skip
def test_a_foreign_page_cannot_listen_to_the_builds(preview: Preview, origin: str) -> None:
    """Nor one of another port: that is another program of this machine."""
    answer = preview.ask("/_showcase/events", Origin=origin.format(port=preview.port))
    assert answer.status == 403


def test_a_request_without_a_host_gets_nothing(preview: Preview) -> None:
    for request in ("GET /\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"):
        assert "Home" not in preview.heard(request)


def test_our_own_page_can_listen_to_the_builds(preview: Preview) -> None:
    for headers in ({}, {"Origin": f"http://127.0.0.1:{preview.port}"}):
        answer = preview.ask("/_showcase/events", **headers)
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/event-stream"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_folder_without_its_slash_leads_to_the_page(preview: Preview) -> None:
    answer = preview.ask("/stories/a%20school")
    assert answer.status == 301
    assert answer.headers["Location"] == "/stories/a%20school/"
    assert "A story" in preview.ask(answer.headers["Location"]).body


def test_a_folder_never_leads_to_another_host(preview: Preview) -> None:
    """After two slashes a browser reads the name of a host."""
    for path in ("//stories/a%20school", "///stories/a%20school", "/%2fstories/a%20school"):
        assert preview.ask(path).headers["Location"] == "/stories/a%20school/"
    assert preview.ask("http://example.org").status == 200


def test_an_address_without_a_page_shows_the_page_for_that(preview: Preview) -> None:
    for path in ("/nothing", "/nothing/", "/stories/", "/assets/"):
        answer = preview.ask(path)
        assert answer.status == 404
        assert "Nothing stands here" in answer.body


def test_before_the_first_build_there_is_an_answer_too(preview: Preview) -> None:
    for page in ("index.html", "404.html"):
        (preview.server.root / page).unlink()
    answer = preview.ask("/")
    assert answer.status == 404
    assert "not found" in answer.body.lower()


def test_a_head_request_gets_the_head_alone(preview: Preview) -> None:
    answer = preview.ask("/", "HEAD")
    assert answer.status == 200
    assert int(answer.headers["Content-Length"]) == len(preview.ask("/").body.encode())
    assert answer.body == ""


def test_a_garbled_request_leaves_the_terminal_and_the_server_alone(
    preview: Preview, capfd: pytest.CaptureFixture[str]
) -> None:
    assert preview.ask("http://[/").status == 404
    assert preview.ask("/", Host="[").status == 403
    assert preview.ask("/_showcase/events", Origin="http://[").status == 403
    for request in (
        b"\0\xff\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nA\r\n\r\n",
        b"GET /%ff\xff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    ):
        assert SECRET not in preview.heard(request)
    assert preview.ask("/").status == 200
    assert capfd.readouterr().err == ""


def test_every_answer_carries_the_policy_of_the_pages_and_forbids_to_frame_or_embed_it(
    preview: Preview,
) -> None:
    said = re.search(r'content="([^"]+)"', POLICY.read_text("utf-8"))
    assert said
    for path in ("/", "/nothing", "/assets/style.css", "/stories/a%20school", "/_showcase/events",
                 "/_showcase/reload.js"):  # fmt: skip
        headers = preview.ask(path).headers
        assert headers["Content-Security-Policy"] == f"{said[1]}; frame-ancestors 'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ("GET /" + "a" * 70_000 + " HTTP/1.1\r\n\r\n", 414),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nA: " + "a" * 70_000 + "\r\n\r\n", 431),
        ("GET / HTTP/1.1\r\nHost: localhost\r\n" + "A: a\r\n" * 200 + "\r\n", 431),
        ("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n", 501),
        ("PUT /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n", 501),
    ],
    ids=["a long address", "a long header", "many headers", "a form", "a file"],
)  # fmt: skip
def test_a_request_that_is_too_large_or_wants_to_write_is_refused(
    preview: Preview, request_: str, status: int
) -> None:
    assert preview.heard(request_).startswith(f"HTTP/1.1 {status} ")
    assert preview.ask("/").status == 200


def test_the_body_of_a_request_is_no_request(preview: Preview) -> None:
    """Else a page of another site could hide one in what it posts, with any header it likes."""
    hidden = f"GET /feed.xml HTTP/1.1\r\nHost: localhost:{preview.port}\r\n\r\n"
    for head in (f"Content-Length: {len(hidden)}", "Transfer-Encoding: chunked"):
        request = f"GET /feed.xml HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n{hidden}"
        assert preview.heard(request).count("HTTP/1.1 200") == 1


def test_a_client_that_never_ends_its_request_is_let_go(
    preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 0 < module._Handler.timeout <= 60
    monkeypatch.setattr(module._Handler, "timeout", 0.2)
    for half in ("", "GET", "GET / HTTP/1.1\r\nHost: localhost\r\n", "GET / HTTP/1.1\r\nA"):
        with preview.say(half) as stranger:
            assert stranger.recv(1) == b""


def test_a_client_that_goes_away_leaves_the_terminal_and_the_server_alone(
    preview: Preview, capfd: pytest.CaptureFixture[str]
) -> None:
    (preview.server.root / "large.bin").write_bytes(bytes(20_000_000))
    ask = f"HTTP/1.1\r\nHost: localhost:{preview.port}\r\n\r\n"
    for request in (f"GET /large.bin {ask}", f"GET /_showcase/events {ask}", "GET / HT"):
        stranger = preview.say(request)
        if not request.endswith("HT"):
            stranger.recv(100)  # the answer has begun
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        stranger.close()  # with a reset, as a killed browser's
    preview.server.state.tell(problems="news for those who have left")
    assert preview.ask("/").status == 200
    preview.wait_for_connections_to_end()
    assert capfd.readouterr().err == ""


def test_500_connections_at_once_leave_room_for_the_next(preview: Preview) -> None:
    head = f"HTTP/1.1\r\nHost: 127.0.0.1:{preview.port}\r\n"
    waiting = [preview.say(f"GET / {head}") for _ in range(250)]  # slow ones, in mid-request
    listening = [preview.say(f"GET /_showcase/events {head}\r\n") for _ in range(250)]
    try:
        for stranger in listening:
            assert stranger.recv(17) == b"HTTP/1.1 200 OK\r\n"
        page = preview.ask("/")
        assert page.status == 200
        assert "Home" in page.body
        for stranger in waiting:
            stranger.sendall(b"Connection: close\r\n\r\n")
        for stranger in waiting:
            assert stranger.recv(17) == b"HTTP/1.1 200 OK\r\n"
    finally:
        for stranger in waiting + listening:
            stranger.close()


def test_beyond_what_a_machine_can_hold_connections_are_closed_and_the_first_are_served(
    preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(threading.enumerate())

    def connections() -> int:
        """Count those of this test: other tests' threads come to an end when they please."""
        new = set(threading.enumerate()) - before
        return sum("process_request_thread" in thread.name for thread in new)

    monkeypatch.setattr(module, "_MOST_THREADS", 1)
    monkeypatch.setattr(threading, "active_count", connections)
    head = f"HTTP/1.1\r\nHost: 127.0.0.1:{preview.port}\r\n"
    with preview.say(f"GET / {head}") as first:
        with preview.say(b"") as second:
            assert second.recv(1) == b""
        first.sendall(b"Connection: close\r\n\r\n")
        assert first.recv(17) == b"HTTP/1.1 200 OK\r\n"
        while first.recv(65536):
            pass
    preview.wait_for_connections_to_end()
    assert preview.ask("/").status == 200


def test_other_machines_cannot_reach_it(preview: Preview) -> None:
    assert preview.server.server_address[0] == "127.0.0.1"
    with socket.socket() as stranger:
        stranger.settimeout(5)  # a server on all addresses of this machine would answer at once
        assert stranger.connect_ex(("127.0.0.2", preview.port)) != 0


def test_a_taken_port_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as ended:
            main(
                ["serve", "--port", str(port), "--content", str(ROOT / "content"),
                 "--out", str(tmp_path / "out"), "--now", "2026-11-22"]
            )  # fmt: skip
    assert ended.value.code == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert f"port {port}" in said.err
    assert "--port" in said.err
    assert not (tmp_path / "out").exists(), "nothing is built for a preview that cannot start"
