"""One figure as one JSON line, and measuring it: the median and the 99th percentile of many runs."""

import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

WARM_UP = 3
CPU_ROUNDS = 3
SIGNIFICANT = 3


@dataclass(frozen=True)
class Figure:
    """A measured value. ``ratio`` says how many times the baseline it is; the baseline is measured in the same run.

    ``more`` are further keys of the line.
    """

    name: str
    value: float
    unit: str
    p99: float | None = None
    baseline: float | None = None
    more: Mapping[str, float | None] = field(default_factory=dict)

    def line(self) -> str:
        """Return the figure as a JSON object in one line, without what does not apply."""
        fields = {"name": self.name, "value": self.value, "unit": self.unit, "p99": self.p99, "baseline": self.baseline}
        if self.baseline:
            fields["ratio"] = float(f"{self.value / self.baseline:.3g}")
        fields |= self.more
        return json.dumps({name: value for name, value in fields.items() if value is not None})


def milliseconds(act: Callable[[], object], runs: int) -> tuple[float, float]:
    """Return median and 99th percentile of so many runs, in milliseconds."""
    for _run in range(WARM_UP):
        act()
    taken = []
    for _run in range(runs):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return round(statistics.median(taken), SIGNIFICANT), round(statistics.quantiles(taken, n=100)[98], SIGNIFICANT)


def cpu_milliseconds(act: Callable[[], object], runs: int) -> float:
    """Return the processor time of one run in milliseconds: this process's and its database session's.

    Of three rounds the best, for others on the machine cost caches. The embedded servers run on the same machine.
    """
    for _run in range(WARM_UP):
        act()
    rounds = []
    for _round in range(CPU_ROUNDS):
        begun = _cpu_ms()
        for _run in range(runs):
            act()
        rounds.append((_cpu_ms() - begun) / runs)
    return round(min(rounds), SIGNIFICANT)


def _cpu_ms() -> float:
    """Return the milliseconds that this process and its database session have used so far."""
    connection.ensure_connection()
    session = Path(f"/proc/{connection.connection.get_backend_pid()}/schedstat").read_text(encoding="ascii")
    return time.process_time() * 1000 + int(session.split()[0]) / 1_000_000
