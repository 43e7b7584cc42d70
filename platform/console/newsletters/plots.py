"""The report as bars: what became of an issue's mails, and in which languages they went out."""

from collections.abc import Mapping
from dataclasses import dataclass

from newsletters.selectors import Report
from newsletters.states import MailState

WIDTH = 1_000
# In this order they stand in the bar.
ORDER = (
    MailState.SENT,
    MailState.QUEUED,
    MailState.SKIPPED,
    MailState.FAILED,
    MailState.BOUNCED,
    MailState.COMPLAINED,
)


@dataclass(frozen=True)
class Bar:
    """A part of a bar of a thousand, where it begins and how wide it is; ``kind`` gives its look."""

    kind: str
    label: str
    count: int
    percent: int
    x: float
    width: float


def bars_of(report: Report) -> list[Bar]:
    """Return one bar, cut by what became of the mails; what has happened to none is left out."""
    bars, x = [], 0.0
    for state in ORDER:
        if count := report.states[state]:
            width = WIDTH * count / report.total
            bars.append(Bar(state.value, str(state.label), count, round(100 * count / report.total), x, width))
            x += width
    return bars


def bars_of_languages(languages: Mapping[str, int]) -> list[Bar]:
    """Return a bar for each language, the longest of them as long as it can be."""
    most, total = max(languages.values(), default=1), sum(languages.values())
    return [
        Bar("language", name, count, round(100 * count / total), 0, WIDTH * count / most)
        for name, count in languages.items()
    ]
