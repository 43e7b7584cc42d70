"""Reads about jobs and offers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Prefetch, Q, QuerySet

from crowd.eligibility import LeftOut, Wanted, reasons_against
from crowd.models import SHOWN_TO_PARTNERS, Friend
from crowd.selectors import Nearby, considered_candidates, nearest_candidates
from dispatch.models import ContactAttempt, Crossing, Job, JobEvent, JobQuestion, Offer, Owed
from dispatch.states import LIVE_OFFERS, JobState, OfferState
from kernel.database.at_once import at_once
from kernel.database.written_once import written_once
from kernel.slots import HOURS, Part, bit
from places.countries import country_by_code


@dataclass(frozen=True)
class Coverage:
    """Whether a place is covered and how soon. ``nearest_m`` in metres; None where nobody is near.

    ``is_busy`` says of a place that is not covered that somebody near could come, were they not away or at their limit
    of open jobs.
    """

    friends: int
    nearest_m: int | None
    first_free_on: date | None
    is_busy: bool = False

    @property
    def is_covered(self) -> bool:
        """Say whether somebody could come."""
        return self.friends > 0


# As many friends as all waves of a usual partner would ask; enough to say how soon.
LOOK_AT = 16
LOOK_AHEAD_DAYS = 14
# What keeps a friend from every job today and from none some day soon.
# The way to pay in cash, as billing.methods.CASH names it.
IN_CASH = "cash"
PASSING = {LeftOut.PAUSED, LeftOut.BUSY}


def coverage(wanted: Wanted, *, communities: Iterable[int], time_zone: str, now: datetime) -> Coverage:
    """Say how many friends (up to 16) could do a job at a place, how near, and the first day one is free."""
    asked, friends = list(communities), dict[UUID, Nearby]()
    for community in asked:
        for nearby in nearest_candidates(wanted, community=community, count=LOOK_AT, now=now):
            friends.setdefault(nearby.friend_id, nearby)
    if not friends:
        return Coverage(0, None, None, is_busy=any(_are_busy(wanted, community, now) for community in asked))
    return Coverage(
        friends=min(len(friends), LOOK_AT),
        nearest_m=min(nearby.distance_m for nearby in friends.values()),
        first_free_on=_first_free_day(friends.values(), time_zone, now),
    )


def _are_busy(wanted: Wanted, community: int, now: datetime) -> bool:
    """Say whether one of the nearest with the skill, none of whom can come, could but for what passes (1 query)."""
    nearest = considered_candidates(wanted, community=community, count=1, newcomers=0, now=now)
    return any(PASSING.issuperset(reasons_against(facts, wanted, now=now)) for facts in nearest)


def _first_free_day(friends: Iterable[Nearby], time_zone: str, now: datetime) -> date | None:
    """Return the first day, today included, on which one of the friends is free at a part that has not begun."""
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    weeks = 0
    for nearby in friends:
        weeks |= nearby.free_week
    for ahead in range(LOOK_AHEAD_DAYS + 1):
        day = today + timedelta(days=ahead)
        parts = [part for part in Part.values if datetime.combine(day, HOURS[part][0], zone) > now]
        if any(weeks & bit(day.weekday(), part) for part in parts):
            return day
    return None


def wanted_by(job: Job, *, now: datetime) -> Wanted:
    """Return what the job asks of a friend. Wished times that have passed do not restrict any more."""
    grades = [*job.grades, *[0] * len(job.skill_ids)]
    windows = tuple((date.fromisoformat(day), part) for day, part in job.windows)
    return Wanted(
        skills=tuple(zip(job.skill_ids, grades, strict=False)),
        position=job.position,
        reach_m=job.terms.reach_m,
        tenant_id=job.tenant_id,
        windows=tuple((day, part) for day, part in windows if day >= now.date()),
        languages=tuple(job.languages),
        needs_pro=job.needs_pro,
        cash_in=job.currency if job.payment_method == IN_CASH else "",
        sells_in=job.country if job.is_sold_by_friend else "",
    )


def time_zone_of(job: Job) -> str:
    """Return the time zone of the job's country, in which its terms count hours."""
    return country_by_code(job.country).time_zone


def job_by_id(job_id: UUID) -> Job:
    """Return a job.

    Raises ``Job.DoesNotExist``.
    """
    return Job.objects.get(pk=job_id)


def crossing_taken(job: Job) -> Crossing | None:
    """Return the crossing by which whoever has a job was asked; None where they are of the partner's own community."""
    return Crossing.objects.filter(job=job, offers__state=OfferState.ACCEPTED).first()


def jobs_by_id(job_ids: Iterable[UUID]) -> dict[UUID, Job]:
    """Return several jobs by their ids (1 query)."""
    return Job.objects.in_bulk(list(job_ids))


