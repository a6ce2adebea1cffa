"""Without a connection: what was read opens again, a country can be kept, nothing else breaks."""

import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect
from sites import ROOT, STORY, TODAY, put

from showcase.build import build
from showcase.config import Settings

from .conftest import LIMIT
from .test_accessibility import violations
from .test_pages import FITS, IS_CUT_OFF

pytestmark = pytest.mark.browser

TITLE = "A science club in a village school"
KENYAN = 30  # stories: more than one page of the country
KEEP = "Keep this country offline"
REMOVE = "Remove from this device"
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
)
UNREACHABLE = "This page cannot be reached now"
SITE = """title: Test atlas
tagline: Stories for tests
base_url: https://example.org/
languages: [en, ar]
"""
TOPICS = """- slug: stem
  name: {en: STEM, ar: العلوم}
  description: Science and technology in class.
"""


def build_site(folder: Path, base_url: str, summary: str = "") -> Path:
    """Build a small site: a country with many stories and a picture, another with one story."""
    content = folder / "content"
    put(content / "site.yml", SITE)
    put(content / "topics.yml", TOPICS)
    text = STORY.replace("Pupils build their instruments", summary or "Pupils build instruments")
    for number in range(KENYAN - 1):
        story = text.replace(TITLE, f"Club {number}")
        put(content / f"stories/ke/club-{number}.md", story)
    pictured = text.replace(TITLE, "A club in a picture")
    put(content / "stories/ke/pictured/index.md", f"{pictured}\n![Red](red.png)\n")
    Image.new("RGB", (40, 30), "#b23415").save(content / "stories/ke/pictured/red.png")
    arabic = "---\ntitle: نادٍ مصوّر\nsummary: نادٍ.\n---\n\n## التحدي\n\nنص.\n\n![أحمر](red.png)\n"
    put(content / "stories/ke/pictured/index.ar.md", arabic)
    ugandan = text.replace("country: KE", "country: UG").replace(TITLE, "A radio")
    put(content / "stories/ug/radio.md", ugandan)
    settings = Settings(
        content=content,
        themes=ROOT / "themes",
        out=folder / "public",
        cache=folder / ".cache",
        today=TODAY,
        base_url=base_url,
    )
    result = build(settings)
    assert result.changes, result.problems
    return settings.out


@dataclass
class Host:
    """A static host on this machine, whose connection can fail; it notes what it is asked for."""

    folder: Path
    base: str
    is_down: bool = False
    broken: str = ""
    asked: list[str] = field(default_factory=list)
    waits: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def __post_init__(self) -> None:
        self.waits.set()

    @property
    def address(self) -> str:
        """The address of the site's home."""
        return f"http://127.0.0.1:{self.port}{self.base}"


class Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host: Host

    def do_GET(self) -> None:
        host = self.host
        path = urlsplit(self.path).path
        if host.is_down:
            self.close_connection = True
            return
        host.waits.wait()
        host.asked.append(path)
        if not path.startswith(host.base) or (host.broken and re.search(host.broken, path)):
            self.send_error(404)
            return
        self.directory = str(host.folder)
        super().do_GET()

    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + path.removeprefix(self.host.base))

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The small site below a path, built once."""
    known: dict[str, Path] = {}

    def site(base: str) -> Path:
        if base not in known:
            folder = tmp_path_factory.mktemp("small")
            known[base] = build_site(folder, f"https://example.org{base}")
        return known[base]

    return site


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small site at the root of a host, with other words in every story."""
    return build_site(tmp_path_factory.mktemp("later"), "https://example.org/", "New words")


