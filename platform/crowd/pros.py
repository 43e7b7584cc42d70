"""Pros: friends with a company of their own, insured, in countries where pros are enabled (R10)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from crowd.documents import DocumentFile, send_document
from crowd.errors import AlreadyAPro, InsuranceIsOver, NoProYet, ProsAreNotEnabled, VatIdIsTaken
from crowd.horizon import check_horizon
from crowd.models import DocumentCheck, Friend, Pro, ProCountry
from crowd.selectors import pros_are_enabled
from crowd.states import DocumentKind
from kernel.database.constraints import constraint_of

VAT_ID_ONCE = "pro_once_a_vat_id"
# So many days before the insurance runs out a pro is reminded.
REMIND_DAYS = (7, 30)


@transaction.atomic
def ask_to_be_pro(
    *,
    friend_id: UUID,
    company: str,
    country: str,
    vat_id: str,
    vat_checked_at: datetime | None,
    insurer: str,
    policy_number: str,
    insured_until: date,
    file: DocumentFile,
    now: datetime,
) -> DocumentCheck:
    """Write down the company and send the proof of insurance; who asks again before the answer replaces what they said.

    ``vat_id`` is clean (crowd.vat). Raises ProsAreNotEnabled, InsuranceIsOver, TooFarAhead, VatIdIsTaken, or
    AlreadyAPro for who is approved: their company does not change unseen.
    """
    if not pros_are_enabled(country):
        raise ProsAreNotEnabled
    check_insurance(insured_until, today=now.date())
    # The friend before the company, as everybody who locks both.
    Friend.objects.select_for_update(no_key=True).get(pk=friend_id)
    if Pro.objects.filter(friend=friend_id, approved_at__isnull=False).exists():
        raise AlreadyAPro
    said = {
        "company": company,
        "country": country,
        "vat_id": vat_id,
        "vat_checked_at": vat_checked_at,
        "insurer": insurer,
        "policy_number": policy_number,
        "insured_until": insured_until,
        "asked_at": now,
    }
    try:
        with transaction.atomic():
            Pro.objects.update_or_create(friend_id=friend_id, defaults=said)
    except IntegrityError as error:
        if constraint_of(error) != VAT_ID_ONCE:
            raise
        raise VatIdIsTaken from error
    return send_document(friend_id=friend_id, kind=DocumentKind.INSURANCE, file=file, now=now)


@transaction.atomic
def renew_insurance(
    *, friend_id: UUID, insurer: str, policy_number: str, insured_until: date, file: DocumentFile, now: datetime
) -> DocumentCheck:
    """Send the proof of another or a longer insurance; until somebody has seen it, the one before counts.

    Raises NoProYet, InsuranceIsOver or TooFarAhead.
    """
    check_insurance(insured_until, today=now.date())
    Friend.objects.select_for_update(no_key=True).get(pk=friend_id)
    renewed = Pro.objects.filter(friend=friend_id).update(
        insurer=insurer, policy_number=policy_number, insured_until=insured_until, asked_at=now
    )
    if not renewed:
        raise NoProYet
    return send_document(friend_id=friend_id, kind=DocumentKind.INSURANCE, file=file, now=now)


@transaction.atomic
def approve_pro(*, friend_id: UUID, who: str, now: datetime) -> Pro:
    """Let the friend take jobs for pros until the insurance ends.

    Raises ProsAreNotEnabled, or InsuranceIsOver where the proof waited for too long.
    """
    pro = Pro.objects.select_for_update().get(friend=friend_id)
    if not pros_are_enabled(pro.country):
        raise ProsAreNotEnabled
    check_insurance(pro.insured_until, today=now.date())
    pro.approved_at, pro.approved_by = now, who
    pro.save(update_fields=["approved_at", "approved_by"])
    Friend.objects.filter(pk=friend_id).update(is_pro=True, pro_until=pro.insured_until)
    return pro


def enable_pros(*, country: str, who: str, now: datetime) -> None:
    """Let pros take jobs in a country; enabling twice keeps who was first."""
    ProCountry.objects.get_or_create(country=country, defaults={"enabled_at": now, "enabled_by": who})


def disable_pros(*, country: str) -> None:
    """Let no pros take jobs in a country any more; what is accepted stays theirs."""
    ProCountry.objects.filter(pk=country).delete()


def check_insurance(insured_until: date, *, today: date) -> None:
    """Refuse an insurance that is over, or that would run for longer than any does.

    Raises InsuranceIsOver or TooFarAhead.
    """
    if insured_until <= today:
        raise InsuranceIsOver
    check_horizon(insured_until, today=today)


def pro_of(friend_id: UUID) -> Pro | None:
    """Return the friend's company, or None."""
    return Pro.objects.filter(friend=friend_id).first()


def pro_countries() -> QuerySet[ProCountry]:
    """Return the countries in which pros are enabled."""
    return ProCountry.objects.order_by("country")


def insurances_running_out(*, today: date) -> list[tuple[UUID, date, int]]:
    """Return the pros to remind: friend, last day of the insurance, and for which of REMIND_DAYS it is."""
    ends = Friend.objects.filter(
        is_pro=True, pro_until__gte=today, pro_until__lte=today + timedelta(days=max(REMIND_DAYS))
    )
    return [
        (friend_id, until, next(days for days in REMIND_DAYS if until <= today + timedelta(days=days)))
        for friend_id, until in ends.order_by("pro_until", "id").values_list("id", "pro_until")
        if until is not None
    ]
