"""One figure as one JSON line, and measuring it: the median and the 99th percentile of many runs."""

import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

WARM_UP = 3
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
    more: Mapping[str, float] = field(default_factory=dict)

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
