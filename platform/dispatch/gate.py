"""The one gate by which jobs leave their partner's community (R17), with an audit row for every crossing.

What crosses is named in ``CARRIED``: the columns of a job that friends outside may read. Nothing else of an order is in
the public schema at all.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import F, Q

from dispatch.models import Crossing, Job, JobEvent, OverflowContract
from dispatch.terms import Terms
from places.countries import country_by_code

CARRIED = (
    "package_name",
    "included",
    "minutes",
    "brief",
    "windows",
    "languages",
    "postal_code",
    "town",
    "price_minor",
    "commission_minor",
    "friend_minor",
    "payment_method",
)
WHOLE_BP = 10_000


def open_contracts(job: Job, *, now: datetime) -> list[OverflowContract]:
    """Return the contracts by which the job may cross at this moment: those of pairs first, the shared crowd last.

    For one community the contract of the pair counts, not the one for all. None where the terms forbid overflow.
    """
    if not Terms.from_json(job.rules).overflows:
        return []
    local = now.astimezone(ZoneInfo(country_by_code(job.country).time_zone))
    running = OverflowContract.objects.filter(Q(tenant_id=job.tenant_id) | Q(tenant_id=None), ended_at=None)
    chosen: dict[int, OverflowContract] = {}
    for contract in running.exclude(community=job.tenant_id).order_by(
        F("tenant_id").desc(nulls_last=True), "made_at", "id"
    ):
        chosen.setdefault(contract.community, contract)
    open_now = [one for one in chosen.values() if _holds(one, job, local.date(), local.hour)]
    return sorted(open_now, key=lambda contract: (contract.community == 0, contract.made_at, contract.id))


def cross(*, job: Job, contract: OverflowContract, now: datetime) -> Crossing:
    """Let a job that the caller has locked pass by a contract, with the contract's split; twice changes nothing."""
    crossing = Crossing.objects.filter(job=job, search=job.search, community=contract.community).first()
    if crossing is not None:
        return crossing
    if contract.commission_bp is not None:
        _split_anew(job, contract.commission_bp)
    crossing = Crossing.objects.create(
        job=job,
        contract=contract,
        search=job.search,
        community=contract.community,
        at=now,
        carried=list(CARRIED),
        commission_minor=job.commission_minor,
        partner_share_minor=job.commission_minor * contract.partner_share_bp // WHOLE_BP,
    )
    detail = {"community": contract.community, "contract": str(contract.pk)}
    JobEvent.objects.create(job=job, at=now, kind="crossed", detail=detail)
    return crossing


def _holds(contract: OverflowContract, job: Job, today: date, hour: int) -> bool:
    return (
        contract.valid_from <= today
        and (contract.valid_until is None or today <= contract.valid_until)
        and contract.hours_from <= hour < contract.hours_until
        and (not contract.packages or job.package_slug in contract.packages)
        and (not contract.countries or job.country in contract.countries)
        and (not contract.postal_prefixes or job.postal_code.startswith(tuple(contract.postal_prefixes)))
    )


def _split_anew(job: Job, commission_bp: int) -> None:
    """Share the customer's price, which stays, by another commission, rounded half up to the minor unit."""
    job.commission_bp = commission_bp
    job.commission_minor = (job.price_minor * commission_bp + WHOLE_BP // 2) // WHOLE_BP
    job.friend_minor = job.price_minor - job.commission_minor
    job.save(update_fields=["commission_bp", "commission_minor", "friend_minor"])
