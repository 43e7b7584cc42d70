"""Attempts to pay online, refunds, and the inbox of webhooks. No personal data and nothing of a card."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from stripe_gateway.kinds import Provider
from stripe_gateway.states import LIVE, UNDECIDED_DISPUTES, CardState, DisputeState, Purpose, RefundState

CARD = "card"


class CardPayment(models.Model):
    """One attempt to pay an order, or a tip, online, in minor units: written before the provider hears of it.

    ``asked`` is what the provider is asked for and ``key`` what makes asking twice harmless. ``look_at`` is when it is
    asked next how it stands; None where nothing is left to do. ``reader`` is the card reader on which a payment on site
    is made; without one there is a hosted page.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    tenant_id = models.IntegerField()
    order_id = models.UUIDField()
    provider = models.CharField(
        max_length=8, choices=Provider, default=Provider.STRIPE, db_default=Provider.STRIPE.value
    )
    reader = models.CharField(max_length=100, blank=True, db_default="")
    purpose = models.CharField(
        max_length=8, choices=Purpose, default=Purpose.ORDER, db_default=models.Value(Purpose.ORDER)
    )
    state = models.CharField(max_length=8, choices=CardState, default=CardState.STARTED)
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    refunded_minor = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=80, unique=True)
    asked: Any = models.JSONField()
    session_id = models.CharField(max_length=100, unique=True, null=True)  # noqa: DJ001  # null is not yet
    intent_id = models.CharField(max_length=100, unique=True, null=True)  # noqa: DJ001  # null is not yet
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # Since when the customer has done their part, and their bank has not said yes or no.
    pending_since = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    # What has come where it is not what was asked for.
    received_minor = models.PositiveIntegerField(null=True)
    look_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant_id", "order_id"], condition=Q(state__in=LIVE), name="card_payment_one_live_an_order"
            ),
            # Never more goes back than came, whatever the code does.
            models.CheckConstraint(
                condition=Q(refunded_minor__lte=F("amount_minor")), name="card_payment_refund_within"
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor=0) | Q(state=CardState.PAID), name="card_payment_refund_of_paid"
            ),
            models.CheckConstraint(
                condition=Q(state=CardState.PAID, paid_at__isnull=False, intent_id__isnull=False)
                | (~Q(state=CardState.PAID) & Q(paid_at__isnull=True)),
                name="card_payment_paid_has_moment",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant_id", "order_id"], name="card_payment_of_order"),
            # Serves the poll for what is due.
            models.Index(fields=["look_at"], name="card_payment_due", condition=Q(look_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} for {self.order_id} ({self.state})"

    @property
    def title(self) -> str:
        """What the customer has read on the hosted page: package and order number."""
        if self.provider == Provider.SUMUP:
            return str(self.asked["description"])
        return str(self.asked["line_items"][0]["price_data"]["product_data"]["name"])

    @property
    def way(self) -> str:
        """How it is paid, by Stripe's name of it; SumUp takes cards alone."""
        if self.provider == Provider.SUMUP:
            return CARD
        return str(self.asked["allowed_payment_method_types"][0])

    @property
    def came_minor(self) -> int:
        """What has come, in minor units, where something has."""
        is_wrong = self.state == CardState.WRONG
        return self.received_minor or 0 if is_wrong else self.amount_minor

    @property
    def kept_minor(self) -> int:
        """What has not gone back, in minor units."""
        return self.amount_minor - self.refunded_minor


class CardRefund(models.Model):
    """Money that goes back to the card, in minor units of the payment; its id makes asking twice harmless."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    payment = models.ForeignKey(CardPayment, models.PROTECT, related_name="refunds")
    amount_minor = models.PositiveIntegerField()
    why = models.CharField(max_length=30)
    state = models.CharField(max_length=8, choices=RefundState, default=RefundState.ASKED)
    refund_id = models.CharField(max_length=100, unique=True, null=True)  # noqa: DJ001  # null is not yet
    created_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    # The operator, by mail address, who has asked for it.
    asked_by = models.CharField(max_length=254, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="card_refund_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} of {self.payment_id} ({self.state})"


class CardDispute(models.Model):
    """A customer has disputed a card payment at their bank; in minor units. What is true is read from the provider.

    At SumUp it is a charge-back, which is answered on SumUp's own pages. An inquiry (``moves_money`` is false) takes no
    money unless it becomes a dispute. ``due_by`` is until when the bank takes an answer. The answer itself is not kept
    here: it tells of people.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    payment = models.ForeignKey(CardPayment, models.PROTECT, related_name="disputes")
    dispute_id = models.CharField(max_length=100, unique=True)
    state = models.CharField(max_length=8, choices=DisputeState, default=DisputeState.OPEN)
    moves_money = models.BooleanField(default=True)
    amount_minor = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=60)
    due_by = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=254, blank=True)
    # Who has given it up: the bank then decides for the customer at once.
    accepted_by = models.CharField(max_length=254, blank=True, db_default="")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=UNDECIDED_DISPUTES, closed_at=None)
                | (~Q(state__in=UNDECIDED_DISPUTES) & Q(closed_at__isnull=False)),
                name="card_dispute_closed_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} {self.currency} of {self.payment_id} ({self.state})"

    @property
    def is_charge_back(self) -> bool:
        """Whether it is SumUp's, so that an answer goes another way than from here."""
        return self.payment.provider == Provider.SUMUP


class ConnectAccount(models.Model):
    """A friend's own account at Stripe, to which they are paid; written before Stripe hears of it.

    ``wants`` are Stripe's names of what it still has to be told before it pays, ``refusal`` its reason not to. The row
    is never changed but for what Stripe says of it and its end, so a payout always tells where it went.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    friend_id = models.UUIDField()
    key = models.CharField(max_length=80, unique=True)
    asked: Any = models.JSONField()
    account_id = models.CharField(max_length=100, unique=True, null=True)  # noqa: DJ001  # null is not yet
    is_ready = models.BooleanField(default=False, db_default=False)
    wants: Any = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    refusal = models.CharField(max_length=100, blank=True, db_default="")
    entered_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    # The friend uses it no more, or Stripe has closed it.
    ended_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["friend_id"], condition=Q(ended_at=None), name="connect_one_account"),
            models.CheckConstraint(
                condition=Q(is_ready=False) | Q(account_id__isnull=False, ended_at=None), name="connect_ready_is_there"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["look_at"], name="connect_account_due", condition=Q(look_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"Stripe … {(self.account_id or '')[-4:]}"


class StripeEvent(models.Model):
    """A webhook, stored once. It only says that a payment is worth a look: what is true is read from Stripe."""

    id = models.CharField(max_length=100, primary_key=True)
    kind = models.CharField(max_length=80)
    object_id = models.CharField(max_length=100)
    # By which a dispute is found that was heard of before its payment was: it names nothing else of ours.
    intent_id = models.CharField(max_length=100, blank=True, db_default="")
    payment = models.ForeignKey(CardPayment, models.PROTECT, null=True, related_name="events")
    received_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["intent_id"], name="stripe_event_of_intent", condition=~Q(intent_id="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
