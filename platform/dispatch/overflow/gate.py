"""The one gate by which jobs leave their partner's community (R17), with an audit row for every crossing.

What crosses is named in ``CARRIED`` (and ``BRAND``, where the contract shows it): the columns of a job that friends
outside may read. Nothing else of an order is in the public schema at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from dispatch.models import Crossing, Job, JobEvent, Offer, OverflowContract
from dispatch.states import LIVE_OFFERS
from dispatch.terms import Hours, Terms
from places.countries import country_by_code

CARRIED = (
    "package_name",
    "package_icon",
    "included",
    "minutes",
    "brief",
    "windows",
    "languages",
    "country",
    "postal_code",
    "town",
    "currency",
    "price_minor",
    "commission_bp",
    "commission_minor",
    "friend_minor",
    "payment_method",
    "diagnosis",
)
# What tells whose job it is; the order's number begins with the partner's letters.
BRAND = ("tenant_name", "order_number")

# Who reads a contract in order to let a job pass holds it until the end of the transaction: an end of the contract
# waits for them, and whoever comes after the end does not find it any more.
_RUNNING = """
SELECT * FROM public.dispatch_overflowcontract
 WHERE (tenant_id = %s OR tenant_id IS NULL) AND community <> %s AND ended_at IS NULL
"""


@dataclass(frozen=True)
class Booking:
    """What a contract asks of a job, or of a package at a place that nobody has ordered yet."""

    tenant_id: int
    package_slug: str
    country: str
    postal_code: str


def reachable_communities(booking: Booking, *, today: date) -> list[int]:
    """Return the communities that contracts open for a booking on a day, at whatever hour."""
    return [one.community for one in _one_a_community(_running(booking.tenant_id)) if _covers(one, booking, today)]


def communities_by_table(tenant_id: int, *, today: date) -> list[int]:
    """Return the communities to which a partner's jobs pass by contracts that leave the commission to its table."""
    running = _one_a_community(_running(tenant_id))
    return [one.community for one in running if one.commission_bp is None and _is_valid(one, today)]


def hours_outside(tenant_id: int, *, today: date) -> Hours | None:
    """Return the hours of a day in which some contract lets a partner's jobs pass, or None where none is running.

    From the first that opens to the last that closes, whatever the package and the place: for plans and simulations.
    """
    valid = [one for one in _one_a_community(_running(tenant_id)) if _is_valid(one, today)]
    if not valid:
        return None
    return Hours(min(one.hours_from for one in valid), max(one.hours_until for one in valid))


def open_contracts(job: Job, *, now: datetime) -> list[OverflowContract]:
    """Return the contracts by which the job may cross at this moment: those of pairs first, the shared crowd last.

    For one community the contract of the pair counts, not the one for all. None where the terms forbid overflow. In a
    transaction the contracts cannot end before it is over.
    """
    if not job.terms.overflows:
        return []
    local = now.astimezone(ZoneInfo(country_by_code(job.country).time_zone))
    counting = _one_a_community(_running(job.tenant_id, held=transaction.get_connection().in_atomic_block))
    open_now = [one for one in counting if _holds(one, job, local.date(), local.hour)]
    return sorted(open_now, key=lambda contract: (contract.community == 0, contract.made_at, contract.id))


def cross(*, job: Job, contract: OverflowContract, now: datetime) -> tuple[Crossing, bool]:
    """Let a job that the caller has locked pass by a contract, with the contract's split; say whether that is new.

    Twice in one search is one crossing.
    """
    crossing = Crossing.objects.filter(job=job, search=job.search, contract=contract).first()
    if crossing is not None:
        _split_by(job, crossing.commission_bp)
        return crossing, False
    own_bp = _own_commission_bp(job)
    _split_by(job, _commission_outside(job, contract, own_bp))
    crossing = Crossing.objects.create(
        job=job,
        contract=contract,
        search=job.search,
        community=contract.community,
        at=now,
        carried=[*CARRIED, *(BRAND if contract.shows_brand else ())],
        currency=job.currency,
        own_commission_bp=own_bp,
        commission_bp=job.commission_bp,
        commission_minor=job.commission_minor,
        partner_share_minor=replace(job.split, partner_share_bp=contract.partner_share_bp).partner_minor,
    )
    detail = {"community": contract.community, "contract": str(contract.pk)}
    JobEvent.objects.create(job=job, at=now, kind="crossed", detail=detail)
    return crossing, True


def gate_opens_at(job: Job, *, had: Mapping[int, int], now: datetime) -> datetime | None:
    """Return when a contract that is only closed at this hour opens for the job, today or tomorrow; None where none is.

    ``had`` counts the waves that each community has had; one that has had all its waves waits for nothing.
    """
    terms = job.terms
    if not terms.overflows:
        return None
    local = now.astimezone(ZoneInfo(country_by_code(job.country).time_zone))
    closed = [
        one
        for one in _one_a_community(_running(job.tenant_id))
        if had.get(one.community, 0) < terms.crowd_waves and not _holds(one, job, local.date(), local.hour)
    ]
    openings = [opening for one in closed if (opening := _next_opening(one, job, terms, local)) is not None]
    return min(openings, default=None)


