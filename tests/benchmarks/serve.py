"""`build.py bench serve`: the time from a save to the reload of the saved story's page.

A sentence of one story after another is changed, each time once the preview rests. The clock
starts before the file is written and stops when the reload channel names that story's page, which
has been written by then. How long the whole site took after it, search included, is told too.
"""

import json
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.build import SMALL
from benchmarks.corpus import write_corpus
from benchmarks.search import ROOT, environment, say

SAVES = 20
WANTED = {1_000: 0.150, 10_000: 0.600}  # seconds


def main(stories: int, runs: int, report: Path | None) -> None:
    """Measure at 1,000 stories and at `stories`, `SAVES` saves each; print and write as JSON."""
    del runs  # each figure is a median of saves
    found = []
    for size in sorted({min(SMALL, stories), stories}):
        with TemporaryDirectory() as folder:
            corpus = Path(folder)
            say(f"writing {size} stories")
            write_corpus(corpus, size)
            shutil.copytree(ROOT / "themes", corpus / "themes", dirs_exist_ok=True)
            shown, rested = _measure(corpus)
        most = WANTED.get(size)
        found.append({"stories": size, "shown": shown, "rested": rested, "most": most})
        wanted = f" (wanted: at most {most * 1000:.0f} ms)" if most else ""
        print(
            f"{size} stories: save to reload, median of {len(shown)}: {median(shown) * 1000:.0f} ms"
            f"{wanted}, slowest {max(shown) * 1000:.0f} ms; "
            f"all pages and search after {median(rested):.2f} s"
        )
    if report:
        report.write_text(json.dumps(found, indent=2) + "\n")


def _measure(corpus: Path) -> tuple[list[float], list[float]]:
    command = [sys.executable, "-m", "showcase", "serve", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=corpus, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment()}
    )
    try:
        assert process.stdout
        said: queue.Queue[str] = queue.Queue()
        threading.Thread(target=_follow, args=(process.stdout, said), daemon=True).start()
        line = ""
        while not line.startswith("Serving"):
            line = said.get(timeout=600)
        match = re.search(r"http://\S+/", line)
        assert match
        news: queue.Queue[dict[str, object]] = queue.Queue()
        threading.Thread(target=_listen, args=(match[0], news), daemon=True).start()
        stories = sorted((corpus / "content").glob("stories/*/*.md"))
        shown, rested = [], []
        for number in range(SAVES):
            story = stories[number * len(stories) // SAVES]
            text = story.read_text(encoding="utf-8")
            _drain(said, news)
            started = time.perf_counter()
            story.write_text(f"{text}\nOne sentence more, number {number}.\n", encoding="utf-8")
            page = f"/stories/{story.stem}/"
            while page not in news.get(timeout=600).get("changed", ()):  # type: ignore[operator]
                pass
            shown.append(time.perf_counter() - started)
            while not said.get(timeout=600).startswith("Wrote"):
                pass
            rested.append(time.perf_counter() - started)
        return shown, rested
    finally:
        process.terminate()
        process.wait()


def _follow(lines: Iterable[str], said: "queue.Queue[str]") -> None:
    for line in lines:
        said.put(line)


def _listen(address: str, news: "queue.Queue[dict[str, object]]") -> None:
    with urllib.request.urlopen(f"{address}_showcase/events") as channel:
        for line in channel:
            if line.startswith(b"data:"):
                news.put(json.loads(line.removeprefix(b"data:")))


def _drain(*queues: "queue.Queue[Any]") -> None:
    time.sleep(1.0)  # the preview looks whether anything was saved meanwhile
    for one in queues:
        while not one.empty():
            one.get()
