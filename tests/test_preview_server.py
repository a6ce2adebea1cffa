"""The preview's server gives the built files to this machine's browser, and nothing to others."""

import http.client
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sites import ROOT

from showcase.cli import main
from showcase.preview.server import PreviewServer, State

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


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    root = tmp_path / "public"
    for place, text in {
        "index.html": "<title>Home</title><body>Home</body>",
        "404.html": "<title>Not found</title><body>Nothing stands here</body>",
        "stories/a school/index.html": "<title>Story</title><body>A story</body>",
        "assets/style.css": "body { color: black }",
        "feed.xml": "<feed/>",
        ".showcase/ledger": SECRET,
    }.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(text)
    (tmp_path / "secret.txt").write_text(SECRET)
    (root / "way-out.txt").symlink_to(tmp_path / "secret.txt")
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
    ],
)
def test_nothing_outside_the_folder_is_served(preview: Preview, path: str) -> None:
    answer = preview.ask(path)
    assert answer.status == 404
    assert SECRET not in answer.body


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
    ],
)
def test_the_ledger_is_not_served(preview: Preview, path: str) -> None:
    answer = preview.ask(path)
    assert answer.status == 404
    assert SECRET not in answer.body


@pytest.mark.parametrize("host", ["example.org", "example.org:{port}", "127.0.0.1.example.org", ""])
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


@pytest.mark.parametrize("origin", ["https://example.org", "http://127.0.0.1.example.org", "null"])
def test_a_foreign_page_cannot_listen_to_the_builds(preview: Preview, origin: str) -> None:
    assert preview.ask("/_showcase/events", Origin=origin).status == 403


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
    assert preview.ask("/").status == 200
    assert capfd.readouterr().err == ""


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
