"""Writes about jobs between acceptance and money: given back, passed on, nobody there, nobody reached.

Locks as in dispatch.offering.waves: the job first, then whoever has it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from dispatch.briefs import JobBrief
from dispatch.errors import AttemptTooSoon, IllegalJobMove, JobMovedOn, NotYetUnreachable, OfferNotYours
from dispatch.models import ContactAttempt, Job, JobEvent, Offer, Owed
from dispatch.moves import log_job, own_job, own_offer
from dispatch.offering.waves import open_job, search_again
from dispatch.permits import may_ask_again
from dispatch.states import JobState, OwedFor
from dispatch.working.closing import cancel_job
from dispatch.working.effort import effort_of, what_is_missing

# Who rings twice in a minute has tried once, and a second press of the button is no second attempt.
BETWEEN_ATTEMPTS = timedelta(minutes=1)
COUNTED_FOR = timedelta(days=90)


@transaction.atomic
def give_back(*, job_id: UUID, friend_id: UUID, reason: str, words: str, now: datetime) -> Job:
    """Take a job back from the friend who has it, on their word; it searches again.

    Raises IllegalJobMove unless they have it.
    """
    job = own_job(job_id, friend_id)
    log_job(job, "given_back", now, friend_id, reason=reason, words=words)
    return search_again(job_id=job_id, now=now, why=reason)


@transaction.atomic
def pass_on(*, job_id: UUID, search: int, why: str, now: datetime) -> tuple[Job, UUID]:
    """Take a job from the friend who has it, on a manager's word; return it and who had it.

    ``search`` is the one that the manager looked at. Raises JobMovedOn where nobody has the job or somebody else by
    now, so that a second click never takes it from the next friend.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    had = job.friend_id
    if job.state != JobState.ASSIGNED or job.search != search or had is None:
        raise JobMovedOn
    log_job(job, "passed_on", now, had, why=why)
    return search_again(job_id=job_id, now=now, why=why), had


@transaction.atomic
def ask_me_again(*, job_id: UUID, friend_id: UUID, wants: bool, now: datetime) -> Offer:
    """Record whether a friend wants to be asked once more if the job comes up again.

    Raises OfferNotYours, or IllegalJobMove where the offer is not past or the job is over.
    """
    # Waves read and write a job's offers under this lock, so none is opened between.
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    offer = own_offer(job_id, friend_id)
    if job is None or not may_ask_again(offer, job):
        raise IllegalJobMove
    if offer.wants_again != wants:
        offer.wants_again = wants
        offer.save(update_fields=["wants_again"])
        log_job(job, "wants_again" if wants else "wants_no_more", now, friend_id)
    return offer


@transaction.atomic
def log_attempt(*, job_id: UUID, friend_id: UUID, channel: str, note: str, now: datetime) -> ContactAttempt:
    """Note that the friend has tried to reach the customer.

    Raises IllegalJobMove unless the friend has the job, AttemptTooSoon within a minute of one by the same channel.
    """
    job = own_job(job_id, friend_id)
    same = job.contact_attempts.filter(search=job.search, channel=channel, at__gt=now - BETWEEN_ATTEMPTS).first()
    if same is not None:
        raise AttemptTooSoon(at=same.at, since=same.at + BETWEEN_ATTEMPTS)
    return ContactAttempt.objects.create(job=job, search=job.search, channel=channel, note=note, at=now)


@transaction.atomic
def end_as_unreachable(*, job_id: UUID, friend_id: UUID, now: datetime) -> Job:
    """End the job because its customer cannot be reached; the friend is owed their part of it.

    Raises IllegalJobMove unless the friend has the job, NotYetUnreachable before enough was tried.
    """
    job = own_job(job_id, friend_id)
    effort = effort_of(job)
    if not effort.is_enough:
        raise NotYetUnreachable(what_is_missing(effort))
    _note_owed(job, friend_id, OwedFor.UNREACHABLE, now)
    return cancel_job(job_id=job_id, now=now, why="unreachable")


@transaction.atomic
def end_as_absent(*, job_id: UUID, search: int, at_least_minor: int = 0, now: datetime) -> tuple[Job, int]:
    """End the job because its customer was not there at the agreed time; return it with what its friend is owed.

    That is what the terms have promised, and at least so much of a fee that the customer pays.

    Raises JobMovedOn unless the friend of that search still has the job.
    """
    job = Job.objects.select_for_update().get(pk=job_id)
    if job.state != JobState.ASSIGNED or job.search != search:
        raise JobMovedOn
    owed_minor = _note_owed(job, job.assigned_friend_id, OwedFor.NO_SHOW, now, at_least_minor=at_least_minor)
    return cancel_job(job_id=job_id, now=now, why="no_show"), owed_minor


@transaction.atomic
def open_once_more(*, job_id: UUID, now: datetime) -> Job:
    """Open another job like one that was cancelled, for an order that goes on after all.

    It keeps the diagnosis of a friend who handed over; what the friend of the old one is owed stays with the old one.
    Raises IllegalJobMove unless it was cancelled.
    """
    old = Job.objects.select_for_update().get(pk=job_id)
    if old.state != JobState.CANCELLED:
        raise IllegalJobMove
    brief = JobBrief.of(old)
    if old.follows_id is not None:
        # One job at a time follows the friend's who handed over; the new one takes the old one's place.
        Job.objects.filter(pk=old.pk).update(follows=None)
    return open_job(brief, now=now)


def job_in_hands_of(job_id: UUID, friend_id: UUID) -> Job:
    """Return the job that a friend has.

    Raises OfferNotYours where they do not have it.
    """
    job = Job.objects.filter(pk=job_id, friend_id=friend_id, state=JobState.ASSIGNED).first()
    if job is None:
        raise OfferNotYours
    return job


def owed_if_ended(job: Job) -> int:
    """Return what a friend is owed, in minor units, where the customer is absent or cannot be reached."""
    return job.split.friends_share(job.terms.no_show_bp)


def count_give_backs(friend_id: UUID, *, now: datetime) -> int:
    """Return how many jobs a friend has given back within 90 days; inside a tenant, of its own jobs (1 query)."""
    events = JobEvent.objects.filter(kind="given_back", friend_id=friend_id, at__gt=now - COUNTED_FOR)
    return events.count()


def owed_for_end(job: Job) -> int:
    """Return what the friend of a job that has ended so is owed, in minor units (1 query)."""
    ended = job.owed.filter(why__in=[OwedFor.NO_SHOW, OwedFor.UNREACHABLE]).order_by("-id")
    return ended.values_list("amount_minor", flat=True).first() or 0


def _note_owed(job: Job, friend_id: UUID, why: OwedFor, now: datetime, *, at_least_minor: int = 0) -> int:
    amount = max(owed_if_ended(job), at_least_minor)
    if amount:
        Owed.objects.create(job=job, friend_id=friend_id, why=why, currency=job.currency, amount_minor=amount, at=now)
    log_job(job, "owed", now, friend_id, why=why, amount_minor=amount)
    return amount
