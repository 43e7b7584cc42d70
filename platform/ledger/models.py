"""Accounts, transactions and their entries, the days through which the books are closed, and what was carried forward.

Nothing here is ever changed or deleted: triggers in the database refuse it to every login.
"""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from ledger.kinds import CURRENCIES, GROWS_BY_CREDIT, HELD_BY_FRIENDS, HELD_BY_PARTNERS, AccountKind, Event

_OF_PARTNER = models.Q(kind__in=HELD_BY_PARTNERS, tenant_id__isnull=False, friend_id__isnull=True)
_OF_FRIEND = models.Q(kind__in=HELD_BY_FRIENDS, tenant_id__isnull=True, friend_id__isnull=False)
_OF_NOBODY = models.Q(tenant_id__isnull=True, friend_id__isnull=True) & ~models.Q(
    kind__in=(*HELD_BY_PARTNERS, *HELD_BY_FRIENDS)
)
_REFERENCES = ("order_id", "job_id", "payment_id", "refund_id", "payout_id")


class Account(models.Model):
    """An account in one currency; its id follows from the rest (ledger.chart)."""

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12, choices=AccountKind)
    tenant_id = models.PositiveIntegerField(null=True)
    friend_id = models.UUIDField(null=True)
    currency = models.CharField(max_length=3)

    class Meta:
        constraints: ClassVar = [
            # Its order serves the accounts of a friend, and those of a partner.
            models.UniqueConstraint(
                fields=["friend_id", "tenant_id", "kind", "currency"], nulls_distinct=False, name="ledger_account_once"
            ),
            models.CheckConstraint(
                condition=_OF_PARTNER | _OF_FRIEND | _OF_NOBODY, name="ledger_account_has_its_holder"
            ),
            models.CheckConstraint(condition=models.Q(currency__in=CURRENCIES), name="ledger_account_currency"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.tenant_id or self.friend_id or ''} {self.currency}"

    @property
    def sign(self) -> int:
        """Say by what a debit-positive amount is multiplied to be positive where the account usually stands."""
        return -1 if self.kind in GROWS_BY_CREDIT else 1


class Transaction(models.Model):
    """A business event in the books. ``key`` says which, so that it is booked once.

    ``booked_on`` is the day it counts for, ``at`` the moment it was booked. The rows it is about live in other schemas.
    """

    key = models.CharField(max_length=80, unique=True)
    event = models.CharField(max_length=40, choices=Event)
    booked_on = models.DateField()
    at = models.DateTimeField()
    written_at = models.DateTimeField(db_default=Now())
    entry_count = models.PositiveSmallIntegerField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    tenant_id = models.PositiveIntegerField(null=True)
    order_id = models.UUIDField(null=True)
    job_id = models.UUIDField(null=True)
    payment_id = models.UUIDField(null=True)
    refund_id = models.UUIDField(null=True)
    payout_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(entry_count__gte=2), name="ledger_transaction_has_two_sides"),
            models.CheckConstraint(
                condition=models.Q(*((f"{name}__isnull", False) for name in _REFERENCES), _connector=models.Q.OR),
                name="ledger_transaction_is_about_something",
            ),
        ]
        indexes: ClassVar = [
            # What was booked for an order.
            models.Index(fields=["order_id"], name="ledger_of_order", condition=models.Q(order_id__isnull=False)),
            # A partner's month.
            models.Index(fields=["tenant_id", "booked_on"], name="ledger_of_partner"),
        ]

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """One side of a transaction on one account, in minor units: a debit is positive, a credit negative."""

    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="entries", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="entries", db_index=False)
    booked_on = models.DateField()
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transaction", "account"], name="ledger_entry_once"),
            models.CheckConstraint(condition=~models.Q(amount_minor=0), name="ledger_entry_is_something"),
        ]
        indexes: ClassVar = [
            # Balances and statements, out of the index alone.
            models.Index(fields=["account", "booked_on", "id"], include=["amount_minor"], name="ledger_of_account"),
            # Trial balances of a period.
            BrinIndex(fields=["booked_on"], name="ledger_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} on {self.account_id}"

    @property
    def credit_minor(self) -> int:
        """The amount of a credit, positive."""
        return max(-self.amount_minor, 0)


class Closing(models.Model):
    """The books are closed through that day: no transaction of it or an earlier one is taken any more."""

    through = models.DateField(primary_key=True)
    closed_by = models.CharField(max_length=200)
    closed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"closed through {self.through}"


class Carried(models.Model):
    """What an account held at a closing, debit positive, written by the database; an account at zero has no row."""

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="carried", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="carried", db_index=False)
    balance_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "closing"], name="ledger_carried_once"),
        ]

    def __str__(self) -> str:
        return f"{self.balance_minor} on {self.account_id}"
