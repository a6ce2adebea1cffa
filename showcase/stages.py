"""Where a build's time goes, stage by stage."""

import os
import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class StageClock:
    """Notes when each stage begins; processor seconds are those of all processes together."""

    _began: list[tuple[str, float, float]] = field(default_factory=list)

    def begin(self, stage: str) -> None:
        """Note that a stage begins, and that the one before it has ended."""
        self._began.append((stage, time.perf_counter(), _processor_seconds()))

    def table(self) -> str:
        """Return a line for each stage, ended now: wall and processor seconds, share of the wall.

        What came before the first stage (Python, packages, settings) is not in it.
        """
        self.begin("in all")
        first, last = self._began[0], self._began[-1]
        whole = max(last[1] - first[1], 1e-9)
        rows = [
            (stage, wall - since, processor - used)
            for (stage, since, used), (_, wall, processor) in zip(
                self._began, self._began[1:], strict=False
            )
        ]
        rows.append((last[0], last[1] - first[1], last[2] - first[2]))
        width = max(len(stage) for stage, _, _ in rows)
        lines = [f"{'':{width}}     wall  processor  share"]
        lines += [
            f"{stage:{width}} {wall:6.2f} s   {processor:6.2f} s  {wall / whole:5.0%}"
            for stage, wall, processor in rows
        ]
        return "\n".join(lines)


def _processor_seconds() -> float:
    user, system, of_children, system_of_children, _ = os.times()
    return user + system + of_children + system_of_children
