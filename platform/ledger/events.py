"""What each business event books. Pure: every function returns the transaction for ``ledger.services.post``.

docs/money/books.md has the same as a table, which a test reads and plays. Amounts are in minor units, never negative.
``worker`` is the account of whoever did the work, a friend or a pro; ``provider`` is Stripe, SumUp or the bank.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from ledger import chart
from ledger.chart import AccountName
from ledger.kinds import Event
from ledger.services import About, Line, Posting

Side = Iterable[tuple[AccountName, int]]


@dataclass(frozen=True)
class Occasion:
    """One act: the job, payment, refund or payout that the event happens to, where and when.

    ``act`` makes the event's key: the same event of the same act is booked once.
    """

    act: UUID
    currency: str
    on: date
    at: datetime
    about: About


def card_paid(occasion: Occasion, *, provider: AccountName, tenant_id: int, amount: int) -> Posting:
    """Book that a customer has paid by card or transfer: at booking, on site, or an invoice."""
    return _posting(Event.CARD_PAID, occasion, [(provider, amount)], [(chart.customers_of(tenant_id), amount)])


def invoice_paid(occasion: Occasion, *, tenant_id: int, amount: int) -> Posting:
    """Book that a customer's payment of an invoice, or a part of it, has come in on the bank account."""
    return _posting(Event.INVOICE_PAID, occasion, [(chart.BANK, amount)], [(chart.customers_of(tenant_id), amount)])


def cash_paid(occasion: Occasion, *, tenant_id: int, friend_id: UUID, amount: int) -> Posting:
    """Book that a customer has given a friend cash."""
    return _posting(
        Event.CASH_PAID, occasion, [(chart.cash_of(friend_id), amount)], [(chart.customers_of(tenant_id), amount)]
    )


def cash_rounded_down(occasion: Occasion, *, tenant_id: int, amount: int) -> Posting:
    """Book what a customer paid less because cash in CHF goes by five Rappen."""
    return _posting(
        Event.CASH_ROUNDED_DOWN, occasion, [(chart.ROUNDING, amount)], [(chart.customers_of(tenant_id), amount)]
    )


def cash_rounded_up(occasion: Occasion, *, tenant_id: int, amount: int) -> Posting:
    """Book what a customer paid more because cash in CHF goes by five Rappen."""
    return _posting(
        Event.CASH_ROUNDED_UP, occasion, [(chart.customers_of(tenant_id), amount)], [(chart.ROUNDING, amount)]
    )


def fee_charged(occasion: Occasion, *, provider: AccountName, amount: int) -> Posting:
    """Book what Stripe, SumUp or the bank keeps for a payment, payout or dispute."""
    return _posting(Event.FEE_CHARGED, occasion, [(chart.FEES, amount)], [(provider, amount)])


def job_done(occasion: Occasion, *, tenant_id: int, worker: AccountName, price: int) -> Posting:
    """Book that a job is done: the customer owes the price, whoever did the work has earned it."""
    return _posting(Event.JOB_DONE, occasion, [(chart.customers_of(tenant_id), price)], [(worker, price)])


def commission_taken(occasion: Occasion, *, worker: AccountName, commission: int, vat: int) -> Posting:
    """Book the commission on a job, and the VAT that is owed on it."""
    return _posting(
        Event.COMMISSION_TAKEN, occasion, [(worker, commission + vat)], [(chart.PLATFORM, commission), (chart.VAT, vat)]
    )


def overflow_shared(occasion: Occasion, *, tenant_id: int, share: int) -> Posting:
    """Book a partner's share of the commission on a job that left its community."""
    return _posting(Event.OVERFLOW_SHARED, occasion, [(chart.PLATFORM, share)], [(chart.partner(tenant_id), share)])


def diagnosis_earned(occasion: Occasion, *, tenant_id: int, friend_id: UUID, amount: int) -> Posting:
    """Book what a friend gets for the diagnosis before a pro takes over; the customer owes it."""
    return _posting(
        Event.DIAGNOSIS_EARNED, occasion, [(chart.customers_of(tenant_id), amount)], [(chart.friend(friend_id), amount)]
    )


def diagnosis_by_partner(occasion: Occasion, *, tenant_id: int, friend_id: UUID, amount: int) -> Posting:
    """Book a diagnosis that the partner pays, since the customer's order ended without work."""
    return _posting(
        Event.DIAGNOSIS_BY_PARTNER, occasion, [(chart.partner(tenant_id), amount)], [(chart.friend(friend_id), amount)]
    )


def paid_by_partner(occasion: Occasion, *, tenant_id: int, amount: int) -> Posting:
    """Book that a partner takes over what its customer owes: a package that it pays, or goodwill."""
    return _posting(
        Event.PAID_BY_PARTNER, occasion, [(chart.partner(tenant_id), amount)], [(chart.customers_of(tenant_id), amount)]
    )


