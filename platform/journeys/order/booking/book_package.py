"""A customer books a package: order, payment, job and first wave in one transaction. Run inside the tenant.

An order that is paid first has neither job nor wave before ``journeys.order.paying.pay_by_card`` lets it go.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy

from accounts.selectors import staff_by_uuid
from billing.methods import PaymentState
from billing.selectors import available_methods, quote
from billing.services import secure_payment
from catalog.errors import NoPriceInCountry, PackageClosed
from catalog.kinds import Level
from catalog.languages import texts_of
from catalog.models import Package
from catalog.selectors import open_packages, price_in
from crowd.eligibility import Wanted
from crowd.states import Grade
from dispatch.briefs import JobBrief
from dispatch.offering.waves import WaveResult, open_job_and_ask, open_job_that_waits
from dispatch.overflow.gate import Booking, reachable_communities
from dispatch.selectors import Coverage, coverage
from dispatch.terms import terms_of
from journeys.money.incoming.card import begin_card_payment
from journeys.order.finding.ask_friends import follow, offers_made
from journeys.order.talking.brief import Row, masked, masked_brief_of
from journeys.posting import tell_customer, to_customer
from journeys.topics import ToCustomer
from kernel.errors import DomainError
from kernel.geo import on_sphere
from kernel.money import Split
from kernel.slots import week_of
from orders.early_start import note_early_start
from orders.errors import UnableToPlaceOrder, VoucherRefused
from orders.intake import FED, VOUCHER, Details, Window, is_ahead, read_draft, voucher_code
from orders.models import BookingDraft, Order
from orders.selectors import order_of_draft
from orders.services.drafts import lock_draft
from orders.services.fed import note_fed
from orders.services.orders import await_payment, release_order, write_order
from orders.services.search import Asked, mark_unfilled
from orders.states import Source
from orders.vouchers import Worth, hold_voucher, redeem, worth_of
from outbox.services import post_all
from places.selectors import Place, find_place
from skills.selectors import KnownSkill, skills_by_slug
from tenants.context import current_tenant, platform_context
from tenants.models import Tenant
from tenants.selectors import takes_orders, takes_orders_by_api
from tenants.settings.commissions import Rates, columns_of, rates_for
from tenants.settings.sellers import friends_sell


class BookingClosed(DomainError):
    """The partner takes no orders at the moment."""

    message = gettext_lazy("We are not taking bookings at the moment. Existing orders continue as agreed.")
    code, status = "booking_closed", 410


class NotCovered(DomainError):
    """Nobody near the place can do this package."""

    message = gettext_lazy("We have nobody near this place for this package yet.")
    code, status = "not_covered", 422


class AllBusy(NotCovered):
    """Somebody near the place does this package, but all who do are away or at their limit of open jobs."""

    message = gettext_lazy("Everyone near this place who does this package is busy at the moment.")
    code = "all_busy"


class CountryNotServed(DomainError):
    """The partner does not work in that country."""

    message = gettext_lazy("We do not offer our services in that country.")
    code, status = "country_not_served", 422


@dataclass(frozen=True)
class PlaceAnswer:
    """The immediate answer to a postal code."""

    place: Place
    coverage: Coverage


def answer_place(
    *, package: Package, country: str, postal_code: str, source: str = Source.WEB, now: datetime
) -> PlaceAnswer:
    """Say whether a place is covered and how soon, to who asks by a source.

    Raises UnknownPostalCode of places, CountryNotServed, BookingClosed, PackageClosed, NoPriceInCountry, or NotCovered.
    """
    tenant = _tenant()
    place = _served_place(tenant, package, country, postal_code, source)
    return PlaceAnswer(place, _coverage(tenant, package, place, _wanted(tenant, package, place), now))


def _served_place(tenant: Tenant, package: Package, country: str, postal_code: str, source: str) -> Place:
    """Return the place of a postal code where the package could be booked, whoever lives near."""
    must_be_open(tenant, package, source)
    if country not in tenant.countries:
        raise CountryNotServed
    place = find_place(country, postal_code)
    price_in(package, country)
    return place


def _coverage(tenant: Tenant, package: Package, place: Place, wanted: Wanted, now: datetime) -> Coverage:
    """Return how many could come to a place and how soon.

    Raises NotCovered, or AllBusy, which is one.
    """
    with platform_context():
        answer = coverage(
            wanted, communities=_communities(tenant, package, place, now), time_zone=tenant.time_zone, now=now
        )
    if not answer.is_covered:
        raise AllBusy if answer.is_busy else NotCovered
    return answer


def packages_at(*, country: str, postal_code: str, most: int, now: datetime) -> list[Package]:
    """Return the first open packages, with prices, that somebody could do at a place; a coverage for each looked at.

    Raises UnknownPostalCode of places.
    """
    place, found = find_place(country, postal_code), []
    for package in open_packages():
        try:
            answer_place(package=package, country=country, postal_code=place.code, now=now)
        except (NotCovered, NoPriceInCountry, PackageClosed):
            continue
        found.append(package)
        if len(found) == most:
            break
    return found


def _communities(tenant: Tenant, package: Package, place: Place, now: datetime) -> list[int]:
    """Return whom an order of this package at this place may reach: the own community, and whom contracts open."""
    own = [tenant.pk] if tenant.own_waves else []
    if not (tenant.overflows and tenant.crowd_waves):
        return own
    booking = Booking(tenant.pk, package.slug, place.country, place.code)
    return own + reachable_communities(booking, today=now.date())


def must_be_open(tenant: Tenant, package: Package, source: str = Source.WEB) -> None:
    """Refuse where the partner or the package takes no orders from a source.

    Raises BookingClosed or PackageClosed.
    """
    is_taken = takes_orders_by_api(tenant) if source == Source.API else takes_orders(tenant)
    if not is_taken:
        raise BookingClosed
    if not package.is_open:
        raise PackageClosed


@transaction.atomic
def book_package(*, draft_id: UUID, language: str, early_start: str = "", now: datetime) -> Order:
    """Turn a complete draft into an order, let four friends be asked, and return it. A second call returns the same.

    ``early_start`` are the words by which a consumer has asked for work within the days of withdrawal, if they have.

    Raises UnableToPlaceOrder with the faults by step and field, ReferenceTaken where a partner's system has begun it
    and placed another order under its reference, or what ``answer_place`` raises.
    """
    draft = lock_draft(draft_id)
    placed = order_of_draft(draft_id)
    if placed is not None:
        return placed
    tenant, package = _tenant(), draft.package
    details = read_draft(
        draft,
        methods=[method.code for method in available_methods(tenant, draft.data.get("place", {}).get("country", ""))],
        time_zone=tenant.time_zone,
        days_ahead=tenant.booking_days,
        now=now,
    )
    place = _served_by_step(tenant, package, details, draft.source)
    wanted = _wanted(tenant, package, place)
    rates = _rates(tenant, package, wanted, country=details.country, booked_at=now)
    split = quote(package=package, country=details.country, commission_bp=rates.own.basis_points, on=now.date())
    usual = _wanted_for(tenant, draft, split, language, now, details.email)
    worth = _voucher(draft, worth_of, usual)
    covered_minor = split.price_minor if package.is_paid_by_partner else worth.amount_minor if worth else 0
    order, answers = write_order(
        draft=draft,
        details=details,
        place=place,
        split=split,
        commission_version=rates.own.version,
        language=language,
        number_prefix=tenant.slug[:2].upper(),
        cancellation_fees=tenant.cancellation_fees,
        is_sold_by_friend=friends_sell(tenant, details.country),
        covered_minor=covered_minor,
        voucher_code=worth.voucher.code if worth else "",
        now=now,
    )
    if early_start:
        note_early_start(order=order, words=early_start, now=now)
    if FED in draft.data:
        fed = draft.data[FED]
        note_fed(order=order, key_uuid=UUID(fed["key_uuid"]), reference=fed["reference"])
    payment = secure_payment(order=order, now=now)
    if payment.state == PaymentState.WAITING:
        # Nobody pays for what nobody could do.
        _must_be_covered(tenant, package, place, wanted, now)
        await_payment(order=order, booked_by=_booked_by(order), now=now)
        begin_card_payment(order=order, tenant=tenant, language=language, now=now)
        _redeem(draft, order, usual, now)
        return order
    brief = _job_brief(tenant, order, split, rates, package, wanted, details.windows, masked(answers, order=order))
    with platform_context():
        result = open_job_and_ask(brief, now=now)
    if not result.offers:
        # Friends who are asked cover the place; where nobody is, it may be because nobody ever could.
        _must_be_covered(tenant, package, place, wanted, now)
    released = _release(tenant, order, result, now)
    _redeem(draft, order, usual, now)
    return released


def voucher_worth(*, draft: BookingDraft, split: Split, code: str, language: str, now: datetime) -> Worth:
    """Return what a code takes off the price of a draft; nothing is taken before the order is placed.

    Raises VoucherRefused.
    """
    return worth_of(code=code, **_wanted_for(_tenant(), draft, split, language, now))


def _wanted_for(
    tenant: Tenant, draft: BookingDraft, split: Split, language: str, now: datetime, customer: str = ""
) -> dict[str, Any]:
    return {
        "package": draft.package,
        "price": split,
        "customer": customer or draft.data.get("contact", {}).get("email", ""),
        "language": language,
        "today": now.astimezone(ZoneInfo(tenant.time_zone)).date(),
    }


def _voucher(draft: BookingDraft, ask: Callable[..., Worth], usual: Mapping[str, Any]) -> Worth | None:
    """Return what the code is worth that the customer has entered; None where there is none.

    Raises UnableToPlaceOrder where it does not count.
    """
    code = voucher_code(draft)
    if not code:
        return None
    try:
        return ask(code=code, **usual)
    except VoucherRefused as error:
        raise UnableToPlaceOrder({VOUCHER: {"code": str(error)}}) from error


def _redeem(draft: BookingDraft, order: Order, usual: Mapping[str, Any], now: datetime) -> None:
    """Take a use of the voucher, last of all: whoever else has the code waits for no search."""
    worth = _voucher(draft, hold_voucher, usual)
    if worth:
        redeem(worth=worth, order=order, now=now)


def release_waiting(order: Order, *, now: datetime) -> Order:
    """Let friends be asked for an order that has waited for its payment, and return it. In the caller's transaction.

    Of the wished times only those still count that lie ahead; where none does, the customer is asked for new ones.

    Raises PackageClosed where the package wants what nobody can have any more.
    """
    tenant, package = _tenant(), order.package
    wanted = _wanted(tenant, package, order)
    windows = [(window.day, window.part) for window in order.windows.all()]
    # What counts elsewhere by the table as it was at booking; what counts here stands on the order.
    rates = _rates(tenant, package, wanted, country=order.country, booked_at=order.created_at)
    agreed = Split(
        currency=order.currency,
        price_minor=order.price_minor,
        commission_bp=order.commission_bp,
        vat_bp=order.vat_bp,
    )
    ahead = [window for window in windows if is_ahead(*window, time_zone=tenant.time_zone, now=now)]
    brief = _job_brief(tenant, order, agreed, rates, package, wanted, ahead or windows, masked_brief_of(order))
    if not ahead:
        return _ask_for_times(tenant, order, brief, now)
    with platform_context():
        result = open_job_and_ask(brief, now=now)
    return _release(tenant, order, result, now)


def _ask_for_times(tenant: Tenant, order: Order, brief: JobBrief, now: datetime) -> Order:
    """Let the customer of a paid order choose new times, since theirs are over; friends are asked once they have."""
    with platform_context():
        job = open_job_that_waits(brief, now=now)
    release_order(order=order, job_id=job.pk, booked_by=_booked_by(order), now=now)
    mark_unfilled(order_uuid=order.uuid, why="waits_for_times", now=now)
    for topic in (ToCustomer.ORDER_PLACED, ToCustomer.TIMES_ARE_OVER):
        tell_customer(topic, tenant_id=tenant.pk, order_uuid=order.uuid, now=now, once="1")
    order.refresh_from_db()
    return order


def _release(tenant: Tenant, order: Order, result: WaveResult, now: datetime) -> Order:
    """Let an order be dispatched whose job has had its first wave, tell everybody, and return it."""
    job, booked_by = result.job, _booked_by(order)
    placed = to_customer(ToCustomer.ORDER_PLACED, tenant_id=tenant.pk, order_uuid=order.uuid, now=now, once="1")
    if result.offers and job.community == tenant.pk:
        asked = Asked(job.wave, len(result.offers))
        release_order(order=order, job_id=job.pk, booked_by=booked_by, asked=asked, now=now)
        post_all([placed, *offers_made(result, now)])
        return order
    release_order(order=order, job_id=job.pk, booked_by=booked_by, now=now)
    post_all([placed])
    with platform_context():
        follow(result, now)
    order.refresh_from_db()
    return order


def _booked_by(order: Order) -> str:
    """Return the name of the manager who has booked for a caller, or nothing."""
    user = staff_by_uuid(order.booked_by) if order.booked_by else None
    return str(user) if user else ""


def _served_by_step(tenant: Tenant, package: Package, details: Details, source: str) -> Place:
    try:
        return _served_place(tenant, package, details.country, details.postal_code, source)
    except CountryNotServed as error:
        raise UnableToPlaceOrder({"place": {"postal_code": str(error)}}) from error


def _must_be_covered(tenant: Tenant, package: Package, place: Place, wanted: Wanted, now: datetime) -> None:
    try:
        _coverage(tenant, package, place, wanted, now)
    except NotCovered as error:
        raise UnableToPlaceOrder({"place": {"postal_code": str(error)}}) from error


def _wanted(tenant: Tenant, package: Package, place: Place | Order) -> Wanted:
    return Wanted(
        skills=_skills(package),
        position=on_sphere(place.latitude, place.longitude),
        reach_m=tenant.reach_m,
        tenant_id=tenant.pk,
        needs_pro=package.level == Level.PRO,
        sells_in=place.country if friends_sell(tenant, place.country) else "",
    )


def _rates(tenant: Tenant, package: Package, wanted: Wanted, *, country: str, booked_at: datetime) -> Rates:
    return rates_for(
        tenant,
        package_slug=package.slug,
        skill_ids=[skill for skill, _grade in wanted.skills],
        level=package.level,
        country=country,
        at=booked_at,
    )


def _skills(package: Package) -> tuple[tuple[int, int], ...]:
    """Return (skill id, least grade) of the package's skills; an unknown skill means nobody can have it.

    Those that must be certified come first: fewer friends have them, so the search walks past fewer.
    """
    known = skills_by_slug(package.skills)
    if len(known) != len(package.skills):
        raise PackageClosed
    needed = [(known[slug].id, _grade(package, slug, known[slug])) for slug in package.skills]
    return tuple(sorted(needed, key=lambda pair: -pair[1]))


def _grade(package: Package, slug: str, skill: KnownSkill) -> int:
    """Return how well a skill must be proved: as the package says, and never less than the skill itself wants."""
    if slug in package.certificates:
        return Grade.PRO if package.level == Level.PRO else Grade.FRIEND
    return Grade.FRIEND if skill.needs_certificate else Grade.DECLARED


def _job_brief(
    tenant: Tenant,
    order: Order,
    split: Split,
    rates: Rates,
    package: Package,
    wanted: Wanted,
    wished: Iterable[Window],
    brief: list[Row],
) -> JobBrief:
    """Return what the crowd may see of an order: nothing that names the customer or the street."""
    windows = sorted(wished)
    return JobBrief(
        tenant_id=tenant.pk,
        tenant_name=tenant.name,
        order_id=order.uuid,
        order_number=str(order),
        package_name=order.package_name,
        package_icon=package.icon,
        included=texts_of(package, "included"),
        minutes=package.minutes,
        brief=brief,
        windows=[[day.isoformat(), part] for day, part in windows],
        week=week_of(windows),
        languages=[order.language],
        skill_ids=[skill for skill, _grade in wanted.skills],
        grades=[grade for _skill, grade in wanted.skills],
        needs_pro=wanted.needs_pro,
        country=order.country,
        postal_code=order.postal_code,
        town=order.town,
        position=wanted.position,
        split=split,
        **columns_of(rates),
        payment_method=order.payment_method,
        rules=terms_of(tenant).to_json() | {"sold_by_friend": order.is_sold_by_friend},
        package_slug=package.slug,
    )


def _tenant() -> Tenant:
    tenant = current_tenant()
    if tenant is None:
        raise RuntimeError("Booking runs inside a tenant.")
    return tenant
