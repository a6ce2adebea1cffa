"""`build.py bench scale`: what a story costs in a cold build of five times as many stories."""

import json
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.build import SITUATIONS, Contender, our_contender
from benchmarks.corpus import write_corpus
from benchmarks.measure import Cost
from benchmarks.search import say

TIMES = 5
WANTED = 1.25


def main(stories: int, runs: int, report: Path | None) -> None:
    """Measure at `stories` and at five times as many, in turn; print and write as JSON."""
    sizes = (stories, TIMES * stories)
    costs: dict[int, list[Cost]] = {size: [] for size in sizes}
    with TemporaryDirectory() as folder:
        sites: dict[int, Contender] = {}
        for size in sizes:
            say(f"writing {size} stories")
            corpus = Path(folder) / f"corpus {size}"
            write_corpus(corpus, size)
            sites[size] = our_contender(Path(folder) / str(size), corpus)
        for number in range(runs):
            for size in sizes:
                say(f"run {number + 1} of {runs}: {size} stories")
                sites[size].run(SITUATIONS[0], number)
                costs[size] = sites[size].costs[SITUATIONS[0]]
    each = {size: _each(found, size) for size, found in costs.items()}
    ratio = each[sizes[1]] / each[sizes[0]]
    for size in sizes:
        peak = median(cost.peak for cost in costs[size]) / 1e6
        print(f"{size} stories, cold: {each[size] * 1000:.2f} ms a story, {peak:.0f} MB at most")
    print(
        f"a story among {sizes[1]} against one among {sizes[0]}: {ratio:.2f} × (at most {WANTED})"
    )
    if report:
        told = {str(size): [[c.wall, c.cpu, c.peak] for c in costs[size]] for size in sizes}
        report.write_text(json.dumps({"costs": told, "ratio": ratio}, indent=2) + "\n")


def _each(costs: Sequence[Cost], size: int) -> float:
    return median(cost.wall for cost in costs) / size
