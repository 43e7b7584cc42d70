"""Order and all that belongs to it."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.kinds import QuestionKind
from catalog.models import Package
from kernel.slots import Part
from orders.errors import IllegalOrderMove
from orders.states import (
    AppointmentState,
    Attention,
    CaseOutcome,
    EscalationState,
    ObjectionOutcome,
    OrderState,
    Side,
    Source,
    TextPlace,
    Words,
)


class BookingDraft(models.Model):
    """What a customer has typed so far, by step; kept until the order is placed, so going back loses nothing.

    ``data`` is ``{step: {field: value}}``; photos are rows of their own.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    data: Any = models.JSONField(default=dict)
    source = models.CharField(max_length=6, choices=Source, default=Source.WEB)
    booked_by = models.UUIDField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.id)


class DraftPhoto(models.Model):
    """A photo that answers a question of a draft; re-encoded, so no metadata is left in it."""

    draft = models.ForeignKey(BookingDraft, models.CASCADE, related_name="photos")
    question_key = models.CharField(max_length=40)
    image = models.ImageField(upload_to="intake")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "question_key"], name="draft_photo_once_a_question")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}: {self.question_key}"


class PlaceWish(models.Model):
    """Somebody wants to hear when a package can be had at a place; counts once the mail address is confirmed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    country = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=12)
    email = models.EmailField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["package", "country", "postal_code", "email"], name="place_wish_once")
        ]

    def __str__(self) -> str:
        return f"{self.package_id} at {self.country} {self.postal_code}"


class Order(models.Model):
    """A customer's order. What was bought is copied: a change of the catalogue never touches it."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    # Given when the draft becomes an order.
    number = models.CharField(_("number"), max_length=20, unique=True, null=True)  # noqa: DJ001  # null is not yet
    # A draft becomes one order, however often the button is pressed.
    draft = models.OneToOneField(BookingDraft, models.SET_NULL, null=True, related_name="order")
    state = models.CharField(_("state"), max_length=10, choices=OrderState, default=OrderState.DRAFT)
    attention = models.CharField(_("needs attention"), max_length=20, choices=Attention, blank=True, default="")
    source = models.CharField(_("source"), max_length=6, choices=Source)
    booked_by = models.UUIDField(null=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)

    package = models.ForeignKey(Package, models.PROTECT, related_name="orders", verbose_name=_("package"))
    package_name = models.JSONField()
    minutes = models.PositiveSmallIntegerField()
    country = models.CharField(_("country"), max_length=2)
    currency = models.CharField(max_length=3)
    price_minor = models.PositiveIntegerField()
    vat_bp = models.PositiveIntegerField()
    vat_minor = models.PositiveIntegerField()
    commission_bp = models.PositiveIntegerField()
    commission_minor = models.PositiveIntegerField()
    friend_minor = models.PositiveIntegerField()
    payment_method = models.CharField(_("payment"), max_length=20)

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("email"))
    phone = models.CharField(_("phone"), max_length=40)
    street = models.CharField(_("street and number"), max_length=160)
    postal_code = models.CharField(_("postal code"), max_length=12)
    town = models.CharField(_("town"), max_length=120)
    latitude = models.FloatField()
    longitude = models.FloatField()
    note = models.CharField(_("note"), max_length=500, blank=True)

    # Public rows are named by id, never by a foreign key.
    job_id = models.UUIDField(null=True)
    friend_id = models.UUIDField(null=True)
    friend_name = models.CharField(_("friend"), max_length=121, blank=True)
    friend_phone = models.CharField(max_length=40, blank=True)

    created_at = models.DateTimeField(_("booked at"))
    changed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    contact_due_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(price_minor=models.F("commission_minor") + models.F("friend_minor")),
                name="order_figures_add_up",
            ),
            models.CheckConstraint(
                condition=~models.Q(
                    state__in=[
                        OrderState.ACCEPTED,
                        OrderState.CONTACTED,
                        OrderState.SCHEDULED,
                        OrderState.DONE,
                        OrderState.CONFIRMED,
                    ],
                    friend_id__isnull=True,
                ),
                name="order_has_friend_when_accepted",
            ),
        ]
        indexes: ClassVar = [
            # The manager's list, newest first, by state.
            models.Index(fields=["state", "-created_at"], name="order_by_state"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.uuid)

    @property
    def placed_job_id(self) -> UUID:
        """Id of the order's job, which every order has from the moment it is placed.

        Raises IllegalOrderMove before.
        """
        if self.job_id is None:
            raise IllegalOrderMove
        return self.job_id


class Answer(models.Model):
    """An answer to an intake question, with the question's words of that day in all languages.

    ``value`` is a string (text, number) or texts by language (choice); empty for a photo.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="answers")
    question_key = models.CharField(max_length=40)
    kind = models.CharField(max_length=8, choices=QuestionKind)
    label = models.JSONField()
    value: Any = models.JSONField(default=str)
    photo = models.ImageField(upload_to="intake", blank=True)
    sort_order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "question_key"], name="answer_once_a_question")
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.question_key}"


class TimeWindow(models.Model):
    """A wished part of a day."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="windows")
    day = models.DateField()
    part = models.PositiveSmallIntegerField(choices=Part)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["order", "day", "part"], name="window_once_an_order")]

    def __str__(self) -> str:
        return f"{self.day} {self.get_part_display()}"


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