def partner_paid_in(occasion: Occasion, *, tenant_id: int, amount: int) -> Posting:
    """Book that a partner has paid its invoice."""
    return _posting(Event.PARTNER_PAID_IN, occasion, [(chart.BANK, amount)], [(chart.partner(tenant_id), amount)])


def partner_paid_out(occasion: Occasion, *, tenant_id: int, amount: int) -> Posting:
    """Book that a partner's shares were transferred to it."""
    return _posting(Event.PARTNER_PAID_OUT, occasion, [(chart.partner(tenant_id), amount)], [(chart.BANK, amount)])


def cancellation_fee(
    occasion: Occasion, *, tenant_id: int, worker: AccountName, share: int, commission: int, vat: int
) -> Posting:
    """Book the fee of a customer who cancels late: the worker's share, and what the platform keeps."""
    return _fee(Event.CANCELLATION_FEE, occasion, tenant_id, worker, share, commission, vat)


def no_show_fee(
    occasion: Occasion, *, tenant_id: int, worker: AccountName, share: int, commission: int, vat: int
) -> Posting:
    """Book the fee of a customer who was not there: the worker's share, and what the platform keeps."""
    return _fee(Event.NO_SHOW_FEE, occasion, tenant_id, worker, share, commission, vat)


def work_taken_back(
    occasion: Occasion, *, tenant_id: int, worker: AccountName, earned: int, commission: int, vat: int
) -> Posting:
    """Book that work counts no more, whole or in part: what was earned with it, and its commission, go back."""
    return _posting(
        Event.WORK_TAKEN_BACK,
        occasion,
        [(worker, earned), (chart.PLATFORM, commission), (chart.VAT, vat)],
        [(chart.customers_of(tenant_id), earned + commission + vat)],
    )


def guarantee_granted(occasion: Occasion, *, tenant_id: int, amount: int) -> Posting:
    """Book that the guarantee takes over what a customer need not pay, whole or in part; the worker keeps theirs."""
    return _posting(
        Event.GUARANTEE_GRANTED, occasion, [(chart.GUARANTEE, amount)], [(chart.customers_of(tenant_id), amount)]
    )


def refund_paid(occasion: Occasion, *, provider: AccountName, tenant_id: int, amount: int) -> Posting:
    """Book a refund to the customer, whole or in part; what they need not pay any more was booked before."""
    return _posting(Event.REFUND_PAID, occasion, [(chart.customers_of(tenant_id), amount)], [(provider, amount)])


def cash_netted(occasion: Occasion, *, worker: AccountName, friend_id: UUID, amount: int) -> Posting:
    """Book that customers' cash in a friend's hands is set off against what they have earned."""
    return _posting(Event.CASH_NETTED, occasion, [(worker, amount)], [(chart.cash_of(friend_id), amount)])


def cash_handed_in(occasion: Occasion, *, friend_id: UUID, amount: int) -> Posting:
    """Book that a friend has transferred customers' cash to the platform."""
    return _posting(Event.CASH_HANDED_IN, occasion, [(chart.BANK, amount)], [(chart.cash_of(friend_id), amount)])


def payout_ordered(occasion: Occasion, *, worker: AccountName, amount: int) -> Posting:
    """Book a payout that stands in a bank file, or that Stripe is to transfer."""
    return _posting(Event.PAYOUT_ORDERED, occasion, [(worker, amount)], [(chart.UNDER_WAY, amount)])


def payout_transferred(occasion: Occasion, *, amount: int) -> Posting:
    """Book that Stripe has transferred a payout to the worker's account there."""
    return _posting(Event.PAYOUT_TRANSFERRED, occasion, [(chart.UNDER_WAY, amount)], [(chart.STRIPE, amount)])


def payout_confirmed(occasion: Occasion, *, amount: int) -> Posting:
    """Book that the bank has carried out a payout."""
    return _posting(Event.PAYOUT_CONFIRMED, occasion, [(chart.UNDER_WAY, amount)], [(chart.BANK, amount)])


def payout_refused(occasion: Occasion, *, worker: AccountName, amount: int) -> Posting:
    """Book that the bank or Stripe has refused a payout: the money is the worker's as before."""
    return _posting(Event.PAYOUT_REFUSED, occasion, [(chart.UNDER_WAY, amount)], [(worker, amount)])


def payout_returned(occasion: Occasion, *, provider: AccountName, worker: AccountName, amount: int) -> Posting:
    """Book that a payout was sent back by the worker's bank."""
    return _posting(Event.PAYOUT_RETURNED, occasion, [(provider, amount)], [(worker, amount)])


def provider_paid_out(occasion: Occasion, *, provider: AccountName, amount: int) -> Posting:
    """Book what Stripe or SumUp has transferred to the platform's bank account."""
    return _posting(Event.PROVIDER_PAID_OUT, occasion, [(chart.BANK, amount)], [(provider, amount)])


