"""What the platform has taken of friends' own sales is invoiced to them with the payout, out of the books. Platform."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from crowd.models import SellerProfile
from crowd.selling import seller_of, seller_profiles
from dispatch.models import Job
from dispatch.selectors import jobs_by_id
from ledger.kinds import AccountKind
from ledger.models import Transaction
from payouts.commission_invoices import issue_commission_invoice
from payouts.models import Payout
from payouts.selectors import transactions_of
from places.countries import vat_bp

_BUYER = ("name", "street", "postal_code", "town", "country", "vat_id", "is_small_business")
_ISSUER = ("name", "street", "postal_code", "town", "country", "vat_id", "tin")


def issue_commission_invoices(payouts: Sequence[Payout], *, now: datetime) -> None:
    """Issue the invoice of each payout in which a friend's own sales are; in the transaction that orders them."""
    profiles = seller_profiles({payout.friend_id for payout in payouts})
    for payout in payouts:
        profile = profiles.get(payout.friend_id)
        if profile is not None:
            _issue(payout, profile, now)


def _issue(payout: Payout, profile: SellerProfile, now: datetime) -> None:
    made = list(transactions_of(payout))
    sold = {
        key: job for key, job in jobs_by_id(one.job_id for one in made if one.job_id).items() if job.is_sold_by_friend
    }
    lines = [line for one in made if one.job_id in sold for line in _line(one, sold[one.job_id])]
    if lines:
        buyer = {part: value for part, value in asdict(seller_of(profile)).items() if part in _BUYER}
        issue_commission_invoice(payout=payout, issuer=_issuer(), buyer=buyer, lines=lines, on=timezone.localdate(now))


def _line(made: Transaction, job: Job) -> Iterable[dict[str, Any]]:
    """Return what the platform has taken by a transaction, as the books have it: nothing where it has taken none."""
    taken = {one.account.kind: -one.amount_minor for one in made.entries.all()}
    net, vat = taken.get(AccountKind.PLATFORM, 0), taken.get(AccountKind.VAT, 0)
    if net or vat:
        rate = vat_bp(job.country, timezone.localdate(job.created_at)) if vat else 0
        yield {
            "order": job.order_number,
            "on": made.booked_on.isoformat(),
            "net_minor": net,
            "vat_minor": vat,
            "vat_bp": rate,
        }


def _issuer() -> dict[str, str]:
    """Return who invoices: the platform's operator, by its short name where the setting has gone meanwhile."""
    said = settings.TAX_OPERATOR
    return {"name": settings.PAYOUT_SENDER} | {part: said[part] for part in _ISSUER if said.get(part)}
