"""Reads of contracts on overflow and of what crossed by them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When

from crowd.models import SHARED_CROWD
from dispatch.models import Crossing, Offer, OverflowContract
from dispatch.states import JobState, OfferState


@dataclass(frozen=True)
class Volume:
    """What crossed in one currency: how many jobs, and of those that were done how many, and their money.

    ``commission_minor`` is the whole commission, ``partner_share_minor`` the giving partners' share of it.
    """

    currency: str
    jobs: int
    done: int
    commission_minor: int
    partner_share_minor: int


def contract_by_id(contract_id: UUID) -> OverflowContract:
    """Return a contract.

    Raises ``OverflowContract.DoesNotExist``.
    """
    return OverflowContract.objects.get(pk=contract_id)


def contracts(*, tenant_id: int | None = None) -> QuerySet[OverflowContract]:
    """Return contracts, running ones first, those for all before pairs, newest first.

    With a tenant only what holds for it, as giver or taker.
    """
    found = OverflowContract.objects.all()
    if tenant_id is not None:
        found = found.filter(Q(tenant_id=tenant_id) | Q(community=tenant_id) | Q(tenant_id=None))
    for_all_first = Case(When(tenant_id=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    ended_last = Case(When(ended_at=None, then=Value(0)), default=Value(1), output_field=IntegerField())
    return found.order_by(ended_last, for_all_first, "-made_at", "id")


def crossings(
    *,
    partner_id: int | None = None,
    contract_id: UUID | None = None,
    since: date | None = None,
    until: date | None = None,
    time_zone: str = "UTC",
) -> QuerySet[Crossing]:
    """Return crossings with job and contract, newest first: of jobs that a partner gave or took, in whole days."""
    zone = ZoneInfo(time_zone)
    found = Crossing.objects.select_related("job", "contract")
    if partner_id is not None:
        found = found.filter(Q(job__tenant_id=partner_id) | Q(community=partner_id))
    if contract_id is not None:
        found = found.filter(contract=contract_id)
    if since is not None:
        found = found.filter(at__gte=datetime.combine(since, time.min, zone))
    if until is not None:
        found = found.filter(at__lte=datetime.combine(until, time.max, zone))
    return _with_outcome(found).order_by("-id")


def given_away(tenant_id: int) -> QuerySet[Crossing]:
    """Return the crossings of a partner's own jobs with job, contract and ``is_done``, newest first."""
    own = Crossing.objects.select_related("job", "contract").filter(job__tenant_id=tenant_id)
    return _with_outcome(own).order_by("-id")


def taken_in(tenant_id: int) -> QuerySet[Crossing]:
    """Return the crossings into a partner's community with ``is_done``, newest first: figures, never the job itself.

    Run on the platform, for the partner's own role does not see whether the job was done.
    """
    return _with_outcome(Crossing.objects.select_related("contract").filter(community=tenant_id)).order_by("-id")


def volumes(of: QuerySet[Crossing]) -> list[Volume]:
    """Return what crossed, by currency (1 query): nothing is earned with jobs that search, are open or cancelled.

    Run on the platform: who takes a job may read sums of it and not the job.
    """
    earned = Q(is_done=True)
    sums = (
        of.order_by()
        .values("currency")
        .annotate(
            jobs=Count("job_id", distinct=True),
            done=Count("job_id", distinct=True, filter=earned),
            commission=Sum("commission_minor", filter=earned, default=0),
            share=Sum("partner_share_minor", filter=earned, default=0),
        )
    )
    return [
        Volume(row["currency"], row["jobs"], row["done"], row["commission"], row["share"])
        for row in sums.order_by("currency")
    ]


def _with_outcome(of: QuerySet[Crossing]) -> QuerySet[Crossing]:
    """Add ``is_done``: a friend whom the crossing reached has done the work, and not just handed over to a pro."""
    took = Offer.objects.filter(crossing=OuterRef("pk"), state=OfferState.ACCEPTED)
    return of.annotate(
        is_done=Case(
            When(Exists(took), job__state=JobState.DONE, job__price_minor__gt=0, then=Value(True)), default=Value(False)
        )
    )


def sides_of(of: QuerySet[Crossing]) -> set[int]:
    """Return the partners on either side of crossings (1 query)."""
    pairs = of.order_by().values_list("job__tenant_id", "community").distinct()
    return {partner for pair in pairs for partner in pair if partner != SHARED_CROWD}
