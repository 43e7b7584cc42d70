"""Reads of payments that came in. Run on the platform."""

from datetime import date
from uuid import UUID

from django.db.models import Case, IntegerField, Q, QuerySet, Sum, Value, When

from bank.models import BankPayment, BankStatement
from bank.states import FOR_THE_DESK, InState


def on_desk() -> QuerySet[BankPayment]:
    """Return what waits for an operator: what belongs to nobody first, then what is too much, then the parts."""
    place = Case(
        *(When(state=state, then=Value(rank)) for rank, state in enumerate(FOR_THE_DESK)), output_field=IntegerField()
    )
    return BankPayment.objects.filter(settled_at=None).order_by(place, "booked_on", "id")


def payments(*, words: str = "", state: str = "") -> QuerySet[BankPayment]:
    """Return payments by payer, reference, words or number of the bill, newest first."""
    found = BankPayment.objects.order_by("-booked_on", "-read_at", "id")
    if state:
        found = found.filter(state=state)
    for word in words.split():
        found = found.filter(
            Q(payer__icontains=word)
            | Q(reference__icontains=word)
            | Q(words__icontains=word)
            | Q(number__icontains=word)
        )
    return found


def received_minor(*, tenant_id: int, order_id: UUID) -> int:
    """Return what has come in for an order, less what went back because it was too much."""
    found = BankPayment.objects.filter(tenant_id=tenant_id, order_id=order_id)
    came = found.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    back = found.filter(settled_at__isnull=False).aggregate(sum=Sum("over_minor"))["sum"] or 0
    return int(came - back)


def statements(*, words: str = "", currency: str = "") -> QuerySet[BankStatement]:
    """Return the statements that were read, by account or file, latest first."""
    found = BankStatement.objects.order_by("-closed_on", "-id")
    if currency:
        found = found.filter(currency=currency)
    for word in words.split():
        found = found.filter(Q(iban__icontains=word) | Q(file_name__icontains=word))
    return found


def without_order(*, currency: str, until: date) -> QuerySet[BankPayment]:
    """Return what came in through a day and was counted for nothing, oldest first."""
    found = BankPayment.objects.filter(state=InState.UNKNOWN, currency=currency, booked_on__lte=until)
    return found.order_by("booked_on", "id")
