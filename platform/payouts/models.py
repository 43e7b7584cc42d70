"""Friends' bank accounts, holds, runs and their payouts.

Friends are named by their id: this app knows the books and no crowd.
"""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from ledger.kinds import CURRENCIES
from ledger.models import Entry
from payouts.ibans import masked
from payouts.states import REFUSALS, HoldKind, PayoutState, Reason
from stripe_gateway.models import ConnectAccount

_IN_CURRENCY = Q(currency__in=CURRENCIES)
_BY_FILE = Q(by_transfer=False, account__isnull=False, file_number__isnull=False)
_BY_TRANSFER = Q(by_transfer=True, account__isnull=True, file_number__isnull=True)
_MOVES_MONEY = Q(amount_minor__gt=0) & (_BY_FILE | _BY_TRANSFER) & ~Q(state=PayoutState.SET_OFF)
_MOVES_NONE = Q(
    amount_minor=0,
    netted_minor__gt=0,
    by_transfer=False,
    account__isnull=True,
    file_number__isnull=True,
    state=PayoutState.SET_OFF,
)


class BankAccount(models.Model):
    """Where a friend is paid. A row is never changed but for its end, so a payout always tells where it went."""

    friend_id = models.UUIDField()
    holder = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    entered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # Why the bank refused it; empty for one that the friend has replaced.
    refusal = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["friend_id"], condition=Q(ended_at=None), name="payouts_one_account"),
            models.CheckConstraint(condition=Q(iban__regex=r"^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$"), name="payouts_iban"),
        ]
        indexes: ClassVar = [models.Index(fields=["friend_id", "ended_at"], name="payouts_accounts_of")]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """The IBAN as pages show it."""
        return masked(self.iban)


