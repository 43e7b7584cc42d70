"""What a friend's ratings come to, as one number that is fair to those who have few of them.

It is a Bayesian average with a fixed prior, also known as additive smoothing (https://en.wikipedia.org/wiki/Bayesian_average):
everybody begins as if ``PRIOR_WEIGHT`` customers had rated them with ``PRIOR_MEAN``, so one bad day does not ruin a
newcomer and one good day does not make them the best. With every rating the beginning counts for less.

The friends' handbook publishes all of this. Ratings play no part in who is offered a job (dispatch.offering.seats).
"""

from dataclasses import dataclass

PRIOR_MEAN = 4.5
PRIOR_WEIGHT = 5
# With fewer ratings others see "new" instead of a number, which would tell single customers apart.
SHOWN_FROM = 3


def bayesian_average(*, count: int, total: int) -> float:
    """Return the average of ``count`` ratings that add up to ``total`` stars, and of the prior."""
    return (PRIOR_WEIGHT * PRIOR_MEAN + total) / (PRIOR_WEIGHT + count)


@dataclass(frozen=True)
class Reputation:
    """How many published ratings there are, and how many stars they add up to."""

    count: int
    total: int

    @property
    def is_new(self) -> bool:
        """Say whether there are too few ratings for a number that others see."""
        return self.count < SHOWN_FROM

    @property
    def average(self) -> float:
        """The Bayesian average, 1 to 5."""
        return bayesian_average(count=self.count, total=self.total)

    @property
    def plain_average(self) -> float | None:
        """The arithmetic mean of the ratings alone, or None before the first."""
        return self.total / self.count if self.count else None
