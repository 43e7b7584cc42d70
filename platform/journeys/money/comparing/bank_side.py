"""The banks' side of the comparison, and that of the payouts: what statements and payouts say against the books."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.conf import settings

from bank.models import BankStatement
from bank.selectors import statements, without_order
from ledger import chart
from ledger.kinds import CURRENCIES, Event
from ledger.selectors import balance_of, moved_after
from payouts.selectors import off_the_books
from reconciliation.services import Found
from reconciliation.states import Kind, Party

DAY = timedelta(days=1)


def bank_differences() -> list[Found]:
    """Return in what the statements that were read differ from the books, and what is missing between them."""
    found: list[Found] = []
    for currency in CURRENCIES:
        of_accounts: dict[str, list[BankStatement]] = {}
        for one in statements(currency=currency).order_by("closed_on"):
            of_accounts.setdefault(one.iban, []).append(one)
        for read in of_accounts.values():
            found += _gaps(read)
        if of_accounts:
            found += _balance(currency, list(of_accounts.values()))
    return found


def payout_differences(now: datetime) -> list[Found]:
    """Return the payouts that are under way in the books and nowhere else, or the other way round."""
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return [
        Found(
            party=Party.PAYOUTS,
            kind=Kind.AMOUNT,
            subject=str(payout_id),
            what=f"payout {payout_id}",
            currency=currency,
            amount_minor=off_minor,
            since=since or today,
            payout_id=payout_id,
        )
        for payout_id, currency, off_minor, since in off_the_books()
    ]


def _gaps(read: list[BankStatement]) -> Iterator[Found]:
    for before, after in pairwise(read):
        if after.opening_minor != before.closing_minor:
            yield Found(
                party=Party.BANK,
                kind=Kind.GAP,
                subject=f"{after.iban}:{after.closed_on}",
                what=f"{after.iban} {before.closed_on} – {after.opened_on}",
                currency=after.currency,
                amount_minor=after.opening_minor - before.closing_minor,
                since=before.closed_on,
            )


def _balance(currency: str, accounts: list[list[BankStatement]]) -> Iterator[Found]:
    """Yield what came in for nobody, and by how much else the accounts have moved more than the books say.

    The accounts are compared through the day to which all of them are read, from the day on which the first begins.
    """
    until = min(read[-1].closed_on for read in accounts)
    moved = [[one for one in read if one.closed_on <= until] for read in accounts]
    moved = [read for read in moved if read]
    if not moved:
        return
    since = min(read[0].opened_on for read in moved)
    at_bank = sum(read[-1].closing_minor - read[0].opening_minor for read in moved)
    in_books = balance_of(chart.BANK, currency, before=until + DAY) - balance_of(chart.BANK, currency, before=since)
    rest = at_bank - in_books
    for payment in without_order(currency=currency, until=until):
        rest -= payment.amount_minor
        if payment.settled_at is None:
            yield Found(
                party=Party.BANK,
                kind=Kind.NOT_BOOKED,
                subject=str(payment.pk),
                what=f"{payment.payer} {payment.reference or payment.words}".strip(),
                currency=currency,
                amount_minor=payment.amount_minor,
                since=payment.booked_on,
                payment_id=payment.pk,
            )
    if rest and rest != _confirmed_later(currency, until):
        yield Found(
            party=Party.BANK,
            kind=Kind.BALANCE,
            subject=currency,
            what=", ".join(sorted(read[0].iban for read in moved)),
            currency=currency,
            amount_minor=rest,
            since=until,
        )


def _confirmed_later(currency: str, until: date) -> int:
    """Return what the bank had paid by a day if all that was confirmed afterwards left before: it is booked later."""
    return moved_after(chart.BANK, currency, event=Event.PAYOUT_CONFIRMED, after=until)