def order_numbers(order_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the numbers of several orders that have had a job, whoever's they are (1 query)."""
    return dict(Job.objects.filter(order_id__in=list(order_ids)).values_list("order_id", "order_number"))


def owed_for(order_id: UUID) -> QuerySet[Owed]:
    """Return what friends are owed for an order beyond the work itself, oldest first (1 query)."""
    return _with_names(Owed.objects.filter(job__order_id=order_id)).order_by("at", "id")


def who_had_order(order_id: UUID) -> set[UUID]:
    """Return the friends who have or had an order's job, be it the first or one that followed (1 query)."""
    accepted = JobEvent.objects.filter(job__order_id=order_id, kind="accepted", friend__isnull=False)
    return set(accepted.values_list("friend", flat=True))


def count_open_jobs(tenant_id: int) -> int:
    """Return how many jobs of a partner are in flight: friends are asked, or one of them has it."""
    return Job.objects.filter(tenant_id=tenant_id, state__in=[JobState.SEARCHING, JobState.ASSIGNED]).count()


def open_jobs_by_friend(tenant_id: int) -> dict[UUID, int]:
    """Return how many jobs of a partner each friend has and has not done yet."""
    assigned = Job.objects.filter(tenant_id=tenant_id, state=JobState.ASSIGNED, friend__isnull=False)
    return dict(assigned.order_by().values_list("friend").annotate(Count("id")))


def open_offers(friend_id: UUID, *, now: datetime) -> QuerySet[Offer]:
    """Return the offers that the friend can accept now (1 query)."""
    return Offer.objects.filter(_is_open(now), friend_id=friend_id)


def open_and_past_offers(friend_id: UUID, *, now: datetime, past: int = 20) -> QuerySet[Offer]:
    """Return the offers that the friend can accept now and the latest ``past`` others, newest first (1 query).

    They come with job and crossing, and the job with its crossings. Accepted ones are jobs, not offers.
    """
    own = Offer.objects.filter(friend_id=friend_id).exclude(state=OfferState.ACCEPTED)
    latest = own.exclude(_is_open(now)).order_by("-created_at", "-id").values("pk")[:past]
    found = own.filter(_is_open(now) | Q(pk__in=latest)).select_related("job", "crossing__contract")
    return at_once(found, job__crossings=Crossing.objects.order_by("id")).order_by("-created_at", "-id")


def _is_open(now: datetime) -> Q:
    return Q(state__in=LIVE_OFFERS, expires_at__gt=now, job__state=JobState.SEARCHING)


def offer_with_job(job_id: UUID, friend_id: UUID) -> Offer | None:
    """Return ``offer_of``, its job with what a friend sees of it: questions, attempts, what is owed, crossings.

    The job that it follows comes along with what is owed for it: the diagnosis, whose fee a pro is told.
    """
    return next(iter(_latest_offer_with_job(job_id, friend_id)), None)


def offer_of(job_id: UUID, friend_id: UUID) -> Offer | None:
    """Return the friend's latest offer of a job with job and friend, or None where it was never offered to them."""
    return next(iter(_latest_offer(job_id, friend_id)), None)


@written_once
def _latest_offer(job_id: UUID, friend_id: UUID) -> QuerySet[Offer]:
    return _offers_of(job_id, friend_id)[:1]


@written_once
def _latest_offer_with_job(job_id: UUID, friend_id: UUID) -> QuerySet[Offer]:
    offers = at_once(
        _offers_of(job_id, friend_id).select_related("job__follows"),
        job__questions=JobQuestion.objects.order_by("asked_at", "id"),
        job__contact_attempts=ContactAttempt.objects.order_by("at", "id"),
        job__owed=Owed.objects.order_by("id"),
        job__follows__owed=Owed.objects.order_by("id"),
        job__crossings=Crossing.objects.order_by("id"),
    )
    return offers[:1]


def _offers_of(job_id: UUID, friend_id: UUID) -> QuerySet[Offer]:
    offers = Offer.objects.select_related("job", "crossing__contract", "friend")
    return offers.filter(job_id=job_id, friend_id=friend_id).order_by("-created_at", "-id")


def jobs_of(friend_id: UUID) -> QuerySet[Job]:
    """Return the jobs that the friend has or had, newest first."""
    return Job.objects.filter(friend_id=friend_id).order_by("-accepted_at", "id")


def job_with_log(job_id: UUID) -> Job:
    """Return a job with its offers (and their friends) and its events in order (3 queries).

    Raises ``Job.DoesNotExist``.
    """
    return Job.objects.prefetch_related(
        Prefetch("offers", _with_names(Offer.objects.all()).order_by("wave", "distance_m", "id")),
        Prefetch("events", _with_names(JobEvent.objects.all()).order_by("at", "id")),
    ).get(pk=job_id)


def _with_names(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Add the friends, by the only columns of them that a partner may read."""
    hidden = [field.attname for field in Friend._meta.concrete_fields if field.attname not in SHOWN_TO_PARTNERS]
    return rows.select_related("friend").defer(*(f"friend__{name}" for name in hidden))