@pytest.fixture
def serve(built: Callable[[str], Path]) -> Iterator[Callable[..., Host]]:
    """Serve the small site, or a given folder, below a path."""
    servers = []

    def serving(base: str = "/", folder: Path | None = None) -> Host:
        host = Host(folder or built(base), base)

        class OfHost(Handler):
            def __init__(self, *args: Any) -> None:
                self.host = host
                super().__init__(*args)

        server = ThreadingHTTPServer(("127.0.0.1", 0), OfHost)
        host.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        servers.append((server, thread, host))
        return host

    yield serving
    for server, thread, host in servers:
        host.waits.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def visitor(open_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A page of a visitor who has never been here.

    No script fails in any of these tests, the policy refuses nothing, no other host is asked.
    """
    context = open_context(with_worker=True, viewport={"width": 1280, "height": 800})
    faults: list[str] = []
    asked: set[str | None] = set()
    context.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
    context.on("console", lambda m: faults.append(m.text) if "Security Policy" in m.text else None)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield context.new_page()
    assert faults == []
    assert asked <= {"127.0.0.1"}


def visit(page: Page, address: str) -> None:
    """Open a page, and wait until the worker has kept what it keeps of it."""
    page.goto(address)
    page.evaluate("navigator.serviceWorker.ready")
    until(
        page,
        """async () => {
            const { pathname } = location;
            return (await caches.match(pathname, { ignoreVary: true })) !== undefined;
        }""",
    )


def until(page: Page, condition: str, argument: object = None) -> None:
    """Wait for an asynchronous condition, which Playwright's own `wait_for_function` is not."""
    for _ in range(LIMIT // 100):
        if page.evaluate(condition, argument):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"this has not come true: {condition}")


def asset_names(page: Page) -> list[str]:
    """The files that all caches hold, without host."""
    names: list[str] = page.evaluate(
        """async () => {
            const names = [];
            for (const name of await caches.keys()) {
                const requests = await (await caches.open(name)).keys();
                names.push(...requests.map(({ url }) => new URL(url).pathname));
            }
            return names;
        }"""
    )
    return names


def keep(page: Page, label: str = KEEP, kept: str = "Kept on this device") -> None:
    page.get_by_role("button", name=label).click()
    expect(page.locator(".offline [role=status]")).to_contain_text(kept)


PLACES = pytest.mark.parametrize("base", ["/", "/atlas/"])


@PLACES
@pytest.mark.parametrize("language", ["", "ar/"])
def test_what_was_read_opens_again_without_a_connection(
    serve: Callable[..., Host], visitor: Page, base: str, language: str
) -> None:
    host = serve(base)
    home = host.address + language
    story = "stories/pictured/"
    visit(visitor, home + story)
    visit(visitor, home)
    headings = {}
    for path in ("", story):
        visitor.goto(home + path)
        headings[path] = visitor.locator("h1").inner_text()
    expect(visitor.locator("main img")).to_be_visible()
    host.is_down = True
    for path, heading in headings.items():
        visitor.goto(home + path)
        assert visitor.locator("h1").inner_text() == heading
        assert visitor.evaluate("getComputedStyle(document.body).margin") == "0px", "no style sheet"
    width = "picture => picture.decode().then(() => picture.naturalWidth)"
    assert visitor.locator("main img").evaluate(width) > 0
    assert all(path.startswith(base) for path in host.asked if path != "/favicon.ico")


def test_the_first_page_of_a_first_visit_is_kept_with_its_pictures(
    serve: Callable[..., Host], visitor: Page
) -> None:
    host = serve()
    visit(visitor, host.address + "stories/pictured/")
    until(
        visitor,
        """async () => {
            const [picture] = document.querySelectorAll("main img");
            picture.scrollIntoView();
            return (await caches.match(picture.currentSrc)) !== undefined;
        }""",
    )
    host.is_down = True
    visitor.reload()
    width = "picture => picture.decode().then(() => picture.naturalWidth)"
    assert visitor.locator("main img").evaluate(width) > 0


@PLACES
@pytest.mark.parametrize("language", ["", "ar/"])
def test_a_page_that_was_not_read_gives_the_offline_page_with_what_was(
    serve: Callable[..., Host], visitor: Page, base: str, language: str
) -> None:
    host = serve(base)
    home = host.address + language
    visit(visitor, home + "stories/pictured/")
    title = visitor.locator("h1").inner_text()
    host.is_down = True
    answer = visitor.goto(home + "stories/radio/")
    assert answer
    assert answer.status == 503
    expect(visitor.locator("html")).to_have_attribute("lang", "ar" if language else "en")
    expect(visitor.locator(".kept .notice")).to_be_visible()
    links = visitor.locator(".kept section a")
    expect(links).to_have_text([title])  # the list comes after the notice
    links.first.click()
    expect(visitor.locator("h1")).to_have_text(title)


def test_the_offline_page_tries_again_and_gives_way_when_the_connection_is_back(
    serve: Callable[..., Host], visitor: Page
) -> None:
    host = serve()
    visit(visitor, host.address)
    host.is_down = True
    visitor.goto(host.address + "stories/radio/")
    expect(visitor.get_by_text(UNREACHABLE)).to_be_visible()
    host.is_down = False
    visitor.get_by_role("button", name="Try again").click()
    expect(visitor.locator("h1")).to_have_text("A radio")


def test_the_offline_page_says_plainly_when_nothing_is_kept(
    serve: Callable[..., Host], visitor: Page, open_context: Callable[..., BrowserContext]
) -> None:
    host = serve()
    visitor.goto(host.address + "offline/")
    expect(visitor.locator(".kept [role=status]")).to_have_text(
        "Nothing is kept on this device yet."
    )
    expect(visitor.get_by_text(UNREACHABLE)).to_be_hidden()
    plain = open_context(java_script_enabled=False).new_page()
    plain.goto(host.address + "offline/")
    assert "Without JavaScript, nothing is kept" in plain.locator("main").inner_text()
    expect(plain.get_by_role("button", name="Delete everything")).to_be_hidden()


def test_search_offline_answers_what_it_answered_before(
    serve: Callable[..., Host], visitor: Page
) -> None:
    host = serve()
    visit(visitor, host.address)
    visitor.goto(host.address + "search/?q=radio")
    results = visitor.locator(".answer .entry")
    expect(results).to_have_count(1)
    host.asked.clear()
    visitor.reload()
    expect(results).to_have_count(1)
    assert "/search/index.json" in host.asked, "an old manifest would hide new stories"
    assert not any("/search/terms/" in path for path in host.asked)
    host.is_down = True
    visitor.goto(host.address + "search/?q=radio")
    expect(results).to_have_count(1)
    expect(results.locator("h2")).to_have_text("A radio")


@PLACES
@pytest.mark.parametrize("language", ["", "ar/"])
def test_a_kept_country_opens_whole_without_a_connection(
    serve: Callable[..., Host], visitor: Page, base: str, language: str
) -> None:
    host = serve(base)
    country = host.address + language + "countries/kenya/"
    words = {"": (KEEP, "Kept on this device"), "ar/": ("احفظ هذا البلد", "محفوظ على هذا الجهاز")}
    visitor.goto(country + "page/2/")
    keep(visitor, *words[language])
    said = visitor.locator(".offline [role=status]").inner_text()
    assert re.search(r"\d+ ?(kB|كيلوبايت)", said), "how much it takes is said"
    # What is read is forgotten first: the country stands by itself.
    visitor.evaluate(
        """async () => {
            for (const name of await caches.keys()) {
                if (name.endsWith(" pages") || name.endsWith(" pieces")) await caches.delete(name);
            }
        }"""
    )
    host.is_down = True
    stories = set()
    for place in (country, country + "page/2/"):
        visitor.goto(place)
        stories |= set(
            visitor.locator("[data-keep] .entry a").evaluate_all("all => all.map(a => a.href)")
        )
    assert len(stories) == KENYAN
    opened = visitor.evaluate(
        """async (stories) => {
            const answers = await Promise.all(stories.map((story) => fetch(story)));
            const texts = await Promise.all(answers.map((answer) => answer.text()));
            return texts.filter((text) => text.includes('<article class="story">')).length;
        }""",
        sorted(stories),
    )
    assert opened == KENYAN
    visitor.goto(f"{host.address}{language}stories/pictured/")
    width = "picture => picture.decode().then(() => picture.naturalWidth)"
    assert visitor.locator("main img").evaluate(width) > 0


def test_a_kept_country_says_so_and_can_be_removed(
    serve: Callable[..., Host], visitor: Page
) -> None:
    host = serve()
    visitor.goto(host.address + "countries/uganda/")
    keep(visitor)
    visitor.reload()
    expect(visitor.locator(".offline [role=status]")).to_contain_text("Kept on this device")
    visitor.get_by_role("button", name=REMOVE).click()
    expect(visitor.locator(".offline [role=status]")).to_have_text("Removed from this device.")
    expect(visitor.get_by_role("button", name=KEEP)).to_be_focused()
    host.is_down = True
    visitor.goto(host.address + "stories/radio/")
    expect(visitor.get_by_text(UNREACHABLE)).to_be_visible()


def test_the_offline_page_removes_a_country_and_then_everything(
    serve: Callable[..., Host], visitor: Page
) -> None:
    host = serve()
    for country in ("uganda", "kenya"):
        visitor.goto(host.address + f"countries/{country}/")
        keep(visitor)
    visitor.goto(host.address + "offline/")
    kept = visitor.locator("section[aria-labelledby=_kept] li")
    expect(kept).to_have_count(2)
    visitor.get_by_role("button", name="Remove: Uganda").click()
    expect(kept).to_have_count(1)
    expect(visitor.locator(".kept [role=status]")).to_be_focused()
    visitor.get_by_role("button", name="Delete everything").click()
    expect(kept).to_have_count(0)
    assert [name for name in asset_names(visitor) if "/stories/" in name] == []
    expect(visitor.locator(".kept [role=status]")).to_contain_text("Nothing is kept")


def test_a_country_whose_keeping_fails_is_not_kept_at_all(
    serve: Callable[..., Host], visitor: Page
) -> None:
    host = serve()
    visit(visitor, host.address + "countries/kenya/")
    host.broken = "/stories/club-7/"
    visitor.get_by_role("button", name=KEEP).click()
    status = visitor.locator(".offline [role=status]")
    expect(status).to_have_text("The connection failed, so nothing was kept.")
    assert [name for name in asset_names(visitor) if "/stories/" in name] == []
    host.broken = ""
    keep(visitor)


def test_a_full_device_is_told_of(serve: Callable[..., Host], visitor: Page) -> None:
    host = serve()
    visit(visitor, host.address + "countries/uganda/")
    visitor.evaluate(
        """() => {
            Cache.prototype.put = () => Promise.reject(new DOMException("", "QuotaExceededError"));
        }"""
    )
    visitor.get_by_role("button", name=KEEP).click()
    expect(visitor.locator(".offline [role=status]")).to_contain_text("not enough room")


def test_keeping_can_be_stopped(serve: Callable[..., Host], visitor: Page) -> None:
    host = serve()
    visit(visitor, host.address + "countries/kenya/")
    host.waits.clear()
    visitor.get_by_role("button", name=KEEP).click()
    visitor.get_by_role("button", name="Stop").click()
    expect(visitor.get_by_role("button", name=KEEP)).to_be_focused()
    expect(visitor.locator(".offline [role=status]")).to_have_text("")
    host.waits.set()
    assert [name for name in asset_names(visitor) if "/stories/" in name] == []


def test_a_kept_country_is_renewed_with_its_page_once_a_day(
    serve: Callable[..., Host], visitor: Page
) -> None:
    host = serve()
    visitor.goto(host.address + "countries/uganda/")
    keep(visitor)
    host.asked.clear()
    visitor.reload(wait_until="load")
    visitor.wait_for_selector(".offline.ready")
    assert "/stories/radio/" not in host.asked
    visitor.evaluate(
        """async () => {
            const [name] = (await caches.keys()).filter((name) => name.includes(" kept "));
            const note = new Response(JSON.stringify({ at: Date.now() - 25 * 3600e3, size: 1 }));
            await (await caches.open(name)).put("/countries/uganda/?kept", note);
        }"""
    )
    visitor.reload()
    deadline = time.monotonic() + LIMIT / 1000
    while "/stories/radio/" not in host.asked:
        assert time.monotonic() < deadline, "it was not renewed"
        visitor.wait_for_timeout(20)
    expect(visitor.locator(".offline [role=status]")).not_to_contain_text(" 1 kB")


def test_an_interrupted_keeping_does_not_pass_for_a_kept_country(
    serve: Callable[..., Host], visitor: Page
) -> None:
    host = serve()
    visit(visitor, host.address + "countries/kenya/")
    visitor.evaluate(
        """async () => {
            const cache = await caches.open("showcase / kept /countries/kenya/");
            await cache.add("/countries/kenya/");
        }"""
    )
    visitor.reload()
    expect(visitor.get_by_role("button", name=KEEP)).to_be_visible()
    visitor.goto(host.address + "offline/")
    visitor.get_by_role("button", name="Remove: Kenya").click()
    expect(visitor.locator("section[aria-labelledby=_kept]")).to_be_hidden()


def test_a_slow_connection_shows_the_copy_meanwhile(
    serve: Callable[..., Host], visitor: Page
) -> None:
    host = serve()
    visit(visitor, host.address + "stories/radio/")
    host.waits.clear()  # nothing is answered until the copy has been seen
    visitor.goto(host.address + "stories/radio/", wait_until="commit")
    expect(visitor.locator("h1")).to_have_text("A radio")
    host.waits.set()


def test_a_new_version_of_the_site_replaces_the_old_one_at_the_next_visit(
    serve: Callable[..., Host], visitor: Page, later: Path, tmp_path: Path
) -> None:
    host = serve()
    visit(visitor, host.address + "stories/radio/")
    assert "New words" not in visitor.locator("main").inner_text()
    old = shells(visitor)
    new = shutil.copytree(later, tmp_path / "new")
    sheet = next((new / "assets").glob("style.*.css"))
    renamed = sheet.with_name("style.0123456789.css")
    sheet.rename(renamed)
    for file in (new / "sw.js", *new.rglob("*.html")):
        file.write_text(file.read_text().replace(sheet.name, renamed.name))
    host.folder = new
    visitor.goto(host.address + "stories/radio/")
    assert "New words" in visitor.locator("main").inner_text()
    assert renamed.name in visitor.content()
    visitor.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")
    until(visitor, "old => caches.keys().then((names) => !names.includes(old))", old[0])
    assert [renamed.name in name for name in shells(visitor)] == [True]
    host.is_down = True
    visitor.reload()
    assert "New words" in visitor.locator("main").inner_text()
    assert visitor.evaluate("getComputedStyle(document.body).margin") == "0px"


def shells(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        "caches.keys().then((names) => names.filter((name) => name.includes(' shell ')))"
    )
    return found


def test_a_page_of_an_older_version_is_dressed_in_the_sheet_that_there_is(
    serve: Callable[..., Host], visitor: Page
) -> None:
    host = serve()
    visit(visitor, host.address)
    visitor.evaluate(
        """async () => {
            const page = await (await fetch("/stories/radio/", { cache: "no-cache" })).text();
            const old = page.replace(/style\\.\\w+\\.css/, "style.0123456789.css");
            const cache = await caches.open("showcase / pages");
            await cache.put("/stories/radio/", new Response(old, {
                headers: { "Content-Type": "text/html; charset=utf-8" },
            }));
        }"""
    )
    host.is_down = True
    visitor.goto(host.address + "stories/radio/")
    assert "style.0123456789.css" in visitor.content()
    assert visitor.evaluate("getComputedStyle(document.body).margin") == "0px"


def test_a_page_that_is_gone_is_forgotten(serve: Callable[..., Host], visitor: Page) -> None:
    host = serve()
    visit(visitor, host.address + "stories/radio/")
    host.broken = "/stories/radio/"
    answer = visitor.goto(host.address + "stories/radio/")
    assert answer
    assert answer.status == 404
    until(visitor, "caches.match('/stories/radio/').then((copy) => !copy)")


def test_no_more_than_the_two_hundred_pages_read_last_are_kept(
    serve: Callable[..., Host], visitor: Page
) -> None:
    host = serve()
    visit(visitor, host.address)
    visitor.evaluate(
        """async () => {
            const cache = await caches.open("showcase / pages");
            for (let n = 0; n < 210; n++) await cache.put(`/stories/x${n}/`, new Response("x"));
        }"""
    )
    visitor.goto(host.address + "stories/radio/")
    until(
        visitor,
        """async () => {
            const requests = await (await caches.open("showcase / pages")).keys();
            const paths = requests.map(({ url }) => new URL(url).pathname);
            return paths.length === 200 && paths[0] === "/stories/x11/"
                && paths[199] === "/stories/radio/";
        }""",
    )


@pytest.mark.parametrize("broken", [r"/sw\.js", r"/assets/worker\.", r"/assets/keep\."])
def test_a_worker_that_cannot_be_installed_leaves_the_site_as_it_is(
    serve: Callable[..., Host], visitor: Page, broken: str
) -> None:
    host = serve()
    host.broken = broken
    visitor.goto(host.address + "countries/uganda/")
    visitor.get_by_role("link", name="A radio").first.click()
    expect(visitor.locator("h1")).to_have_text("A radio")
    visitor.goto(host.address + "countries/uganda/")
    if "keep" not in broken:
        visitor.get_by_role("button", name=KEEP).click()
        expect(visitor.locator(".offline [role=status]")).to_contain_text("nothing was kept")
    assert visitor.evaluate("navigator.serviceWorker.controller") is None


def test_somebody_who_saves_data_gets_the_worker_only_when_asking_for_it(
    serve: Callable[..., Host], open_context: Callable[..., BrowserContext]
) -> None:
    host = serve()
    context = open_context(with_worker=True)
    context.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })"
    )
    page = context.new_page()
    page.goto(host.address + "countries/uganda/", wait_until="networkidle")
    assert "/sw.js" not in host.asked
    keep(page)
    assert "/sw.js" in host.asked
    host.is_down = True
    page.goto(host.address + "stories/radio/")
    expect(page.locator("h1")).to_have_text("A radio")


