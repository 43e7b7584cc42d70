"""The kinds of accounts and of events."""

from django.db import models
from django.utils.translation import gettext_lazy as _

CURRENCIES = ("CHF", "EUR", "PLN")


class AccountKind(models.TextChoices):
    """What an account holds. Customers have one for each partner; an order tells whose money it is."""

    CUSTOMER = "customer", _("Customers")
    PARTNER = "partner", _("Partner")
    PLATFORM = "platform", _("Platform")
    FRIEND = "friend", _("Friend")
    PRO = "pro", _("Pro")
    VAT = "vat", _("VAT")
    STRIPE = "stripe", "Stripe"
    SUMUP = "sumup", "SumUp"
    BANK = "bank", _("Bank")
    CASH = "cash", _("Cash in friends' hands")
    UNDER_WAY = "under_way", _("Payouts under way")
    DISPUTED = "disputed", _("Disputed payments")
    VOUCHERS = "vouchers", _("Vouchers")
    FEES = "fees", _("Payment fees")
    GUARANTEE = "guarantee", _("Guarantee")
    BONUSES = "bonuses", _("Bonuses")
    ROUNDING = "rounding", _("Rounding")


class Event(models.TextChoices):
    """What happened; docs/money/books.md says what each of them books."""

    CARD_PAID = "card_paid", _("Paid by card")
    INVOICE_PAID = "invoice_paid", _("Invoice paid")
    CASH_PAID = "cash_paid", _("Paid in cash")
    CASH_ROUNDED_DOWN = "cash_rounded_down", _("Cash rounded down")
    CASH_ROUNDED_UP = "cash_rounded_up", _("Cash rounded up")
    FEE_CHARGED = "fee_charged", _("Payment fee charged")
    JOB_DONE = "job_done", _("Job done")
    COMMISSION_TAKEN = "commission_taken", _("Commission")
    OVERFLOW_SHARED = "overflow_shared", _("Share of a job passed on")
    DIAGNOSIS_EARNED = "diagnosis_earned", _("Diagnosis")
    DIAGNOSIS_BY_PARTNER = "diagnosis_by_partner", _("Diagnosis paid by the partner")
    PAID_BY_PARTNER = "paid_by_partner", _("Taken over by the partner")
    PARTNER_PAID_IN = "partner_paid_in", _("Paid in by the partner")
    PARTNER_PAID_OUT = "partner_paid_out", _("Paid out to the partner")
    CANCELLATION_FEE = "cancellation_fee", _("Cancellation fee")
    NO_SHOW_FEE = "no_show_fee", _("Fee for an absence")
    WORK_TAKEN_BACK = "work_taken_back", _("Work taken back")
    GUARANTEE_GRANTED = "guarantee_granted", _("Taken over by the guarantee")
    REFUND_PAID = "refund_paid", _("Refund")
    CASH_NETTED = "cash_netted", _("Cash offset")
    CASH_HANDED_IN = "cash_handed_in", _("Cash transferred")
    PAYOUT_TRANSFERRED = "payout_transferred", _("Payout transferred by Stripe")
    PAYOUT_ORDERED = "payout_ordered", _("Payout ordered")
    PAYOUT_CONFIRMED = "payout_confirmed", _("Payout confirmed by the bank")
    PAYOUT_REFUSED = "payout_refused", _("Payout refused by the bank")
    PAYOUT_RETURNED = "payout_returned", _("Payout returned")
    PROVIDER_PAID_OUT = "provider_paid_out", _("Transfer to the bank account")
    PROVIDER_TOOK_BACK = "provider_took_back", _("Taken from the bank account by the payment service")
    TIP_PAID = "tip_paid", _("Tip")
    VOUCHER_SOLD = "voucher_sold", _("Voucher sold")
    VOUCHER_GIVEN = "voucher_given", _("Voucher given away")
    VOUCHER_REDEEMED = "voucher_redeemed", _("Voucher redeemed")
    BONUS_EARNED = "bonus_earned", _("Bonus")
    DISPUTE_OPENED = "dispute_opened", _("Dispute opened")
    DISPUTE_WON = "dispute_won", _("Dispute won")
    DISPUTE_LOST = "dispute_lost", _("Dispute lost")
    REMINDER_FEE = "reminder_fee", _("Fee for a reminder")
    WRITTEN_OFF = "written_off", _("Written off")
    WRITE_OFF_RECOVERED = "write_off_recovered", _("Paid after write-off")
    REVERSAL = "reversal", _("Reversal")


# What moves a worker's account without being earned: it is on its way to them, has come back, or they had it before.
PAYOUTS = (
    Event.CASH_NETTED,
    Event.PAYOUT_ORDERED,
    Event.PAYOUT_REFUSED,
    Event.PAYOUT_RETURNED,
)


HELD_BY_PARTNERS = (AccountKind.CUSTOMER, AccountKind.PARTNER)
HELD_BY_FRIENDS = (AccountKind.FRIEND, AccountKind.PRO, AccountKind.CASH)
# What others have of ours, and what is lost, grows by debits; what we owe or earn grows by credits.
GROWS_BY_CREDIT = frozenset(
    {AccountKind.PARTNER, AccountKind.PLATFORM, AccountKind.FRIEND, AccountKind.PRO, AccountKind.VAT}
    | {AccountKind.UNDER_WAY, AccountKind.VOUCHERS}
)
