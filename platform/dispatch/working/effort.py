"""How much a friend has tried to reach a customer, and when that is enough to end the job by rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import npgettext, pgettext

from dispatch.models import ContactAttempt, Job
from kernel.wording.dates import Place, write_moment

ATTEMPTS = 5
CHANNELS = 2
SPREAD = timedelta(hours=24)


@dataclass(frozen=True)
class Effort:
    """What was tried by the friend who has the job. The database holds the same rule (``owed_needs_attempts``)."""

    attempts: tuple[ContactAttempt, ...] = ()

    @property
    def count(self) -> int:
        """How often the friend has tried."""
        return len(self.attempts)

    @property
    def channels(self) -> int:
        """By how many different channels."""
        return len({attempt.channel for attempt in self.attempts})

    @property
    def enough_from(self) -> datetime | None:
        """The moment from which an attempt completes the 24 hours; None before the first one."""
        return self.attempts[0].at + SPREAD if self.attempts else None

    @property
    def is_spread(self) -> bool:
        """Say whether first and last attempt lie far enough apart."""
        return self.enough_from is not None and self.attempts[-1].at >= self.enough_from

    @property
    def is_enough(self) -> bool:
        """Say whether the job may be ended because the customer cannot be reached."""
        return self.count >= ATTEMPTS and self.channels >= CHANNELS and self.is_spread

    @property
    def missing_attempts(self) -> int:
        """How many more attempts the rule needs at least."""
        return 0 if self.is_enough else max(ATTEMPTS - self.count, 1)


def effort_of(job: Job) -> Effort:
    """Return what the friend who has the job has tried, oldest first (1 query, or none for a job with its attempts)."""
    attempts = [attempt for attempt in job.contact_attempts.all() if attempt.search == job.search]
    return Effort(tuple(sorted(attempts, key=lambda attempt: (attempt.at, attempt.pk))))


def what_is_missing(effort: Effort) -> str:
    """Tell the friend what the rule still asks for; empty where it is met."""
    if effort.is_enough:
        return ""
    sentences = [
        npgettext(
            "friend",
            "%(count)d more attempt is needed.",
            "%(count)d more attempts are needed.",
            effort.missing_attempts,
        )
        % {"count": effort.missing_attempts}
    ]
    if effort.channels < CHANNELS:
        sentences.append(pgettext("friend", "At least one must be by another channel."))
    if effort.enough_from is None:
        sentences.append(pgettext("friend", "From the first to the last there must be at least 24 hours."))
    elif not effort.is_spread:
        sentences.append(
            pgettext("friend", "The last one must not be %(before)s.")
            % {"before": write_moment(effort.enough_from, place=Place.BEFORE)}
        )
    return " ".join(sentences)


def count_by_job(jobs: Iterable[Job]) -> dict[str, int]:
    """Return how many attempts the present friends of several jobs have logged, by job id (1 query)."""
    searches = {job.pk: job.search for job in jobs}
    counts: dict[str, int] = {}
    for job_id, search in ContactAttempt.objects.filter(job__in=searches).values_list("job_id", "search"):
        if searches[job_id] == search:
            counts[str(job_id)] = counts.get(str(job_id), 0) + 1
    return counts
