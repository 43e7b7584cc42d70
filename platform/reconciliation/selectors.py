"""Reads of movements, comparisons and differences. Run on the platform."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from ledger.chart import AccountName
from ledger.kinds import CURRENCIES, Event
from ledger.models import Entry
from reconciliation.models import OPEN, Comparison, Difference, Movement, Reading
from reconciliation.states import Party, Show

# A provider's own doing that is booked out of its movements.
_BOOKED_BY_US = Event.FEE_CHARGED
_SHOWN = {
    Show.OPEN: OPEN,
    Show.ASIDE: Q(gone_at=None, set_aside_at__isnull=False),
    Show.GONE: Q(gone_at__isnull=False),
}


def read_through(party: Party) -> datetime | None:
    """Return through which moment a provider's movements have been read."""
    found = Reading.objects.filter(party=party).first()
    return found.through if found else None


def unmatched(party: Party) -> QuerySet[Movement]:
    """Return a provider's movements for which nothing in the books stands, oldest first."""
    return Movement.objects.filter(party=party, key="").order_by("moved_at", "id")


def off(party: Party) -> QuerySet[Movement]:
    """Return a provider's movements that the books have with another amount."""
    return Movement.objects.filter(party=party).exclude(off_minor=0).order_by("moved_at", "id")


def first_booked(account: AccountName) -> datetime | None:
    """Return when something was first booked on a provider's accounts."""
    entries = Entry.objects.filter(account__in=_in_each(account)).order_by("transaction__at")
    return entries.values_list("transaction__at", flat=True).first()


def only_booked(account: AccountName, *, before: datetime) -> QuerySet[Entry]:
    """Return what is booked on a provider's accounts and stands for no movement, oldest first; what is older alone."""
    moved = Movement.objects.filter(key=OuterRef("transaction__key"))
    found = Entry.objects.filter(account__in=_in_each(account), transaction__at__lt=before).filter(~Exists(moved))
    return found.exclude(transaction__event=_BOOKED_BY_US).select_related("transaction", "account").order_by("id")


def booked_on(account: AccountName, currency: str, key: str) -> int | None:
    """Return what a transaction has booked on an account, debit positive; None where it is not in the books."""
    found = Entry.objects.filter(account=account.id_in(currency), transaction__key=key)
    return found.values_list("amount_minor", flat=True).first()


def difference_by_id(difference_id: UUID) -> Difference:
    """Return a difference.

    Raises ``Difference.DoesNotExist``.
    """
    return Difference.objects.get(pk=difference_id)


def differences(*, words: str = "", show: str = "", party: str = "", currency: str = "") -> QuerySet[Difference]:
    """Return differences by what they are about; the open ones first, of each the oldest first."""
    wanted: dict[str, Any] = {"party": party, "currency": currency}
    found = Difference.objects.filter(**{name: value for name, value in wanted.items() if value})
    if show:
        found = found.filter(_SHOWN[Show(show)])
    for word in words.split():
        found = found.filter(Q(what__icontains=word) | Q(subject__icontains=word) | Q(reason__icontains=word))
    # Descending, what has no moment comes first.
    return found.order_by("-gone_at", "-set_aside_at", "since", "id")


def open_count() -> int:
    """Return how many differences wait for a decision (1 query)."""
    return Difference.objects.filter(OPEN).count()


def open_differences(ids: list[str]) -> QuerySet[Difference]:
    """Return those of some differences that still wait for a decision, oldest first."""
    return Difference.objects.filter(OPEN, pk__in=ids).order_by("since", "id")


def last_comparison() -> Comparison | None:
    """Return the comparison that was begun last."""
    return Comparison.objects.order_by("-begun_at").first()


def is_compared(night: date) -> bool:
    """Say whether a night's comparison is over."""
    return Comparison.objects.filter(night=night, finished_at__isnull=False).exists()


def _in_each(account: AccountName) -> list[UUID]:
    return [account.id_in(currency) for currency in CURRENCIES]


def is_taken(key: str) -> bool:
    """Say whether a movement stands for a transaction of the books already."""
    return Movement.objects.filter(key=key).exists()