class ThreadMessage(models.Model):
    """What customer and friend write to each other once the friend has the order: words, a photo, or both.

    It belongs to one friend: whoever has the order next sees none of it. ``read_at`` is when the other side saw it.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="thread")
    friend_id = models.UUIDField()
    side = models.CharField(max_length=8, choices=Side)
    who = models.CharField(max_length=121)
    words = models.TextField(max_length=2000, blank=True)
    photo = models.ImageField(upload_to="thread", blank=True)
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(words="", photo=""), name="thread_message_says_something"),
            models.CheckConstraint(
                condition=models.Q(side__in=[Side.CUSTOMER, Side.FRIEND]), name="thread_message_of_the_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} on {self.order_id} at {self.written_at}"


class Review(models.Model):
    """The customer's rating (R13): one to five stars, the same by criterion, and words.

    Blind until ``shown_at``: both have rated, or 14 days are over. ``criteria`` maps orders.states.Criterion to stars.
    A hidden review keeps its stars and loses its words.
    """

    order = models.OneToOneField(Order, models.CASCADE, related_name="review")
    stars = models.PositiveSmallIntegerField()
    criteria: Any = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    words = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.CharField(max_length=200, blank=True, db_default="")
    hidden_reason = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="review_1_to_5_stars")
        ]

    def __str__(self) -> str:
        return f"{self.stars} stars for {self.order_id}"

    @property
    def shown_words(self) -> str:
        """The words, unless a manager has hidden them."""
        return "" if self.hidden_at else self.words


class CustomerReview(models.Model):
    """The friend's rating of the customer, seen by the partner's managers and, once shown, by the customer."""

    order = models.OneToOneField(Order, models.CASCADE, related_name="customer_review")
    friend_id = models.UUIDField()
    stars = models.PositiveSmallIntegerField()
    criteria: Any = models.JSONField(default=dict)
    words = models.TextField(max_length=1000, blank=True)
    created_at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.CharField(max_length=200, blank=True, db_default="")
    hidden_reason = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(stars__gte=1, stars__lte=5), name="customer_review_1_to_5_stars")
        ]

    def __str__(self) -> str:
        return f"{self.stars} stars for the customer of {self.order_id}"

    @property
    def shown_words(self) -> str:
        """The words, unless a manager has hidden them."""
        return "" if self.hidden_at else self.words


class WordsReport(models.Model):
    """Somebody says that words of a rating or a reply do not belong there; a manager decides, with a reason.

    Each words are looked at once. What a manager hides unasked has a report of the manager's side.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="words_reports")
    about = models.CharField(max_length=16, choices=Words)
    side = models.CharField(max_length=8, choices=Side)
    reason = models.CharField(max_length=300)
    reported_at = models.DateTimeField()
    is_hidden = models.BooleanField(default=False)
    decision = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "about"], name="words_report_once_for_each_words"),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, is_hidden=False)
                | (models.Q(decided_at__isnull=False) & ~models.Q(decision="")),
                name="words_report_decided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about} of {self.order_id}: {self.reason[:40]}"


class HiddenText(models.Model):
    """A text that a manager has taken from both sides, and whether it was shown again.

    ``text_id`` names the row that it stands in, of this schema or of the public one. While it is hidden, that row holds
    kernel.masking's sign instead of ``words``.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="hidden_texts")
    place = models.CharField(max_length=10, choices=TextPlace)
    text_id = models.CharField(max_length=36)
    words = models.TextField()
    hidden_at = models.DateTimeField()
    hidden_by = models.CharField(max_length=200)
    shown_at = models.DateTimeField(null=True)
    shown_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "place", "text_id"],
                condition=models.Q(shown_at__isnull=True),
                name="text_hidden_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} of {self.order_id}, hidden by {self.hidden_by}"


class RatingCase(models.Model):
    """A low rating that a manager looks into: what came of it, in words. Notes on the way are lines of the log."""

    order = models.OneToOneField(Order, models.CASCADE, related_name="rating_case")
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=CaseOutcome, blank=True)
    words = models.CharField(max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, outcome="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(outcome="") & ~models.Q(words="")),
                name="rating_case_closed_with_words",
            )
        ]

    def __str__(self) -> str:
        return f"Case of {self.order_id} ({self.outcome or 'open'})"


class Escalation(models.Model):
    """A friend on site hands over to a pro: what they found, and the new price that the customer approves or not.

    Prices are gross in minor units of the order's currency; ``diagnosis_minor`` is what the friend gets either way.
    """

    order = models.OneToOneField(Order, models.CASCADE, related_name="escalation")
    friend_id = models.UUIDField()
    diagnosis = models.TextField(max_length=2000)
    state = models.CharField(max_length=10, choices=EscalationState, default=EscalationState.PROPOSED)
    price_before_minor = models.PositiveIntegerField()
    price_after_minor = models.PositiveIntegerField()
    diagnosis_minor = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(price_after_minor__gte=models.F("price_before_minor"))
                & models.Q(diagnosis_minor__lte=models.F("price_before_minor")),
                name="escalation_prices_are_right",
            )
        ]

    def __str__(self) -> str:
        return f"Escalation of {self.order_id} ({self.state})"

    @property
    def difference_minor(self) -> int:
        """How much more the customer would pay."""
        return self.price_after_minor - self.price_before_minor


class EscalationPhoto(models.Model):
    """A photo of what the friend found; re-encoded, so no metadata is left in it."""

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="photos")
    image = models.ImageField(upload_to="diagnosis")

    def __str__(self) -> str:
        return f"{self.escalation_id}: {self.image.name}"


class OrderEvent(models.Model):
    """One line of an order's log. Rows are only ever added; a trigger refuses to change one."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    side = models.CharField(max_length=8, choices=Side)
    who = models.CharField(max_length=121, blank=True)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10, blank=True)
    detail: Any = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.at} {self.kind}"
