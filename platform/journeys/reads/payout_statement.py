"""The statement of a payout: each job with its three figures, and how the rest of the amount comes about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dispatch.models import Job
from dispatch.selectors import jobs_by_id
from ledger.kinds import AccountKind, Event
from ledger.models import Transaction
from payouts.commission_invoices import commission_invoice_of
from payouts.models import CommissionInvoice, Payout
from payouts.selectors import transactions_of

_WORK = (AccountKind.FRIEND, AccountKind.PRO)


@dataclass(frozen=True)
class Line:
    """What a job, or an event without one, has brought, in minor units.

    ``price_minor`` less ``commission_minor`` and ``tip_minor`` on top are what the friend gets; ``cash_minor`` is what
    they were given in cash.
    """

    on: date
    event: str
    job: Job | None
    price_minor: int
    commission_minor: int
    tip_minor: int
    cash_minor: int

    @property
    def earned_minor(self) -> int:
        """What the friend gets."""
        return self.price_minor - self.commission_minor + self.tip_minor


@dataclass(frozen=True)
class PayoutStatement:
    """A payout to the last minor unit: carried over + earned - cash = due, and due - paid = left (or owed).

    ``invoice`` is the platform's for the commission on what the friend has sold in their own name.
    """

    payout: Payout
    lines: list[Line]
    invoice: CommissionInvoice | None = None

    @property
    def price_minor(self) -> int:
        """What customers pay for all of it."""
        return sum(line.price_minor for line in self.lines)

    @property
    def commission_minor(self) -> int:
        """The commission on all of it."""
        return sum(line.commission_minor for line in self.lines)

    @property
    def earned_minor(self) -> int:
        """What the friend gets of all of it."""
        return sum(line.earned_minor for line in self.lines)

    @property
    def tip_minor(self) -> int:
        """What customers have given on top."""
        return sum(line.tip_minor for line in self.lines)

    @property
    def cash_minor(self) -> int:
        """What they were given in cash."""
        return sum(line.cash_minor for line in self.lines)

    @property
    def carried_minor(self) -> int:
        """What was left of the time before: a debt, or nothing."""
        return self.payout.due_minor - self.earned_minor + self.cash_minor

    @property
    def left_minor(self) -> int:
        """What goes over to the next payout: a debt, or nothing."""
        return self.payout.due_minor - self.payout.amount_minor


def statement_of(payout: Payout) -> PayoutStatement:
    """Return the statement of a payout (5 queries)."""
    lines: dict[UUID | int, list[Transaction]] = {}
    for made in transactions_of(payout):
        # What the payout itself has booked is not what it is made of.
        if made.event not in {Event.CASH_NETTED, Event.PAYOUT_ORDERED}:
            lines.setdefault(made.job_id or made.pk, []).append(made)
    jobs = jobs_by_id(made[0].job_id for made in lines.values() if made[0].job_id)
    worked = [_line(made, jobs, payout.friend_id) for made in lines.values()]
    return PayoutStatement(payout, worked, commission_invoice_of(payout))


def _line(made: list[Transaction], jobs: dict[UUID, Job], friend_id: UUID) -> Line:
    price = commission = tip = cash = 0
    for one in made:
        for kind, amount in _own(one, friend_id):
            if kind == AccountKind.CASH:
                cash += amount
            elif one.event == Event.COMMISSION_TAKEN:
                commission += amount
            elif one.event == Event.TIP_PAID:
                tip -= amount
            else:
                price -= amount
    first = made[0]
    job = jobs.get(first.job_id) if first.job_id else None
    return Line(first.booked_on, first.get_event_display(), job, price, commission, tip, cash)


def _own(made: Transaction, friend_id: UUID) -> Iterable[tuple[str, int]]:
    """Return the entries on the friend's own accounts, debit positive."""
    return [(one.account.kind, one.amount_minor) for one in made.entries.all() if one.account.friend_id == friend_id]
