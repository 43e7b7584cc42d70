"""Writes of payments that came in. Run on the platform."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from bank.camt import Incoming, Statement
from bank.errors import AlreadySettled
from bank.models import BankPayment, BankStatement
from bank.states import InState


def keep_payment(incoming: Incoming, *, file_name: str, who: str, now: datetime) -> BankPayment | None:
    """Write down a payment; None where it is known, whichever file told of it."""
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
        parts = BankPayment.objects.filter(
            tenant_id=tenant_id, order_id=order_id, state=InState.PARTIAL, settled_at=None
        )
        parts.update(settled_at=now)


def settle(payment: BankPayment, *, who: str, note: str, now: datetime) -> None:
    """Take a payment off the desk, with who has done what about it."""
    payment.settled_at, payment.settled_by, payment.note = now, who, note[:500]
    payment.save(update_fields=["settled_at", "settled_by", "note"])
