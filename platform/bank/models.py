"""Payments that came in and what the accounts held, each once, however many files tell of it; and the open invoices."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from bank.states import FOR_THE_DESK, ClaimState, FileKind, InState


class BankPayment(models.Model):
    """Money that came in, in minor units, as the bank says it, and what became of it.

    ``order_id``, or ``partner_invoice_id``, and ``number`` are what it was counted for; ``over_minor`` is how much more
    it is than was owed. ``settled_at`` is when nothing was left to do about it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.CharField(max_length=80, unique=True)
    # The same in files of another kind that tell of the same payment, as far as they say the same.
    twin = models.CharField(max_length=80, blank=True, db_default="")
    kind = models.CharField(max_length=5, choices=FileKind, default=FileKind.CAMT, db_default=FileKind.CAMT)
    iban = models.CharField(max_length=34)
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveBigIntegerField()
    booked_on = models.DateField()
    reference = models.CharField(max_length=140, blank=True)
    words = models.CharField(max_length=500, blank=True)
    payer = models.CharField(max_length=140, blank=True)
    payer_iban = models.CharField(max_length=34, blank=True)
    file_name = models.CharField(max_length=255)
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=254)

    state = models.CharField(max_length=8, choices=InState, default=InState.UNKNOWN)
    tenant_id = models.IntegerField(null=True)
    order_id = models.UUIDField(null=True)
    # Of the invoice to a partner that it is for, where it is not a customer's.
    partner_invoice_id = models.UUIDField(null=True)
    number = models.CharField(max_length=80, blank=True)
    over_minor = models.PositiveBigIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=254, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    state=InState.UNKNOWN,
                    tenant_id__isnull=True,
                    order_id__isnull=True,
                    partner_invoice_id__isnull=True,
                )
                | (
                    ~Q(state=InState.UNKNOWN)
                    & Q(tenant_id__isnull=False)
                    & (Q(order_id__isnull=False) ^ Q(partner_invoice_id__isnull=False))
                ),
                name="bank_payment_known_is_for_something",
            ),
            models.CheckConstraint(
                condition=Q(state=InState.OVER, over_minor__gt=0) | (~Q(state=InState.OVER) & Q(over_minor=0)),
                name="bank_payment_over_says_how_much",
            ),
            models.CheckConstraint(condition=Q(over_minor__lte=F("amount_minor")), name="bank_payment_over_within"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=False) | Q(state__in=FOR_THE_DESK), name="bank_payment_paid_is_settled"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "order_id"], name="bank_payment_of_order"),
            models.Index(fields=["twin"], name="bank_payment_twin", condition=~Q(twin="")),
            models.Index(fields=["booked_on"], name="bank_payment_on_desk", condition=Q(settled_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} on {self.booked_on} ({self.state})"


class BankStatement(models.Model):
    """What an account held before and after the entries of a statement, in minor units; ``closed_on`` is its last day.

    A later file of the same day takes its place.
    """

    iban = models.CharField(max_length=34)
    currency = models.CharField(max_length=3)
    opened_on = models.DateField()
    closed_on = models.DateField()
    opening_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()
    file_name = models.CharField(max_length=255)
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=254)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["iban", "currency", "closed_on"], name="bank_statement_once"),
            models.CheckConstraint(condition=Q(opened_on__lte=F("closed_on")), name="bank_statement_goes_forward"),
        ]
        indexes: ClassVar = [models.Index(fields=["-closed_on", "id"], name="bank_latest_statements")]

    def __str__(self) -> str:
        return f"{self.closing_minor} {self.currency} on {self.closed_on}"


class Claim(models.Model):
    """What a customer owes by an invoice, in minor units, until it is paid, written off or taken back.

    ``id`` is the invoice's. ``fees_minor`` are those of its reminders, of which there were ``reminders_sent``. From
    ``decide_on`` on no reminder is left, and a person decides. Money that comes after it was written off is recovered.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    tenant_id = models.IntegerField()
    order_id = models.UUIDField()
    number = models.CharField(max_length=80)
    debtor = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    amount_minor = models.PositiveBigIntegerField()
    fees_minor = models.PositiveBigIntegerField(default=0)
    issued_on = models.DateField()
    due_on = models.DateField()
    reminders_sent = models.PositiveSmallIntegerField(default=0)
    decide_on = models.DateField(null=True)

    state = models.CharField(max_length=11, choices=ClaimState, default=ClaimState.OPEN)
    written_off_minor = models.PositiveBigIntegerField(default=0)
    written_off_at = models.DateTimeField(null=True)
    written_off_by = models.CharField(max_length=254, blank=True)
    why = models.CharField(max_length=500, blank=True)
    recovered_minor = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant_id", "order_id"],
                condition=Q(state__in=[ClaimState.OPEN, ClaimState.WRITTEN_OFF]),
                name="claim_one_of_an_order",
            ),
            models.CheckConstraint(
                condition=Q(written_off_minor=0, written_off_at__isnull=True, why="")
                | (Q(written_off_minor__gt=0, written_off_at__isnull=False) & ~Q(why="")),
                name="claim_write_off_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClaimState.WRITTEN_OFF) | Q(written_off_minor__gt=0),
                name="claim_written_off_is_some",
            ),
            models.CheckConstraint(
                condition=Q(recovered_minor__lte=F("written_off_minor")), name="claim_recovers_what_was_written_off"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="claim_is_of_something"),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "due_on"], name="claim_by_state")]

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"

    @property
    def owed_minor(self) -> int:
        """The invoice with the fees of its reminders, whatever has come in."""
        return self.amount_minor + self.fees_minor


class Reminder(models.Model):
    """A customer was reminded of an invoice: the ``step``-th time, each at most once."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="reminders")
    step = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()
    sent_on = models.DateField()
    pay_by = models.DateField()
    fee_minor = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "step"], name="reminder_once_a_step"),
            models.CheckConstraint(condition=Q(step__gte=1), name="reminder_steps_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.step}"
