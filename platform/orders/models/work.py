"""The appointment, what the friend did, and what the customer says against it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.orders import Order
from orders.signatures import DRAWN, LONGEST_DRAWING, LONGEST_NAME, VIEW_BOX
from orders.states import AppointmentState, ObjectionOutcome, Side


class Appointment(models.Model):
    """A date that one side proposes and the other accepts or counters (R15)."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="appointments")
    starts_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=8, choices=Side)
    state = models.CharField(max_length=8, choices=AppointmentState, default=AppointmentState.PROPOSED)
    note = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(state=AppointmentState.PROPOSED),
                name="appointment_one_open_proposal",
            ),
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(state=AppointmentState.AGREED), name="appointment_one_agreed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} at {self.starts_at} ({self.state})"


class Report(models.Model):
    """What the friend did on site.

    ``why_now`` is why the job was closed before the agreed day, or without one; a trigger wants it there.
    """

    order = models.OneToOneField(Order, models.CASCADE, related_name="report")
    summary = models.TextField(_("what was done"), max_length=2000)
    material = models.CharField(_("material used"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes on site"))
    is_paid = models.BooleanField(_("paid on site"), default=False)
    why_now = models.CharField(max_length=300, blank=True, db_default="")
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Report of {self.order_id}"


class Signature(models.Model):
    """The customer has signed on site that the work is done: with a drawing, or by a tick where it is empty.

    ``drawing`` is the data of an SVG path in a field of ``signatures.WIDTH`` by ``signatures.HEIGHT``.
    """

    order = models.OneToOneField(Order, models.CASCADE, related_name="signature")
    name = models.CharField(max_length=LONGEST_NAME)
    drawing = models.CharField(max_length=LONGEST_DRAWING, blank=True)
    signed_at = models.DateTimeField()

    view_box = VIEW_BOX

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="signature_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(drawing="") | models.Q(drawing__regex=DRAWN), name="signature_is_a_path"
            ),
        ]

    def __str__(self) -> str:
        return f"Signature of {self.order_id}"


class Objection(models.Model):
    """The customer says that the work is not done: a case on the managers' desk that stops the clock of confirmation.

    A trigger keeps the order from being confirmed while one is open. ``returns_at`` is when a manager has said that
    the friend comes back; ``answer`` is for both sides to read.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="objections")
    words = models.CharField(max_length=1000)
    opened_at = models.DateTimeField()
    returns_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=ObjectionOutcome, blank=True)
    answer = models.CharField(max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(closed_at__isnull=True), name="objection_one_open_an_order"
            ),
            models.CheckConstraint(condition=~models.Q(words=""), name="objection_says_what"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, outcome="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(outcome="")),
                name="objection_closed_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"Objection about {self.order_id} ({self.outcome or 'open'})"
