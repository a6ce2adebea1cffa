"""What a command costs: wall time, processor time, and the peak memory of its process tree."""

import os
import resource
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil

_EVERY = 0.05  # seconds between two looks at the memory
_SHARE = 0.05  # of the time at most is spent looking: the system walks over all pages of a process


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds and bytes of one run; `levels` are the moments (monotonic) and bytes of the looks.

    Memory is the proportional set size where the system tells it, so that pages which forked
    workers share count once.
    """

    wall: float
    cpu: float
    peak: int
    out: str = ""
    levels: tuple[tuple[float, int], ...] = field(default=(), repr=False)

    def peak_between(self, start: float, end: float) -> int:
        """Return the highest level between two moments."""
        return max((level for at, level in self.levels if start <= at <= end), default=self.peak)


def cost_of(
    command: Sequence[str | Path], folder: Path, environment: Mapping[str, str] | None = None
) -> Cost:
    """Run a command in a folder and return what it cost; raises when it fails."""
    before = _cpu_of_children()
    started = time.monotonic()
    process = subprocess.Popen(
        [str(word) for word in command],
        cwd=folder, env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    watch = _Watch(process.pid)
    watch.start()
    out, _ = process.communicate()
    wall = time.monotonic() - started
    watch.done.set()
    watch.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{out[-2000:]}")
    peak = max((level for _, level in watch.levels), default=0)
    return Cost(wall, _cpu_of_children() - before, peak, out, tuple(watch.levels))


def middle(costs: Sequence[Cost]) -> Cost:
    """Return the median of each measure."""

    def of(measure: Callable[[Cost], float]) -> float:
        return median(map(measure, costs))

    return Cost(of(lambda c: c.wall), of(lambda c: c.cpu), int(of(lambda c: c.peak)))


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Watch(threading.Thread):
    """Looks at the memory of a process and its descendants until it is told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.done = threading.Event()
        self.levels: list[tuple[float, int]] = []

    def run(self) -> None:
        while True:
            began = time.monotonic()
            self.levels.append((began, _memory_of_tree(self.pid)))
            if self.done.wait(max(_EVERY, (time.monotonic() - began) / _SHARE)):
                return


def _memory_of_tree(pid: int) -> int:
    try:
        root = psutil.Process(pid)
        return sum(map(_memory_of, [root, *root.children(recursive=True)]))
    except psutil.Error:
        return 0


def _memory_of(process: psutil.Process) -> int:
    try:
        text = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        line = next(line for line in text.splitlines() if line.startswith("Pss:"))
        return int(line.split()[1]) * 1024
    except (OSError, StopIteration):
        try:
            return int(process.memory_info().rss)
        except psutil.Error:
            return 0