def provider_took_back(occasion: Occasion, *, provider: AccountName, amount: int) -> Posting:
    """Book that Stripe or SumUp takes from the bank account what it is short of, after refunds and charge-backs."""
    return _posting(Event.PROVIDER_TOOK_BACK, occasion, [(provider, amount)], [(chart.BANK, amount)])


def tip_paid(occasion: Occasion, *, provider: AccountName, worker: AccountName, amount: int) -> Posting:
    """Book a tip, all of it for the worker. One in cash is theirs at once and not booked."""
    return _posting(Event.TIP_PAID, occasion, [(provider, amount)], [(worker, amount)])


def voucher_sold(occasion: Occasion, *, provider: AccountName, amount: int) -> Posting:
    """Book that somebody has bought a voucher."""
    return _posting(Event.VOUCHER_SOLD, occasion, [(provider, amount)], [(chart.VOUCHERS, amount)])


def voucher_redeemed(occasion: Occasion, *, tenant_id: int, amount: int) -> Posting:
    """Book that a customer pays with a voucher."""
    return _posting(
        Event.VOUCHER_REDEEMED, occasion, [(chart.VOUCHERS, amount)], [(chart.customers_of(tenant_id), amount)]
    )


def voucher_given(occasion: Occasion, *, amount: int) -> Posting:
    """Book a voucher that the platform gives away."""
    return _posting(Event.VOUCHER_GIVEN, occasion, [(chart.BONUSES, amount)], [(chart.VOUCHERS, amount)])


def bonus_earned(occasion: Occasion, *, worker: AccountName, amount: int) -> Posting:
    """Book a bonus that the platform pays a worker."""
    return _posting(Event.BONUS_EARNED, occasion, [(chart.BONUSES, amount)], [(worker, amount)])


def dispute_opened(occasion: Occasion, *, provider: AccountName, amount: int) -> Posting:
    """Book that a customer disputes a card payment: the provider takes the money back until it is decided."""
    return _posting(Event.DISPUTE_OPENED, occasion, [(chart.DISPUTED, amount)], [(provider, amount)])


def dispute_won(occasion: Occasion, *, provider: AccountName, amount: int) -> Posting:
    """Book that the provider gives the disputed money back."""
    return _posting(Event.DISPUTE_WON, occasion, [(provider, amount)], [(chart.DISPUTED, amount)])


def dispute_lost(occasion: Occasion, *, amount: int) -> Posting:
    """Book that the disputed money is lost: the guarantee bears it, the worker keeps theirs."""
    return _posting(Event.DISPUTE_LOST, occasion, [(chart.GUARANTEE, amount)], [(chart.DISPUTED, amount)])


def reminder_fee(occasion: Occasion, *, tenant_id: int, amount: int) -> Posting:
    """Book what a reminder of an open invoice costs the customer; it is damages, so no VAT is in it."""
    return _posting(Event.REMINDER_FEE, occasion, [(chart.customers_of(tenant_id), amount)], [(chart.PLATFORM, amount)])


def written_off(occasion: Occasion, *, tenant_id: int, amount: int) -> Posting:
    """Book that a customer will not pay: the guarantee bears it, the worker keeps theirs."""
    return _posting(Event.WRITTEN_OFF, occasion, [(chart.GUARANTEE, amount)], [(chart.customers_of(tenant_id), amount)])


def write_off_recovered(occasion: Occasion, *, amount: int) -> Posting:
    """Book that a customer has paid what was written off."""
    return _posting(Event.WRITE_OFF_RECOVERED, occasion, [(chart.BANK, amount)], [(chart.GUARANTEE, amount)])


def _fee(
    event: Event, occasion: Occasion, tenant_id: int, worker: AccountName, share: int, commission: int, vat: int
) -> Posting:
    return _posting(
        event,
        occasion,
        [(chart.customers_of(tenant_id), share + commission + vat)],
        [(worker, share), (chart.PLATFORM, commission), (chart.VAT, vat)],
    )


def _posting(event: Event, occasion: Occasion, debited: Side, credited: Side) -> Posting:
    """Return the transaction.

    Raises ValueError for a negative amount: whoever owes stands on the other side, not under zero.
    """
    sides = [
        *((account, amount, 1) for account, amount in debited),
        *((account, amount, -1) for account, amount in credited),
    ]
    if any(amount < 0 for _account, amount, _sign in sides):
        raise ValueError(f"{event} was given a negative amount.")
    return Posting(
        key=f"{event}:{occasion.act}",
        event=event,
        booked_on=occasion.on,
        at=occasion.at,
        lines=[Line(account, occasion.currency, sign * amount) for account, amount, sign in sides],
        about=occasion.about,
    )
