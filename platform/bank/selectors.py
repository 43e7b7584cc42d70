"""Reads of payments that came in, and of the invoices that wait for them. Run on the platform."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from bank.models import BankPayment, BankStatement, Claim, Reminder
from bank.states import FOR_THE_DESK, ClaimState, InState


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


def claims(*, words: str = "", state: str = "", tenant_id: int | None = None, today: date) -> QuerySet[Any]:
    """Return claims by number or name of the debtor: first what waits for a decision, then by the day it was due.

    ``state`` is one of ClaimState, or ``decision`` or ``overdue``. Each has ``received_minor``, ``left_minor`` and
    ``waits``.
    """
    of_order = BankPayment.objects.filter(tenant_id=OuterRef("tenant_id"), order_id=OuterRef("order_id"))
    came = of_order.order_by().values("order_id")
    back = came.filter(settled_at__isnull=False).annotate(sum=Sum("over_minor")).values("sum")
    waits = Q(state=ClaimState.OPEN, decide_on__lt=today)
    place = Case(
        When(waits, then=Value(0)), When(state=ClaimState.OPEN, then=Value(1)), default=Value(2),
        output_field=IntegerField(),
    )  # fmt: skip
    found = Claim.objects.annotate(
        received_minor=Coalesce(Subquery(came.annotate(sum=Sum("amount_minor")).values("sum")), 0)
        - Coalesce(Subquery(back), 0),
        left_minor=Case(
            When(state=ClaimState.OPEN, then=F("amount_minor") + F("fees_minor") - F("received_minor")),
            default=Value(0),
            output_field=BigIntegerField(),
        ),
        waits=Case(When(waits, then=Value(1)), default=Value(0), output_field=IntegerField()),
    ).order_by(place, "due_on", "number", "id")
    match state:
        case "decision":
            found = found.filter(waits)
        case "overdue":
            found = found.filter(state=ClaimState.OPEN, due_on__lt=today)
        case _ if state:
            found = found.filter(state=state)
    if tenant_id is not None:
        found = found.filter(tenant_id=tenant_id)
    for word in words.split():
        found = found.filter(Q(number__icontains=word) | Q(debtor__icontains=word))
    return found


def reminders_of(*, tenant_id: int, order_id: UUID) -> list[Reminder]:
    """Return how often a customer was reminded of the order's open invoice, oldest first, each with its claim."""
    found = Reminder.objects.filter(
        claim__tenant_id=tenant_id, claim__order_id=order_id, claim__state__in=[ClaimState.OPEN, ClaimState.WRITTEN_OFF]
    )
    return list(found.select_related("claim").order_by("step"))
