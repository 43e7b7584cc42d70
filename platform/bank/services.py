"""Writes of payments that came in, and of the invoices that wait for them. Run on the platform."""

from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from bank.errors import AlreadySettled, ClaimIsClosed
from bank.incoming import Incoming, Statement
from bank.models import BankPayment, BankStatement, Claim, Reminder
from bank.states import ClaimState, InState


def keep_payment(incoming: Incoming, *, file_name: str, who: str, now: datetime) -> BankPayment | None:
    """Write down a payment; None where it is known, whichever file told of it.

    A file of the other kind has told of it where both say the same words of the same sum on the same day.
    """
    twins = BankPayment.objects.filter(twin=incoming.twin).exclude(kind=incoming.kind)
    if incoming.twin and twins.exists():
        return None
    payment, is_new = BankPayment.objects.get_or_create(
        key=incoming.key,
        defaults=asdict(incoming) | {"file_name": file_name[:255], "read_at": now, "read_by": who},
    )
    return payment if is_new else None


def keep_statement(stated: Statement, *, file_name: str, who: str, now: datetime) -> None:
    """Write down what an account held before and after a statement, where it says so; once a day of an account."""
    if stated.held is None:
        return
    held = asdict(stated.held)
    names = {"iban": stated.iban, "currency": held.pop("currency"), "closed_on": held.pop("closed_on")}
    read = {"file_name": file_name[:255], "read_at": now, "read_by": who}
    BankStatement.objects.update_or_create(**names, defaults=held | read)


def locked_payment(payment_id: UUID) -> BankPayment:
    """Return a payment that is on the desk, locked until the transaction ends.

    Raises AlreadySettled, and ``BankPayment.DoesNotExist``.
    """
    payment = BankPayment.objects.select_for_update().get(pk=payment_id)
    if payment.settled_at:
        raise AlreadySettled
    return payment


def count_for(
    payment: BankPayment, *, tenant_id: int, order_id: UUID, number: str, owed_minor: int, received_minor: int,
    now: datetime,
) -> None:  # fmt: skip
    """Count a payment for an order's bill; ``received_minor`` came for it before.

    Whoever has paid the rest settles the parts before.
    """
    sum_minor = received_minor + payment.amount_minor
    payment.tenant_id, payment.order_id, payment.number = tenant_id, order_id, number
    payment.over_minor = min(max(sum_minor - owed_minor, 0), payment.amount_minor)
    payment.state = InState.OVER if payment.over_minor else InState.PAID if sum_minor == owed_minor else InState.PARTIAL
    payment.settled_at = now if payment.state == InState.PAID else None
    payment.save()
    if payment.state != InState.PARTIAL:
        settle_parts(tenant_id=tenant_id, order_id=order_id, now=now)


def count_for_partner(
    payment: BankPayment, *, tenant_id: int, invoice_id: UUID, number: str, left_minor: int, now: datetime
) -> None:
    """Count a payment for an invoice to a partner, of which so much was left; the rest settles the parts before."""
    payment.tenant_id, payment.partner_invoice_id, payment.number = tenant_id, invoice_id, number
    payment.over_minor = max(payment.amount_minor - left_minor, 0)
    is_all = payment.amount_minor == left_minor
    payment.state = InState.OVER if payment.over_minor else InState.PAID if is_all else InState.PARTIAL
    payment.settled_at = now if payment.state == InState.PAID else None
    payment.save()
    if payment.state != InState.PARTIAL:
        parts = BankPayment.objects.filter(partner_invoice_id=invoice_id, state=InState.PARTIAL, settled_at=None)
        parts.update(settled_at=now)


def settle(payment: BankPayment, *, who: str, note: str, now: datetime) -> None:
    """Take a payment off the desk, with who has done what about it."""
    payment.settled_at, payment.settled_by, payment.note = now, who, note[:500]
    payment.save(update_fields=["settled_at", "settled_by", "note"])


def settle_parts(*, tenant_id: int, order_id: UUID, now: datetime) -> None:
    """Take the parts that were paid of an order's invoice off the desk: no rest is waited for."""
    parts = BankPayment.objects.filter(tenant_id=tenant_id, order_id=order_id, state=InState.PARTIAL, settled_at=None)
    parts.update(settled_at=now)


def locked_claim(claim_id: UUID) -> Claim:
    """Return a claim, locked until the transaction ends.

    Raises ``Claim.DoesNotExist``.
    """
    return Claim.objects.select_for_update().get(pk=claim_id)


def locked_claim_of(*, tenant_id: int, order_id: UUID) -> Claim | None:
    """Return the claim of an order that is open or written off, locked until the transaction ends."""
    standing = (ClaimState.OPEN, ClaimState.WRITTEN_OFF)
    found = Claim.objects.select_for_update().filter(tenant_id=tenant_id, order_id=order_id, state__in=standing)
    return found.first()


def note_reminder(claim: Claim, *, fee_minor: int, sent_on: date, pay_by: date, now: datetime) -> Reminder:
    """Write down that the customer is reminded once more; the claim is locked."""
    claim.reminders_sent, claim.fees_minor = claim.reminders_sent + 1, claim.fees_minor + fee_minor
    claim.save(update_fields=["reminders_sent", "fees_minor"])
    return Reminder.objects.create(
        claim=claim, step=claim.reminders_sent, sent_at=now, sent_on=sent_on, pay_by=pay_by, fee_minor=fee_minor
    )


def await_decision(claim: Claim, *, on: date | None) -> None:
    """Let a person decide about a claim from a day on; None where reminders are still to come. It is locked."""
    claim.decide_on = on
    claim.save(update_fields=["decide_on"])


def write_off(claim: Claim, *, amount_minor: int, why: str, who: str, now: datetime) -> None:
    """Write off what is left of a claim, which the caller has locked.

    Raises ClaimIsClosed.
    """
    if claim.state != ClaimState.OPEN or amount_minor <= 0:
        raise ClaimIsClosed
    claim.state, claim.written_off_minor, claim.written_off_at = ClaimState.WRITTEN_OFF, amount_minor, now
    claim.written_off_by, claim.why = who, why[:500]
    claim.save()
    settle_parts(tenant_id=claim.tenant_id, order_id=claim.order_id, now=now)


def recover(claim: Claim, *, amount_minor: int) -> int:
    """Count money for what was written off of a claim; return how much of it that is. The claim is locked."""
    recovered = min(amount_minor, claim.written_off_minor - claim.recovered_minor)
    claim.recovered_minor += recovered
    claim.save(update_fields=["recovered_minor"])
    return recovered


def close_claim(claim: Claim, *, state: ClaimState) -> None:
    """Close a claim that is paid or taken back. It is locked."""
    claim.state = state
    claim.save(update_fields=["state"])
