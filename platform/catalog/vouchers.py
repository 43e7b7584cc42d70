"""Vouchers as a partner's managers make them. Run inside the tenant; orders.vouchers says what customers may do."""

import re
import secrets
from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, F, QuerySet, Sum

from catalog.errors import CodeTaken, CodeUnreadable
from catalog.kinds import VoucherKind
from catalog.models import Campaign, Package, Voucher
from kernel.database.constraints import constraint_of

# Without what people take for something else: I, L and O, 0 and 1.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
# Of 31 letters: a guess hits one of a thousand codes with a chance of one in 10 to the 11th.
LENGTH = 10
MOST_CODES = 5_000
# The constraint by which a code is one campaign's alone.
ONE_CODE = "catalog_voucher_code_key"
OWN_CODE = re.compile(r"^[A-Z0-9]{4,20}$")


@transaction.atomic
def create_campaign(
    *,
    name: str,
    kind: VoucherKind,
    amount_minor: int,
    basis_points: int,
    currency: str,
    least_price_minor: int,
    begins_on: date,
    ends_on: date | None,
    packages: Collection[Package],
    uses: int | None,
    uses_per_customer: int | None,
    code: str,
    count: int,
    who: str,
    now: datetime,
) -> Campaign:
    """Make a campaign with one code of the partner's own, or with so many that nobody can guess.

    Raises CodeUnreadable, or CodeTaken where another campaign has the code.
    """
    campaign = Campaign.objects.create(
        name=name,
        kind=kind,
        amount_minor=amount_minor if kind == VoucherKind.AMOUNT else 0,
        basis_points=basis_points if kind == VoucherKind.PERCENT else 0,
        currency=currency,
        least_price_minor=least_price_minor,
        begins_on=begins_on,
        ends_on=ends_on,
        uses=uses,
        uses_per_customer=uses_per_customer,
        created_at=now,
        created_by=who,
    )
    campaign.packages.set(packages)
    codes = [_own(code)] if code else _generated(count)
    try:
        with transaction.atomic():
            Voucher.objects.bulk_create([Voucher(campaign=campaign, code=one, uses=uses) for one in codes])
    except IntegrityError as error:
        if constraint_of(error) != ONE_CODE:
            raise
        raise CodeTaken from error
    return campaign


def stop_campaign(*, campaign: Campaign, now: datetime) -> None:
    """Let nobody use the codes any more; orders that have one keep it."""
    Campaign.objects.filter(pk=campaign.pk, stopped_at=None).update(stopped_at=now)


def resume_campaign(*, campaign: Campaign) -> None:
    """Let the codes count again."""
    Campaign.objects.filter(pk=campaign.pk).update(stopped_at=None)


def campaigns() -> QuerySet[Campaign]:
    """Return the campaigns, newest first, each with ``codes`` and ``times_used``."""
    found = Campaign.objects.annotate(codes=Count("vouchers"), times_used=Sum("vouchers__used"))
    return found.order_by("-created_at", "-pk")


def codes_of(campaign: Campaign) -> QuerySet[Voucher]:
    """Return the codes of a campaign, those used most first."""
    return campaign.vouchers.order_by(F("used").desc(), "code")


def _own(code: str) -> str:
    bare = re.sub(r"[\s-]", "", code).upper()
    if not OWN_CODE.match(bare):
        raise CodeUnreadable
    return bare


def _generated(count: int) -> list[str]:
    found: set[str] = set()
    while len(found) < count:
        found.add("".join(secrets.choice(ALPHABET) for _letter in range(LENGTH)))
    return sorted(found)
