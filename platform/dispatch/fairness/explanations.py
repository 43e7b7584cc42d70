"""Why a friend was asked or not (R25): the kept decisions, their replay, and reviews of them by a person."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from crowd.eligibility import Facts, Wanted
from dispatch.errors import ReviewAnswered, UnableToReview
from dispatch.models import Considered, DecisionReview, Job, JobEvent, Wave
from dispatch.offering.seats import PlacesTaken, Rule, Verdict, replay
from dispatch.states import Seat
from tenants.models import Tenant

ANSWER_WITHIN = timedelta(days=14)
# A lively job has no more lines in its log than this on one day.
EVENTS_A_JOB = 30
# So long before its end the operators are reminded of a review that nobody has answered.
ALARM_BEFORE = timedelta(days=3)


def waves_of(job_id: UUID) -> list[Wave]:
    """Return the waves of a job in order, each with everybody who was considered, nearest first (3 queries)."""
    considered = Considered.objects.select_related("friend").order_by("distance_m", "id")
    waves = Wave.objects.filter(job_id=job_id).prefetch_related(Prefetch("considered", considered))
    return list(waves.order_by("search", "number", "id"))


def replayed(wave: Wave) -> list[Verdict]:
    """Return the verdicts that the kept facts lead to by the version of the rule that held then.

    Raises UnknownRule.
    """
    return replay(
        wave.rule_version,
        [Facts.from_json(one.facts) for one in wave.considered.all()],
        wanted=Wanted.from_json(wave.wanted),
        rule=Rule(**wave.rule),
        now=wave.opened_at,
    )


def holds(wave: Wave) -> bool:
    """Say whether the replay gives the same seats and the same reasons as were kept."""
    kept = {one.friend_id: (tuple(one.left_out), one.seat) for one in wave.considered.all()}
    again = {one.facts.friend_id: (tuple(map(str, one.left_out)), str(one.seat or "")) for one in replayed(wave)}
    return kept == again


def decisions_about(friend_id: UUID) -> QuerySet[Considered]:
    """Return the decisions in which a friend was looked at, newest first, with wave, job and review (1 query).

    Each knows how many places of its wave went to the nearest (``near_places``) and to newcomers
    (``newcomer_places``).
    """
    rows = Considered.objects.filter(friend_id=friend_id).select_related("wave__job", "review")
    rows = rows.annotate(near_places=_places(Seat.NEAR), newcomer_places=_places(Seat.NEWCOMER))
    return rows.order_by("-id")


def places_taken(considered: Considered) -> PlacesTaken:
    """Say where the places of a wave went, for one of ``decisions_about``."""
    return PlacesTaken(near=considered.near_places, newcomer=considered.newcomer_places)  # type: ignore[attr-defined]  # annotated


def places_of(wave: Wave) -> PlacesTaken:
    """Say where the places of one of ``waves_of`` went."""
    return PlacesTaken.of(one.seat for one in wave.considered.all())


def decision_about(considered_id: int, *, friend_id: UUID) -> Considered:
    """Return one of a friend's own decisions.

    Raises ``Considered.DoesNotExist`` for another one's.
    """
    return decisions_about(friend_id).get(pk=considered_id)


def find_jobs(words: str) -> QuerySet[Job]:
    """Return the partners' jobs whose order number or partner fits the words, newest first; none without words."""
    if not words.strip():
        return Job.objects.none()
    wanted = words.strip()
    fitting = Job.objects.filter(Q(order_number__iexact=wanted) | Q(tenant_name__icontains=wanted))
    return fitting.exclude(tenant_id__in=_sandboxes()).order_by("-created_at", "id")


def latest_jobs(count: int) -> list[Job]:
    """Return at most ``count`` partners' jobs to which something has happened last, that one first (2 queries)."""
    real = JobEvent.objects.exclude(job__tenant_id__in=_sandboxes())
    happened = real.order_by("-id").values_list("job_id", flat=True)[: count * EVENTS_A_JOB]
    ids = list(dict.fromkeys(happened))[:count]
    found = Job.objects.in_bulk(ids)
    return [found[job_id] for job_id in ids]


def reviews_to_answer() -> QuerySet[DecisionReview]:
    """Return the reviews that wait for an answer, the most urgent first (1 query)."""
    return _reviews().filter(answered_at=None).order_by("due_at", "id")


def answered_reviews() -> QuerySet[DecisionReview]:
    """Return the reviews that have an answer, newest first (1 query)."""
    return _reviews().exclude(answered_at=None).order_by("-answered_at", "id")


def review_by_id(review_id: UUID) -> DecisionReview:
    """Return a review.

    Raises ``DecisionReview.DoesNotExist``.
    """
    return _reviews().get(pk=review_id)


def review_figures() -> dict[str, int]:
    """Return how many reviews there are, how many had an answer in time, and how many found a fault."""
    in_time = Q(answered_at__isnull=False) & Q(answered_at__lte=F("due_at"))
    return DecisionReview.objects.aggregate(
        asked=Count("id"),
        answered=Count("id", filter=Q(answered_at__isnull=False)),
        in_time=Count("id", filter=in_time),
        faults=Count("id", filter=Q(was_right=False)),
    )


def ask_for_review(*, considered: Considered, words: str, now: datetime) -> DecisionReview:
    """Let a person look at a decision; they answer within 14 days.

    Raises UnableToReview the second time.
    """
    try:
        with transaction.atomic():
            return DecisionReview.objects.create(
                considered=considered,
                friend_id=considered.friend_id,
                words=words,
                asked_at=now,
                due_at=now + ANSWER_WITHIN,
            )
    except IntegrityError as error:
        raise UnableToReview from error


def answer_review(*, review_id: UUID, was_right: bool, answer: str, who: str, now: datetime) -> DecisionReview:
    """Answer a review with reasons.

    Raises ReviewAnswered where somebody has done so.
    """
    open_ones = DecisionReview.objects.filter(pk=review_id, answered_at=None)
    if not open_ones.update(was_right=was_right, answer=answer, answered_by=who, answered_at=now):
        raise ReviewAnswered
    return review_by_id(review_id)


def claim_urgent_reviews(*, now: datetime) -> list[DecisionReview]:
    """Return the reviews that are due within three days and of which nobody has been reminded; each comes once."""
    urgent = DecisionReview.objects.select_for_update(skip_locked=True).filter(
        answered_at=None, alarmed_at=None, due_at__lte=now + ALARM_BEFORE
    )
    with transaction.atomic():
        found = list(urgent.order_by("due_at", "id"))
        DecisionReview.objects.filter(pk__in=[one.pk for one in found]).update(alarmed_at=now)
    return found


def _sandboxes() -> QuerySet[Tenant, int]:
    """Return the ids of the sandboxes: nobody was asked about their jobs."""
    return Tenant.objects.filter(sandbox_of__isnull=False).values_list("pk", flat=True)


def _places(seat: Seat) -> Coalesce:
    same_wave = Considered.objects.filter(wave=OuterRef("wave"), seat=seat).order_by()
    return Coalesce(Subquery(same_wave.values("wave").annotate(count=Count("pk")).values("count")), 0)


def _reviews() -> QuerySet[DecisionReview]:
    return DecisionReview.objects.select_related("friend", "considered__wave__job")
