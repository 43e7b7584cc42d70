"""What the platform has taken of friends' own sales is invoiced to them with the payout, out of the books. Platform."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from crowd.models import SellerProfile
from crowd.selling import SellerHistory, seller_of, seller_profiles, sellers_then
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
    friend_ids = {payout.friend_id for payout in payouts}
    profiles, histories = seller_profiles(friend_ids), sellers_then(friend_ids)
    for payout in payouts:
        if payout.friend_id in histories:
            _issue(payout, profiles[payout.friend_id], histories[payout.friend_id], now)


def _issue(payout: Payout, profile: SellerProfile, history: SellerHistory, now: datetime) -> None:
    """Issue the invoice over what the friend has sold, by what they were when the work was done; to who they are."""
    made = list(transactions_of(payout))
    jobs = jobs_by_id(one.job_id for one in made if one.job_id)
    lines = [
        line
        for one in made
        if one.job_id in jobs and _is_own_sale(jobs[one.job_id], history, one.at)
        for line in _line(one, jobs[one.job_id])
    ]
    if lines:
        buyer = {part: value for part, value in asdict(seller_of(profile)).items() if part in _BUYER}
        issue_commission_invoice(payout=payout, issuer=_issuer(), buyer=buyer, lines=lines, on=timezone.localdate(now))


def _is_own_sale(job: Job, history: SellerHistory, booked_at: datetime) -> bool:
    """Say whether a job was the friend's own sale, as its bill was: where they could not sell, the platform did."""
    return job.is_sold_by_friend and history.at(job.closed_at or booked_at, country=job.country) is not None


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
