"""`build.py bench audit`: what tools outside the project say of the shipped site's pages.

- Lighthouse (mobile, its own throttling) on the largest page of each type, English and Arabic.
  Its performance mark is that of the machine too: its benchmark index, of about 1000 and more on
  an idle desktop, is told beside it. Pages that search engines shall not keep (404) have no full
  mark for SEO.
- The Nu HTML checker on every page of every language.
- A story with nothing cached, through Chromium slowed to 400 kbit/s and 400 ms: the first
  contentful paint and the layout shift, median of the runs.

Lighthouse and the checker are npm packages; they go into a scratch folder for the run. Needs node,
npm, java and Chromium.
"""

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import quote

from playwright.sync_api import Browser
from sites import BuiltSite, build_shipped, page_types

from benchmarks.search import EXECUTABLES, chromium, say
from benchmarks.server import served

PACKAGES = ("lighthouse@12.8.2", "vnu-jar@26.9.27")
LOCAL = "-Dnu.validator.servlet.allow-forbidden-hosts=true"  # else it loads nothing of this machine
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
SLOW = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
SHIFT = """new Promise(resolve => {
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(({ value }) => { sum += value; }))
        .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(sum), 200);
})"""


@dataclass(frozen=True, slots=True)
class Marks:
    """What Lighthouse gives a page, of 100 each, and how fast it found the machine."""

    page: str
    marks: dict[str, int]
    lacks: tuple[str, ...]
    machine: float


def main(stories: int, runs: int, report: Path | None) -> None:
    """Audit the shipped site; `stories` is for the other benchmarks."""
    with TemporaryDirectory() as folder:
        work = Path(folder)
        say("building the shipped site")
        site = build_shipped(work, "https://example.org/")
        say(f"installing {' and '.join(PACKAGES)}")
        subprocess.run(["npm", "install", "--silent", *PACKAGES], cwd=work, check=True)
        with served(site.folder) as (_, address):
            messages = nu_messages(work, site, address)
            with chromium() as browser:
                paint, shift = slow_reader(browser, address + page_types(site)["story"], runs)
            print(f"A story at 400 kbit/s: painted after {paint:.0f} ms, layout shift {shift}")
            found = []
            for one in lighthouse(work, site, address):
                found.append(one)
                print(*one.marks.values(), one.page, *one.lacks, f"(machine {one.machine:.0f})")
    if report:
        figures = {"paint": paint, "shift": shift, "nu": messages}
        rows = {**figures, "lighthouse": [asdict(one) for one in found]}
        report.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def nu_messages(work: Path, site: BuiltSite, address: str) -> list[str]:
    """Return the errors that the Nu HTML checker finds on any page; say what it warns of.

    It loads them from a host, as readers do: the policy of a page allows what comes from its host,
    and a file has none.
    """
    say(f"checking {len(site.pages())} pages")
    jar = work / "node_modules/vnu-jar/build/dist/vnu.jar"
    command = ["java", LOCAL, "-jar", str(jar), "--format", "json"]
    command += [address + quote(page) for page in site.pages()]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    messages = json.loads(checked.stderr)["messages"]
    errors = [
        f"{one['url']}:{one.get('lastLine')}: {one['message']}"
        for one in messages
        if one["type"] != "info"
    ]
    print(f"Nu: {len(errors)} errors on {len(site.pages())} pages", *errors[:20], sep="\n")
    # A block of data is taken for a script by the checker; a browser's policy does not ask of it.
    warned = Counter(one["message"] for one in messages if one["type"] == "info")
    for message, count in warned.most_common(20):
        print(f"Nu: a warning on {count} pages: {message}")
    return errors


def slow_reader(browser: Browser, page_address: str, runs: int) -> tuple[float, float]:
    """Return milliseconds to the first contentful paint and the layout shift, cold."""
    say("loading a story slowly")
    paints, shifts = [], []
    for _ in range(runs):
        context = browser.new_context(viewport={"width": 360, "height": 640})
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
        page.goto(page_address, wait_until="load")
        page.wait_for_function(PAINT)
        paints.append(page.evaluate(PAINT))
        shifts.append(page.evaluate(SHIFT))
        context.close()
    return median(paints), median(shifts)


def lighthouse(work: Path, site: BuiltSite, address: str) -> Iterator[Marks]:
    """Run Lighthouse on each page."""
    browser = next(filter(None, map(shutil.which, EXECUTABLES)), "")
    for language in ("", "ar"):
        for name, page in page_types(site, language).items():
            say(f"auditing {name} {language}")
            command = [
                str(work / "node_modules/.bin/lighthouse"), address + page, "--quiet",
                "--output=json", "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
            ]  # fmt: skip
            environment = {**os.environ, "CHROME_PATH": browser}
            said = subprocess.run(
                command, env=environment, capture_output=True, text=True, check=True
            )
            result = json.loads(said.stdout)
            categories = {name: result["categories"][name] for name in CATEGORIES}
            audits = result["audits"]
            lacks = tuple(
                f"{ref['id']} {audits[ref['id']].get('displayValue', '')}".strip()
                for category in categories.values()
                for ref in category["auditRefs"]
                if ref["weight"] and (audits[ref["id"]]["score"] or 0) < 0.9
                and audits[ref["id"]]["scoreDisplayMode"] not in ("notApplicable", "manual")
            )  # fmt: skip
            marks = {name: round((one["score"] or 0) * 100) for name, one in categories.items()}
            machine = result["environment"]["benchmarkIndex"]
            yield Marks(f"/{page}", marks, lacks, machine)
