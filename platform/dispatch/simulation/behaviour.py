"""How friends answer, as the simulation assumes. Figures of our own choosing, the same for every set of rules.

- Whether somebody says yes falls with the distance: ``YES`` by band, times the person's eagerness (0.5 to 1.5).
- Of those who do not, half decline and half say nothing.
- How soon they answer depends on the hour at which they are asked: an exponential delay with the mean of
  ``MEAN_DELAY``. Between 22:00 and 7:00 people sleep; their delay begins at 7:00.
- Whoever has taken a job has it for one to six days.

What a person does with a job is drawn from the seed, the order and the person alone. So the same person answers the
same offer alike under two sets of rules, and the difference of two results is the rules' and not chance's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

# (up to so many metres, probability of a yes)
YES = ((5_000, 0.40), (10_000, 0.33), (20_000, 0.25), (50_000, 0.15))
YES_BEYOND = 0.08
MOST_LIKELY = 0.95
DECLINES = 0.5
# (from this local hour on, mean minutes until an answer)
MEAN_DELAY = ((7, 12.0), (9, 25.0), (17, 8.0))
WAKES_AT, SLEEPS_AT = 7, 22
DAYS_OF_A_JOB = (1, 6)


@dataclass(frozen=True)
class Answer:
    """What somebody asked will do: when they say yes or no, or nothing at all."""

    says_yes: bool
    at: datetime | None
    done_after: timedelta


def answer(
    *, seed: int, order: int, person: int, eagerness: float, distance_m: int, asked_at: datetime, time_zone: str
) -> Answer:
    """Return what a person does who is asked at a moment; ``order`` and ``person`` are their places in the data."""
    drawn = Random(f"{seed}/{order}/{person}")  # a model, no secret
    wants, declines, delay, days = drawn.random(), drawn.random(), drawn.expovariate(1.0), drawn.uniform(*DAYS_OF_A_JOB)
    says_yes = wants < min(MOST_LIKELY, _probability(distance_m) * eagerness)
    done_after = timedelta(days=days)
    if not says_yes and declines >= DECLINES:
        return Answer(says_yes=False, at=None, done_after=done_after)
    awake = _awake_at(asked_at.astimezone(ZoneInfo(time_zone)))
    at = awake + timedelta(minutes=delay * _mean_delay(awake.hour))
    return Answer(says_yes=says_yes, at=at.astimezone(asked_at.tzinfo), done_after=done_after)


def _probability(distance_m: int) -> float:
    return next((probability for up_to, probability in YES if distance_m <= up_to), YES_BEYOND)


def _mean_delay(hour: int) -> float:
    return [mean for from_hour, mean in MEAN_DELAY if from_hour <= hour][-1]


def _awake_at(local: datetime) -> datetime:
    if WAKES_AT <= local.hour < SLEEPS_AT:
        return local
    day = local if local.hour < WAKES_AT else local + timedelta(days=1)
    return day.replace(hour=WAKES_AT, minute=0, second=0, microsecond=0)
