"""Questions of offered friends and the customer's answers (R18), and the clock of the wave that rests meanwhile.

While a question of the present wave waits for its answer, the wave's clock rests, for at most the partner's
``question_rest_minutes`` in a wave, however many questions there are. With the first open question the open offers and
the end of the wave move by what is left of that; with the last answer they move back by what was not used. Only time in
which the clock runs at all counts, so quiet hours add nothing and take nothing. All of it happens under the job's lock.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from dispatch.errors import NothingAsked, OfferAlreadyTaken, OfferExpired, QuestionClosed, TooManyQuestions
from dispatch.models import Job, JobQuestion
from dispatch.moves import log_job, move_deadline, own_offer
from dispatch.selectors import time_zone_of
from dispatch.states import LIVE_OFFERS, DeadlineKind, JobState, OfferState

MOST_OPEN = 3


@transaction.atomic
def ask_question(*, job_id: UUID, friend_id: UUID, template: str, text: str, now: datetime) -> tuple[JobQuestion, bool]:
    """Ask the customer something; ``text`` is masked already. Say whether it is new, or an open one once more.

    Raises OfferNotYours, OfferExpired, OfferAlreadyTaken, NothingAsked or TooManyQuestions.
    """
    own_offer(job_id, friend_id)
    job = Job.objects.select_for_update().get(pk=job_id)
    # Read again behind the lock: the wave may have ended while we waited.
    offer = own_offer(job_id, friend_id)
    if job.state != JobState.SEARCHING:
        raise OfferExpired if job.friend_id is None else OfferAlreadyTaken
    if offer.state not in LIVE_OFFERS or offer.expires_at <= now:
        raise OfferExpired
    if not template and not text:
        raise NothingAsked
    own_open = list(job.questions.filter(friend_id=friend_id, search=job.search, answered_at=None))
    for earlier in own_open:
        if (earlier.template, earlier.text) == (template, text):
            return earlier, False
    if len(own_open) >= MOST_OPEN:
        raise TooManyQuestions
    question = JobQuestion.objects.create(
        job=job,
        friend_id=friend_id,
        search=job.search,
        wave=offer.wave,
        template=template,
        text=text,
        asked_at=now,
    )
    log_job(job, "asked", now, friend_id, question=str(question.pk))
    if _open_of_this_wave(job).filter(pk=question.pk).exists():
        _let_rest(job, now)
    return question, True


def must_wait_for_answer(*, job_id: UUID, question_id: UUID) -> None:
    """Refuse before anything costs time what ``answer_question`` would refuse behind the lock.

    Raises QuestionClosed.
    """
    job = Job.objects.get(pk=job_id)
    is_open = job.questions.filter(pk=question_id, search=job.search, answered_at=None).exists()
    if not is_open or job.state != JobState.SEARCHING:
        raise QuestionClosed


@transaction.atomic
def answer_question(*, job_id: UUID, question_id: UUID, answer: str, photo: str, now: datetime) -> JobQuestion:
    """Answer a question; ``answer`` is masked already, ``photo`` the name of a file of the partner.

    Raises QuestionClosed where it is answered, or the job no longer searches.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    question = job.questions.filter(pk=question_id, search=job.search, answered_at=None).first()
    if question is None or job.state != JobState.SEARCHING:
        raise QuestionClosed
    question.answer, question.photo, question.answered_at = answer, photo, now  # type: ignore[assignment]  # its name
    question.save(update_fields=["answer", "photo", "answered_at"])
    log_job(job, "answered", now, question=str(question.pk))
    if not _open_of_this_wave(job).exists():
        _let_run(job, now)
    return question


def questions_of(job_id: UUID) -> QuerySet[JobQuestion]:
    """Return all that friends have asked about a job, oldest first (1 query)."""
    return JobQuestion.objects.filter(job_id=job_id).order_by("asked_at", "id")


def friends_who_wait(job_id: UUID) -> list[UUID]:
    """Return the friends who may still take the job and so want to know an answer."""
    live = Job.objects.get(pk=job_id).offers.filter(state__in=LIVE_OFFERS)
    return list(live.order_by("id").values_list("friend_id", flat=True))


def wave_runs_until(*, job_id: UUID, wave: int, now: datetime) -> datetime | None:
    """Lock the job and return when its wave ends, where that moment has moved into the future; None where it is due."""
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state != JobState.SEARCHING or job.wave != wave:
        return None
    running = job.offers.filter(state=OfferState.OPEN, expires_at__gt=now)
    return running.order_by("-expires_at").values_list("expires_at", flat=True).first()


def _open_of_this_wave(job: Job) -> QuerySet[JobQuestion]:
    return job.questions.filter(search=job.search, wave=job.wave, answered_at=None)


def _let_rest(job: Job, now: datetime) -> None:
    left = _budget_left(job)
    if job.clock_rests_since is not None or not left:
        return
    job.clock_rests_since = now
    job.save(update_fields=["clock_rests_since"])
    terms, time_zone = job.terms, time_zone_of(job)
    _move_end(job, lambda end: terms.moment_after(end, left, time_zone))


def _let_run(job: Job, now: datetime) -> None:
    if job.clock_rests_since is None:
        return
    terms, time_zone = job.terms, time_zone_of(job)
    left, rested = _budget_left(job), terms.running_between(job.clock_rests_since, now, time_zone)
    used = min(left, timedelta(seconds=ceil(rested.total_seconds())))
    job.clock_rests_since, job.rested_s = None, job.rested_s + round(used.total_seconds())
    job.save(update_fields=["clock_rests_since", "rested_s"])

    def without_rest(end: datetime) -> datetime:
        remaining = terms.running_between(now, end, time_zone) - (left - used)
        return terms.moment_after(now, max(remaining, timedelta()), time_zone)

    if left > used:
        _move_end(job, without_rest)


def _budget_left(job: Job) -> timedelta:
    budget = timedelta(minutes=job.terms.question_rest_minutes)
    return max(timedelta(), budget - timedelta(seconds=job.rested_s))


def _move_end(job: Job, moved: Callable[[datetime], datetime]) -> None:
    """Move the open offers of the present wave, and with the last of them the end of the wave."""
    offers = job.offers.filter(state=OfferState.OPEN, search=job.search, wave=job.wave)
    ends = {end: moved(end) for end in offers.order_by().values_list("expires_at", flat=True).distinct()}
    ids = {end: list(offers.filter(expires_at=end).values_list("pk", flat=True)) for end in ends}
    for end, later in ends.items():
        job.offers.filter(pk__in=ids[end]).update(expires_at=later)
    if ends:
        move_deadline(job, DeadlineKind.WAVE_ENDS, due_at=max(ends.values()), wave=job.wave)
