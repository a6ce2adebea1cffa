"""`build.py bench search`: our search beside Pagefind's, on the same pages, in the same run.

Both index the story pages of one built site. Pagefind is given the story itself as its root
(`article.story`), without the related stories and the table of contents, so that it is not misled
by other stories' names; all else is its default. Both sites are served by one host that compresses
text with gzip -9 and sends Pagefind's own files, which are compressed already, as they are.

What the figures are:

- Bytes: of all bodies sent from the first focus of the box to the first stories in its list, with
  a browser that has loaded the home page and nothing else. The query is entered at once, as
  pasted; Pagefind is loaded, asked, and gives as many results as our list shows.
- Rank: through both programs' own interfaces, ten results. A query means the story that it was
  made from, and any other of which it is as true (see `queries`).
- Latency: everything loaded, processor slowed 4 times. Ours in the real box, from the input event
  of the last letter to the frame after the list changed, with the time that the box waits for the
  next key; Pagefind's from the call to the data of what is shown, without painting. Chromium slows
  the page and not its workers, in which Pagefind searches: that is to Pagefind's advantage.
- Index time and memory: ours is the search stage alone in a process that has read the site
  (`index_stage`), its memory what the stage adds to that; Pagefind's is its whole process.
"""

import gzip
import json
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from statistics import mean, median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

import pagefind_bin_extended
from playwright.sync_api import Browser, Page, sync_playwright
from rich.console import Console
from rich.table import Table