def stay_home(job: Job) -> None:
    """Give a job that the caller has locked the split of its own community again, for that is asked once more."""
    if (job.search, job.wave) == (1, 1):
        return
    _split_by(job, _own_commission_bp(job))


def keep_promise(job: Job, offer: Offer) -> None:
    """Give a job the split that the accepted offer showed; the job may have been offered elsewhere since."""
    if _is_of_an_earlier_wave(offer, job):
        _split_by(job, _promised_bp(offer, job))


def show_promise(offer: Offer) -> Offer:
    """Return an offer whose job, in memory only, has the split that ``keep_promise`` would give it."""
    if offer.state in LIVE_OFFERS and _is_of_an_earlier_wave(offer, offer.job):
        _set_split(offer.job, _promised_bp(offer, offer.job))
    return offer


def shows_brand(offer: Offer) -> bool:
    """Say whether the offered friend may know before acceptance whose job it is."""
    return offer.crossing is None or offer.crossing.contract.shows_brand


def _running(tenant_id: int, *, held: bool = False) -> Iterable[OverflowContract]:
    return OverflowContract.objects.raw(_RUNNING + " FOR SHARE" * held, [tenant_id, tenant_id])


def _one_a_community(contracts: Iterable[OverflowContract]) -> list[OverflowContract]:
    """Return one contract for each community; that of the pair counts before the one for all."""
    chosen: dict[int, OverflowContract] = {}
    for contract in sorted(contracts, key=lambda one: one.tenant_id is None):
        chosen.setdefault(contract.community, contract)
    return list(chosen.values())


def _next_opening(contract: OverflowContract, job: Job, terms: Terms, local: datetime) -> datetime | None:
    """Return when a job can pass by a contract, today or tomorrow, and outside the partner's quiet hours."""
    zone, hours = country_by_code(job.country).time_zone, Hours(contract.hours_from, contract.hours_until)
    tomorrow = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    for day in (local, tomorrow):
        passes_at = terms.passes_at(hours, day.astimezone(UTC), zone)
        if passes_at is not None:
            opening = passes_at.astimezone(local.tzinfo)
            if opening > local and _holds(contract, job, opening.date(), opening.hour):
                return passes_at
    return None


def _holds(contract: OverflowContract, job: Job, today: date, hour: int) -> bool:
    return contract.hours_from <= hour < contract.hours_until and _covers(contract, _booking(job), today)


def _booking(job: Job) -> Booking:
    return Booking(job.tenant_id, job.package_slug, job.country, job.postal_code)


def _is_valid(contract: OverflowContract, today: date) -> bool:
    return contract.valid_from <= today and (contract.valid_until is None or today <= contract.valid_until)


def _covers(contract: OverflowContract, booking: Booking, today: date) -> bool:
    return (
        _is_valid(contract, today)
        and (not contract.packages or booking.package_slug in contract.packages)
        and (not contract.countries or booking.country in contract.countries)
        and _is_in_region(contract, booking)
    )


def _is_in_region(contract: OverflowContract, booking: Booking) -> bool:
    """Say whether the place is in one of the contract's regions; a country without one is open as a whole."""
    of_country = [prefix for prefix in contract.postal_prefixes if prefix.startswith(f"{booking.country} ")]
    return not of_country or f"{booking.country} {booking.postal_code}".startswith(tuple(of_country))


def _own_commission_bp(job: Job) -> int:
    """Return the commission of the job in its own community; the first crossing has noted it."""
    first = min(job.crossings.all(), key=lambda crossing: crossing.pk, default=None)
    return job.commission_bp if first is None else first.own_commission_bp


def _commission_outside(job: Job, contract: OverflowContract, own_bp: int) -> int:
    """Return the commission by a contract; where it names none, that of the partner's table at booking."""
    if contract.commission_bp is not None:
        return contract.commission_bp
    # Jobs that are older than the column have none.
    return own_bp if job.overflow_commission_bp is None else job.overflow_commission_bp


def _is_of_an_earlier_wave(offer: Offer, job: Job) -> bool:
    return (offer.search, offer.wave) != (job.search, job.wave)


def _promised_bp(offer: Offer, job: Job) -> int:
    return offer.crossing.commission_bp if offer.crossing else _own_commission_bp(job)


def _split_by(job: Job, commission_bp: int) -> None:
    if job.commission_bp != commission_bp:
        _set_split(job, commission_bp)
        job.save(update_fields=["commission_bp", "commission_minor", "friend_minor"])


def _set_split(job: Job, commission_bp: int) -> None:
    """Split the customer's price, which stays, by another commission."""
    split = replace(job.split, commission_bp=commission_bp)
    job.commission_bp, job.commission_minor = split.commission_bp, split.commission_minor
    job.friend_minor = split.friend_minor