def test_a_preview_has_no_worker_and_is_rid_of_one_from_before(
    serve: Callable[..., Host], visitor: Page, tmp_path: Path
) -> None:
    host = serve()
    visit(visitor, host.address)
    preview = build_site(tmp_path, host.address)
    assert not (preview / "sw.js").exists()
    host.folder = preview
    visitor.goto(host.address)
    until(visitor, "async () => !(await navigator.serviceWorker.getRegistration())")
    visitor.goto(host.address + "countries/uganda/")
    until(visitor, "async () => !(await caches.keys()).length")
    expect(visitor.get_by_role("button", name=KEEP)).to_have_count(0)
    host.is_down = True
    with pytest.raises(Exception, match="ERR_"):
        visitor.goto(host.address)


def test_two_sites_of_one_host_keep_apart(
    serve: Callable[..., Host], visitor: Page, built: Callable[[str], Path]
) -> None:
    host = serve("/atlas/")
    visit(visitor, host.address + "stories/radio/")
    visitor.evaluate(
        "caches.open('showcase / pages').then((cache) => cache.put('/x/', new Response()))"
    )
    visitor.goto(host.address + "offline/")
    visitor.get_by_role("button", name="Delete everything").click()
    expect(visitor.locator(".kept [role=status]")).to_contain_text("Nothing is kept")
    assert visitor.evaluate("caches.has('showcase / pages')")