from benchmarks.corpus import Subject, topic_names, write_corpus, write_shipped
from benchmarks.measure import Cost, cost_of, middle
from benchmarks.queries import Query, known_items, reciprocal_rank, with_typo
from benchmarks.server import Host, served

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
QUERIES, SEED, SHOWN, TIMED, SLOWED = 200, 2, 6, 60, 4
EXECUTABLES = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the table: what both measured, and what is wanted of ours.

    `most` and `least` are in the figure's unit; `share` is the largest allowed part of Pagefind's
    figure, `times` the smallest allowed multiple of it.
    """

    name: str
    unit: str
    ours: float
    theirs: float | None
    most: float | None = None
    least: float | None = None
    share: float | None = None
    times: float | None = None

    @property
    def wanted(self) -> str:
        """Return what is wanted, in words; "" when the figure is only told."""
        parts = [
            f"≤ {self.most:g} {self.unit}" if self.most is not None else "",
            f"≥ {self.least:g}" if self.least is not None else "",
            f"≤ {self.share:.0%} of Pagefind's" if self.share is not None else "",
            f"≥ {self.times:g} × Pagefind's" if self.times is not None else "",
        ]
        return ", ".join(part for part in parts if part)

    @property
    def met(self) -> bool | None:
        """Say whether ours is as wanted; None when nothing is."""
        if not self.wanted:
            return None
        theirs = self.theirs or 0.0
        return (
            (self.most is None or self.ours <= self.most)
            and (self.least is None or self.ours >= self.least)
            and (self.share is None or self.ours <= self.share * theirs)
            and (self.times is None or self.ours >= self.times * theirs)
        )


@dataclass(frozen=True, slots=True)
class _Stage:
    """Seconds of our index stage, the bytes that it added, and the peak of its whole process."""

    seconds: float
    added: int
    peak: int


def main(stories: int, runs: int, report: Path | None) -> None:
    """Measure the shipped stories and a corpus; print a table of each, write them as JSON."""
    found: dict[str, Any] = {}
    makers: dict[str, Callable[[Path], list[Subject]]] = {
        "shipped": write_shipped,
        "corpus": lambda folder: write_corpus(folder, stories),
    }
    for name, write in makers.items():
        with TemporaryDirectory() as folder:
            bench = _Bench(Path(folder), write, runs)
            figures = bench.figures(shipped=name == "shipped")
        title = f"Search: {len(bench.subjects)} stories ({name}), {QUERIES} queries, {runs} runs"
        _show(title, figures, bench.notes)
        rows = [{**asdict(one), "wanted": one.wanted, "met": one.met} for one in figures]
        found[name] = {"stories": len(bench.subjects), "figures": rows, "notes": bench.notes}
        if report:
            report.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


class _Bench:
    """One site, indexed by both."""

    def __init__(self, folder: Path, write: Callable[[Path], list[Subject]], runs: int) -> None:
        self.folder, self.runs = folder, runs
        self.site = folder / "public"
        self.notes: list[str] = []
        say("writing the stories")
        self.subjects = write(folder)
        shutil.copytree(ROOT / "themes", folder / "themes")
        say(f"building {len(self.subjects)} stories")
        cost_of([sys.executable, "-m", "showcase", "build", "--quiet"], folder, environment())
        self.queries = known_items(self.subjects, topic_names(), QUERIES, SEED)
        random = Random(SEED)
        self.typos = [with_typo(query, random) for query in self.queries]

    def figures(self, shipped: bool) -> list[Figure]:
        """Measure everything."""
        index = self.index_figures()
        with served(self.site) as (host, address), chromium() as browser:
            say("loading, query by query")
            bytes_figure = self.bytes_figure(host, address, browser, shipped)
            say("asking both")
            ranks = self.rank_figures(address, browser)
            say("timing the box")
            latency = self.latency_figure(address, browser)
        return [bytes_figure, self.script_figure(), *ranks, latency, *index]

    # --- in the browser

    def bytes_figure(self, host: Host, address: str, browser: Browser, shipped: bool) -> Figure:
        """Compare what is sent from focus to first results, cold."""
        ours = [self._bytes(host, address, browser, one.text, _ours_first) for one in self.queries]
        theirs = [
            self._bytes(host, address, browser, one.text, _pagefind_first) for one in self.queries
        ]
        name = "from focus to first results, cold, median"
        if shipped:
            return Figure(name, "kB", median(ours), median(theirs), most=25)
        return Figure(name, "kB", median(ours), median(theirs), most=40, share=1 / 3)

    def _bytes(
        self,
        host: Host,
        address: str,
        browser: Browser,
        query: str,
        load: Callable[[Page, str], None],
    ) -> float:
        with opened(browser, address) as page:
            host.sent.clear()
            load(page, query)
            return host.bytes_sent() / 1000

    def script_figure(self) -> Figure:
        """Compare the scripts: our box and engine, and Pagefind's without its WASM."""
        parts = ("script", "engine")  # others keep settings, and pages for later
        files = [file for part in parts for file in self.site.glob(f"assets/{part}.*.js")]
        ours = sum(map(compressed, files))
        bundle = self.site / "pagefind"
        theirs = sum(compressed(bundle / name) for name in ("pagefind.js", "pagefind-worker.js"))
        wasm = compressed(bundle / "wasm.en.pagefind") / 1000
        self.notes.append(f"Pagefind's WebAssembly module is a further {wasm:.1f} kB.")
        return Figure("scripts", "kB", ours / 1000, theirs / 1000, most=9)

    def rank_figures(self, address: str, browser: Browser) -> list[Figure]:
        """Compare the mean reciprocal rank of the first ten, clean and with typos."""
        figures, sorts = [], sorted({query.sort for query in self.queries})
        wanted = {"clean": {"least": 0.9, "times": 1}, "one typo": {"least": 0.85, "times": 2}}
        for (name, limits), queries in zip(wanted.items(), (self.queries, self.typos), strict=True):
            texts = [query.text for query in queries]
            with opened(browser, address) as page:
                page.add_script_tag(url=_engine(self.site))
                where = {"manifest": "/search/index.json", "root": "/", "language": "en"}
                ours = _scores(queries, run(page, "oursRanked", queries=texts, **where))
            with opened(browser, address) as page:
                theirs = _scores(queries, run(page, "pagefindRanked", queries=texts))
            figures.append(
                Figure(f"reciprocal rank, {name}", "", mean(ours), mean(theirs), **limits)
            )
            for sort in sorts:
                of_sort = [n for n, query in enumerate(queries) if query.sort == sort]
                a, b = (mean(scores[n] for n in of_sort) for scores in (ours, theirs))
                figures.append(Figure(f"  {sort}", "", a, b))
        return figures

    def latency_figure(self, address: str, browser: Browser) -> Figure:
        """Compare the 95th percentile of the time to answer on a slow machine, all loaded."""
        texts = [query.text for query in self.queries[:TIMED]]
        with opened(browser, address) as page:
            run(page, "oursTimes", queries=texts)
            _slow_down(page)
            ours = run(page, "oursTimes", queries=texts)
        with opened(browser, address) as page:
            run(page, "pagefindTimes", queries=texts, shown=SHOWN)
            _slow_down(page)
            theirs = run(page, "pagefindTimes", queries=texts, shown=SHOWN)
        shown = [one for one in ours if one is not None]
        missed = len(ours) - len(shown)
        if missed:
            self.notes.append(f"{missed} of {len(ours)} timed queries showed no new story.")
        name = f"key to painted results, p95, {SLOWED} × slower"
        return Figure(name, "ms", _p95(shown), _p95(theirs), most=50)

    # --- the index

    def index_figures(self) -> list[Figure]:
        """Compare index time, memory and size, from nothing and after one change."""
        ours: list[_Stage] = []
        theirs: list[Cost] = []
        again: list[_Stage] = []
        for number in range(self.runs):
            say(f"indexing, run {number + 1} of {self.runs}")
            ours.append(self._index_stage(f"index-{number}"))
            theirs.append(self._pagefind())
            change_one_story(self.folder / "content", number)
            again.append(self._index_stage(f"index-{number}"))
        pagefind = middle(theirs)
        nothing, changed = (median(one.seconds for one in runs) for runs in (ours, again))
        added, peak = median(one.added for one in ours), median(one.peak for one in ours)
        parts = list((self.site / "search").rglob("*.json"))
        bundle = [
            path
            for path in (self.site / "pagefind").rglob("*")
            if path.is_file() and "-ui." not in path.name and "highlight" not in path.name
        ]
        self.notes.append(f"Memory of our whole process, with the site: {peak / 1e6:.0f} MB.")
        self.notes.append("After a change Pagefind has no other way than all of it again.")
        return [
            Figure("index from nothing", "s", nothing, pagefind.wall, share=1 / 3),
            Figure("memory for it", "MB", added / 1e6, pagefind.peak / 1e6, share=1 / 3),
            Figure("index after one change", "s", changed, pagefind.wall, share=0.05),
            Figure(
                "index, compressed", "MB",
                sum(map(compressed, parts)) / 1e6, sum(map(compressed, bundle)) / 1e6,
            ),
            Figure("index, files", "", len(parts), len(bundle)),
        ]  # fmt: skip

    def _index_stage(self, out: str) -> "_Stage":
        """Run our stage in a new process; what it left in the folder `out` is its cache."""
        command = [sys.executable, "-m", "benchmarks.index_stage", "content", out, "2"]
        whole = cost_of(command, self.folder, environment())
        said = json.loads(whole.out.splitlines()[-1])
        start, end = said["start"], said["end"]
        before = [level for at, level in whole.levels if at <= start][-1]
        return _Stage(end - start, whole.peak_between(start, end) - before, whole.peak)

    def _pagefind(self) -> Cost:
        shutil.rmtree(self.site / "pagefind", ignore_errors=True)
        return cost_of(pagefind_command(), self.folder)


