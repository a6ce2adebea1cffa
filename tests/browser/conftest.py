"""A Chromium for each file of browser tests, and a plain server for the site that they visit.

The site is the shipped content with a specimen of everything that an entry can hold, in English
and Arabic, so that no page type depends on what editors happen to have written.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sites import ROOT, BuiltSite, build_shipped

LIMIT = 60_000  # milliseconds after which a busy machine is given up on; nothing waits for it
EXECUTABLES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
    "--disable-component-update",
    # Should a page ask for another host after all, the request fails here and is seen.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
WITHOUT_WORKER = "delete Navigator.prototype.serviceWorker"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser; after many minutes of work one may stop to paint, so none lasts longer."""
    executable = next(filter(None, map(shutil.which, EXECUTABLES)), None)
    if executable is None:
        missing = "Chromium is not installed (Debian: apt install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    expect.set_options(timeout=LIMIT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_context(chromium: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Open a context with the given options; all are closed after the test.

    A service worker is there only where it is tested: it would answer in the place of the routes
    that tests lay.
    """
    with ExitStack() as contexts:

        def opened(*, with_worker: bool = False, **options: Any) -> BrowserContext:
            context = chromium.new_context(**options)
            contexts.callback(context.close)
            if not with_worker:
                context.add_init_script(WITHOUT_WORKER)
            context.set_default_timeout(LIMIT)
            return context

        yield opened


@pytest.fixture(scope="module")
def window(chromium: Browser) -> BrowserContext:
    """The context of most tests: 1280 by 800, scripts on, no service worker."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(WITHOUT_WORKER)
    context.set_default_timeout(LIMIT)
    return context


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """A page in a window of 1280 by 800."""
    opened = window.new_page()
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def visited_site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The shipped content and the specimens, built."""
    folder = tmp_path_factory.mktemp("visited")
    content = folder / "content"
    shutil.copytree(ROOT / "content", content)
    shutil.copytree(Path(__file__).with_name("specimen"), content, dirs_exist_ok=True)
    picture = Image.new("RGB", (800, 500), "#0b6270")
    ImageDraw.Draw(picture).rectangle((0, 250, 800, 500), "#b23415")
    picture.save(content / "stories/no/specimen/picture.png")
    return build_shipped(folder, "https://example.org/", content)


class _Files(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path != "/sw.js":
            super().do_GET()
            return
        # Now and then a page runs before its context's script: then its worker shall be idle.
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/javascript")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="session")
def address(visited_site: BuiltSite) -> Iterator[str]:
    """The address of the site on a plain server, as any static host is."""
    with served(visited_site) as address:
        yield address


@contextmanager
def served(site: BuiltSite) -> Iterator[str]:
    """Serve a site as long as the context lasts, and give its address."""
    handler = partial(_Files, directory=str(site.folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()