def test_only_reading_is_answered_by_the_worker(serve: Callable[..., Host], visitor: Page) -> None:
    """A part of a file, a form and what is no page or asset go to the network as ever."""
    host = serve()
    visit(visitor, host.address + "stories/radio/")
    host.asked.clear()
    status = visitor.evaluate(
        """async () => {
            const sheet = document.querySelector("link[rel=stylesheet]").href;
            await fetch(sheet, { headers: { Range: "bytes=0-9" } });
            await fetch("/sitemap.xml");
            return (await fetch("/stories/radio/", { method: "POST" })).status;
        }"""
    )
    assert status == 501
    assert any("/assets/style." in path for path in host.asked)
    assert "/sitemap.xml" not in asset_names(visitor)
    host.asked.clear()
    visitor.evaluate("fetch(document.querySelector('link[rel=stylesheet]').href)")
    assert host.asked == []


def test_the_worker_stays_the_same_until_an_asset_changes(
    built: Callable[[str], Path], later: Path
) -> None:
    worker = (later / "sw.js").read_bytes()
    assert worker == (built("/") / "sw.js").read_bytes()
    named = re.findall(rb'"/(assets/[^"]+)"', worker)
    assert len(named) == 7
    assert all((later / name.decode()).is_file() for name in named)


@pytest.mark.parametrize("language", ["", "ar/"])
def test_axe_finds_nothing_where_something_is_kept(
    serve: Callable[..., Host], visitor: Page, language: str
) -> None:
    from importlib.resources import files

    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    host = serve()
    visitor.goto(f"{host.address}{language}countries/uganda/")
    button = visitor.locator(".offline button")
    button.click()
    expect(visitor.locator(".offline [role=status]")).to_contain_text(re.compile(r"\d"))
    for where in ("countries/uganda/", "offline/"):
        visitor.goto(host.address + language + where)
        visitor.evaluate(axe)
        for width in (1280, 320):
            visitor.set_viewport_size({"width": width, "height": 800})
            assert visitor.evaluate(FITS)
            assert visitor.evaluate(IS_CUT_OFF) == []
            visitor.emulate_media(color_scheme="light")
            assert violations(visitor) == set()
            visitor.emulate_media(color_scheme="dark")
            assert violations(visitor) == set()