class Hold(models.Model):
    """A friend's payouts are kept back: by an operator, with a reason for the friend, or until tax details come."""

    friend_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=HoldKind, default=HoldKind.OPERATOR, db_default=HoldKind.OPERATOR)
    reason = models.CharField(max_length=300)
    placed_by = models.CharField(max_length=200)
    placed_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=200, blank=True, db_default="")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["friend_id"], condition=Q(lifted_at=None), name="payouts_one_hold"),
            models.CheckConstraint(condition=~Q(reason=""), name="payouts_hold_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.reason


class Run(models.Model):
    """One go at paying everybody, or one friend, in one currency. ``after`` is the friend through whom it has come."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    currency = models.CharField(max_length=3)
    # The pay day that it is for; none where an operator has asked for it.
    due_on = models.DateField(null=True)
    friend_id = models.UUIDField(null=True)
    asked_by = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField()
    after = models.UUIDField(null=True)
    payouts_count = models.PositiveIntegerField(default=0)
    total_minor = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["currency"], condition=Q(finished_at=None), name="payouts_one_open_run"),
            models.UniqueConstraint(fields=["currency", "due_on"], name="payouts_one_run_a_pay_day"),
            models.CheckConstraint(condition=_IN_CURRENCY, name="payouts_run_currency"),
        ]
        indexes: ClassVar = [models.Index(fields=["-begun_at"], name="payouts_latest_runs")]

    def __str__(self) -> str:
        return f"{self.currency} {self.begun_at:%Y-%m-%d}"


class Payout(models.Model):
    """What a friend gets of a run. Whatever it pays is taken from what they earned as friend and as pro.

    ``due_minor`` is what the books owed them before, with what was carried over; ``netted_minor`` what was set off
    against cash in their hands; ``earned_since`` the day of the oldest money in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    run = models.ForeignKey(Run, models.PROTECT, related_name="payouts", db_index=False)
    friend_id = models.UUIDField()
    account = models.ForeignKey(BankAccount, models.PROTECT, null=True, related_name="payouts", db_index=False)
    currency = models.CharField(max_length=3)
    due_minor = models.BigIntegerField()
    netted_minor = models.BigIntegerField()
    friend_minor = models.BigIntegerField()
    pro_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    earned_since = models.DateField()
    file_number = models.PositiveSmallIntegerField(null=True)
    # To the friend's account at Stripe (``Transfer``) instead of by a bank file.
    by_transfer = models.BooleanField(default=False, db_default=False)
    state = models.CharField(max_length=9, choices=PayoutState)
    ordered_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, blank=True, db_default="")
    refusal = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "friend_id"], name="payouts_once_a_run"),
            models.CheckConstraint(condition=_IN_CURRENCY, name="payouts_payout_currency"),
            models.CheckConstraint(
                condition=Q(
                    amount_minor=F("friend_minor") + F("pro_minor"),
                    friend_minor__gte=0,
                    pro_minor__gte=0,
                    netted_minor__gte=0,
                ),
                name="payouts_parts_add_up",
            ),
            models.CheckConstraint(condition=_MOVES_MONEY | _MOVES_NONE, name="payouts_moves_money_or_none"),
            models.CheckConstraint(
                condition=~Q(state__in=[PayoutState.REFUSED, PayoutState.RETURNED], refusal=""),
                name="payouts_refused_with_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["friend_id", "-ordered_at"], name="payouts_of_friend"),
            models.Index(fields=["run", "file_number", "id"], name="payouts_of_file"),
            # What the bank has not confirmed, oldest money first.
            models.Index(fields=["earned_since"], condition=Q(state=PayoutState.ORDERED), name="payouts_unconfirmed"),
            models.Index(fields=["-ordered_at", "id"], name="payouts_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} to {self.friend_id}"

    @property
    def goes_to(self) -> BankAccount | ConnectAccount | None:
        """Where the money goes; nowhere where all of it is set off."""
        return self.transfer.connect if self.by_transfer else self.account

    @property
    def why(self) -> str:
        """Why it was refused or taken back, in the reader's language where Stripe has said so."""
        return str(REFUSALS.get(self.refusal, self.refusal))


class Transfer(models.Model):
    """How far a payout to an account at Stripe is: written with the payout, before Stripe hears of it.

    ``key`` makes asking twice harmless for as long as Stripe remembers it; ``tried_at`` is when it was asked first.
    Later it is asked whether it has made it. ``look_at`` is when that is next; None where nothing is left to do.
    """

    payout = models.OneToOneField(Payout, models.PROTECT, primary_key=True, related_name="transfer")
    connect = models.ForeignKey(ConnectAccount, models.PROTECT, related_name="transfers")
    key = models.CharField(max_length=80, unique=True)
    transfer_id = models.CharField(max_length=100, unique=True, null=True)  # noqa: DJ001  # null is not yet
    tried_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    # Somebody wants it back, and why; the friend reads it.
    reverse_asked_at = models.DateTimeField(null=True)
    reverse_asked_by = models.CharField(max_length=200, blank=True)
    reverse_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(reverse_asked_at=None) | ~Q(reverse_reason=""), name="payouts_reversed_with_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["look_at"], name="payouts_transfer_due", condition=Q(look_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.transfer_id or self.key


class Line(models.Model):
    """An entry of the books that a payout has taken in: an entry is in one payout and never in a second."""

    payout = models.ForeignKey(Payout, models.PROTECT, related_name="lines")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="payout_line", primary_key=True)

    def __str__(self) -> str:
        return f"{self.entry_id} in {self.payout_id}"


class CommissionSeries(models.Model):
    """The numbers of the platform's invoices to friends in one year. ``last`` is the one given last, without a gap."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class CommissionInvoice(models.Model):
    """The platform's invoice to a friend for the commission on what they have sold, on the statement of a payout.

    All that stands on it was so when it was issued. ``issuer`` and ``buyer`` are name, address and tax numbers,
    ``lines`` ``{"order": number, "on": day, "net_minor": …, "vat_minor": …, "vat_bp": …}``, negative where it was taken
    back.
    """

    payout = models.OneToOneField(Payout, models.PROTECT, primary_key=True, related_name="commission_invoice")
    number = models.CharField(max_length=40, unique=True)
    issued_on = models.DateField()
    issuer: Any = models.JSONField()
    buyer: Any = models.JSONField()
    lines: Any = models.JSONField()
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=_IN_CURRENCY, name="payouts_invoice_currency"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def gross_minor(self) -> int:
        """What the commission comes to with its VAT."""
        return self.net_minor + self.vat_minor

    @property
    def vat_by_rate(self) -> list[tuple[int, int]]:
        """Each rate of VAT in basis points and how much there is by it, in minor units."""
        by_rate: dict[int, int] = {}
        for line in self.lines:
            by_rate[line["vat_bp"]] = by_rate.get(line["vat_bp"], 0) + line["vat_minor"]
        return sorted(by_rate.items())


class Waiting(models.Model):
    """Money that a friend has earned and nobody has paid: how much, since when, and why."""

    friend_id = models.UUIDField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=14, choices=Reason)
    since = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["friend_id", "currency"], name="payouts_waiting_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payouts_waiting_for_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["since", "id"], name="payouts_waits_longest")]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} of {self.friend_id}"


class Download(models.Model):
    """Somebody has taken a bank file, which holds names and IBANs."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="downloads")
    file_number = models.PositiveSmallIntegerField()
    who = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.who} took {self.file_number} of {self.run_id}"
