"""The harness itself: names, JSON lines, ratio."""

import json

from tests.bench.benchmarks import BENCHMARKS
from tests.bench.figures import Figure, milliseconds


def test_a_figure_is_one_json_line_with_its_ratio() -> None:
    line = Figure("page.home", 12.0, "ms", p99=20.0, baseline=4.0).line()

    assert json.loads(line) == {
        "name": "page.home", "value": 12.0, "unit": "ms", "p99": 20.0, "baseline": 4.0, "ratio": 3.0
    }  # fmt: skip


def test_what_does_not_apply_is_left_out() -> None:
    assert json.loads(Figure("n", 3, "queries").line()) == {"name": "n", "value": 3, "unit": "queries"}


def test_measuring_runs_it_often_enough() -> None:
    runs: list[int] = []

    median, p99 = milliseconds(lambda: runs.append(1), 50)

    assert len(runs) == 53
    assert 0 <= median <= p99


def test_the_benchmarks_of_this_issue_are_there() -> None:
    assert {"place-order", "page", "isolation"} <= set(BENCHMARKS)
