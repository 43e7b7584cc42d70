"""Reads of contracts on overflow and of what crossed by them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When

from crowd.models import SHARED_CROWD
from dispatch.models import Crossing, OverflowContract


@dataclass(frozen=True)
class Volume:
    """What crossed in one currency: how many jobs, their commission and the giving partners' share of it."""

    currency: str
    jobs: int
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
    return found.order_by("-id")


def given_away(tenant_id: int) -> QuerySet[Crossing]:
    """Return the crossings of a partner's own jobs with job and contract, newest first."""
    own = Crossing.objects.select_related("job", "contract").filter(job__tenant_id=tenant_id)
    return own.order_by("-id")


def taken_in(tenant_id: int) -> QuerySet[Crossing]:
    """Return the crossings into a partner's community, newest first: figures, never the job itself."""
    return Crossing.objects.select_related("contract").filter(community=tenant_id).order_by("-id")


def volumes(of: QuerySet[Crossing]) -> list[Volume]:
    """Return what crossed, by currency (1 query)."""
    sums = (
        of.order_by()
        .values("currency")
        .annotate(
            jobs=Count("job_id", distinct=True),
            commission=Sum("commission_minor"),
            share=Sum("partner_share_minor"),
        )
    )
    return [Volume(row["currency"], row["jobs"], row["commission"], row["share"]) for row in sums.order_by("currency")]


def sides_of(of: QuerySet[Crossing]) -> set[int]:
    """Return the partners on either side of crossings (1 query)."""
    pairs = of.order_by().values_list("job__tenant_id", "community").distinct()
    return {partner for pair in pairs for partner in pair if partner != SHARED_CROWD}