def pagefind_command(site: str = "public", stories: str = "stories/*/index.html") -> list[str]:
    """Return the command that indexes the story pages of a built site into its `pagefind/`."""
    return [
        str(pagefind_bin_extended.get_executable()),
        "--site", site,
        "--glob", stories,
        "--root-selector", "article.story",
        "--exclude-selectors", ".contents",
        "--exclude-selectors", ".after",
        "--quiet",
    ]  # fmt: skip


def environment() -> dict[str, str]:
    """Return what a process of this checkout and its benchmarks needs."""
    # Python keeps what it compiled, as it does wherever nobody has told it not to.
    return {"PYTHONPATH": f"{ROOT}:{TESTS}", "PYTHONDONTWRITEBYTECODE": ""}


def say(what: str) -> None:
    """Tell on the standard error what is being done."""
    print(f"bench: {what}", file=sys.stderr, flush=True)


def compressed(path: Path) -> int:
    """Return the bytes that a host sends for a file."""
    data = path.read_bytes()
    text = path.suffix in (".js", ".json", ".html", ".css", ".svg")
    return len(gzip.compress(data, 9)) if text else len(data)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give the system's Chromium."""
    executable = next(filter(None, map(shutil.which, EXECUTABLES)), None)
    if executable is None:
        raise SystemExit("Chromium is not installed (Debian: apt install chromium)")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """Give the home page in a browser context of its own: nothing is in its cache but that."""
    context = browser.new_context(bypass_csp=True, service_workers="block")
    page = context.new_page()
    page.goto(address, wait_until="load")
    page.add_script_tag(path=Path(__file__).with_name("browser.js"))
    yield page
    context.close()


def run(page: Page, name: str, **argument: Any) -> Any:
    """Call a function of browser.js and return what it gives."""
    return page.evaluate(f"argument => bench.{name}(argument)", argument)


def _ours_first(page: Page, query: str) -> None:
    page.evaluate("bench.box().focus()")
    run_type = "text => bench.type(text)"
    page.evaluate(run_type, query)
    page.wait_for_function("bench.stories() > 0", polling="raf", timeout=10_000)


def _pagefind_first(page: Page, query: str) -> None:
    run(page, "pagefindFirst", query=query, shown=SHOWN)


def _engine(site: Path) -> str:
    (engine,) = site.glob("assets/engine.*.js")
    return f"/assets/{engine.name}"


def _scores(queries: Sequence[Query], ranked: Sequence[Sequence[str]]) -> list[float]:
    return [reciprocal_rank(q, found) for q, found in zip(queries, ranked, strict=True)]


def _slow_down(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1] if len(times) > 1 else float("nan")


def change_one_story(content: Path, number: int) -> None:
    """Put a word that no story has into the text of one story."""
    path = sorted(content.glob("stories/**/*.md"))[number]
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("## ", f"Unheardof{number} it was.\n\n## ", 1), encoding="utf-8")


def _show(title: str, figures: Sequence[Figure], notes: Sequence[str]) -> None:
    table = Table(title=title, title_justify="left")
    for name in ("figure", "ours", "Pagefind"):
        table.add_column(name, justify="left" if name == "figure" else "right")
    table.add_column("wanted")
    table.add_column("")
    for one in figures:
        verdict = {True: "met", False: "not met", None: ""}[one.met]
        style = "bold red" if one.met is False else ""
        table.add_row(
            one.name, _shown(one.ours, one.unit), _shown(one.theirs, one.unit), one.wanted, verdict,
            style=style,
        )  # fmt: skip
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(table)
    for note in notes:
        console.print(note)


def _shown(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    digits = 3 if not unit and value <= 1 else 2 if value < 10 and unit else 1 if unit else 0
    return f"{value:.{digits}f} {unit}".rstrip()
