"""Vouchers: who may use a code, for how much, and how often. Run inside the tenant.

A use is taken under the voucher's lock in the transaction that writes the order, and given back by the one that ends
it.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from catalog.kinds import VoucherKind
from catalog.models import Campaign, Package, Voucher
from kernel.money import Split, format_money
from orders.errors import (
    UnknownVoucher,
    VoucherExpired,
    VoucherIsForMore,
    VoucherNotForPackage,
    VoucherNotYet,
    VoucherUsedByCustomer,
    VoucherUsedUp,
)
from orders.models import Order, Redemption


@dataclass(frozen=True)
class Worth:
    """A voucher and what it takes off a price, in minor units."""

    voucher: Voucher
    amount_minor: int


def clean_code(typed: str) -> str:
    """Return a code as it is kept: people type it in small letters, with blanks and hyphens."""
    return re.sub(r"[\s-]", "", typed).upper()


def worth_of(*, code: str, package: Package, price: Split, customer: str, language: str, today: date) -> Worth:
    """Return what a code takes off the price of a package for a customer; nothing is taken yet.

    Raises UnknownVoucher, VoucherNotYet, VoucherExpired, VoucherNotForPackage, VoucherIsForMore, VoucherUsedUp or
    VoucherUsedByCustomer.
    """
    voucher = Voucher.objects.select_related("campaign").filter(code=clean_code(code)).first()
    return _worth(voucher, package, price, customer, language, today)


def hold_voucher(*, code: str, package: Package, price: Split, customer: str, language: str, today: date) -> Worth:
    """Return the same, with the voucher locked until the transaction ends, so that nobody else takes its last use.

    Raises what ``worth_of`` does.
    """
    found = Voucher.objects.select_for_update(of=("self",)).select_related("campaign").filter(code=clean_code(code))
    voucher = found.first()
    if voucher is not None and voucher.campaign.uses_per_customer is not None:
        # A customer may have several codes of it at hand.
        Campaign.objects.select_for_update().get(pk=voucher.campaign_id)
    return _worth(voucher, package, price, customer, language, today)


def redeem(*, worth: Worth, order: Order, now: datetime) -> None:
    """Let an order have a voucher that is held."""
    worth.voucher.used += 1
    worth.voucher.save(update_fields=["used"])
    Redemption.objects.create(
        order=order,
        voucher=worth.voucher,
        customer=_known_again(order.email),
        amount_minor=worth.amount_minor,
        taken_at=now,
    )


def give_voucher_back(*, order: Order, now: datetime) -> None:
    """Let somebody else have the use of an order that has ended without work; twice changes nothing. It is locked."""
    if not order.voucher_code:
        return
    redemption = Redemption.objects.filter(order=order, returned_at=None).first()
    if redemption is None:
        return
    voucher = Voucher.objects.select_for_update().get(pk=redemption.voucher_id)
    voucher.used -= 1
    voucher.save(update_fields=["used"])
    redemption.returned_at = now
    redemption.save(update_fields=["returned_at"])


def _worth(voucher: Voucher | None, package: Package, price: Split, customer: str, language: str, today: date) -> Worth:
    if voucher is None:
        raise UnknownVoucher
    campaign = voucher.campaign
    if today < campaign.begins_on:
        raise VoucherNotYet
    if campaign.stopped_at or (campaign.ends_on and today > campaign.ends_on):
        raise VoucherExpired
    packages = list(campaign.packages.all())
    if campaign.currency != price.currency or (packages and package not in packages):
        raise VoucherNotForPackage
    if price.price_minor < campaign.least_price_minor:
        raise VoucherIsForMore(format_money(campaign.least_price_minor, campaign.currency, language=language))
    if voucher.uses is not None and voucher.used >= voucher.uses:
        raise VoucherUsedUp
    if campaign.uses_per_customer is not None:
        own = Redemption.objects.filter(
            voucher__campaign=campaign, customer=_known_again(customer), returned_at__isnull=True
        )
        if own.count() >= campaign.uses_per_customer:
            raise VoucherUsedByCustomer
    is_amount = campaign.kind == VoucherKind.AMOUNT
    return Worth(
        voucher,
        price.less_voucher(amount_minor=campaign.amount_minor if is_amount else 0, basis_points=campaign.basis_points),
    )


def _known_again(email: str) -> str:
    return email.strip().lower()
