"""The order, what belongs to it from the beginning, and its log."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from catalog.kinds import QuestionKind
from catalog.models import Package
from kernel.slots import Part
from orders.errors import IllegalOrderMove
from orders.models.drafts import BookingDraft
from orders.states import Attention, OrderState, Side, Source


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
    # Which version of a row of the table of commissions counted at booking; none where it was the base rate.
    commission_version = models.UUIDField(null=True, editable=False)
    friend_minor = models.PositiveIntegerField()
    # The partner's table at booking, as Tenant.cancellation_fees; a trigger refuses every change.
    cancellation_fees: Any = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))
    # What the customer owes for having cancelled, for not having been there, or after a withdrawal.
    cancellation_fee_minor = models.PositiveIntegerField(default=0, db_default=0)
    # What of the price, or of the fee, the partner pays: the customer owes the rest.
    partner_pays_minor = models.PositiveIntegerField(default=0, db_default=0)
    # What the partner has borne from the booking on: all of a package that it pays, or a voucher's value.
    covered_minor = models.PositiveIntegerField(default=0, db_default=0)
    voucher_code = models.CharField(_("voucher"), max_length=20, blank=True, default="", db_default="")
    payment_method = models.CharField(_("payment"), max_length=20)
    # Whether whoever does the work is the seller, as the partner's setting was at booking.
    is_sold_by_friend = models.BooleanField(default=False, db_default=False, editable=False)

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("email"))
    phone = models.CharField(_("phone"), max_length=40)
    street = models.CharField(_("street and number"), max_length=160)
    postal_code = models.CharField(_("postal code"), max_length=12)
    town = models.CharField(_("town"), max_length=120)
    latitude = models.FloatField()
    longitude = models.FloatField()
    note = models.CharField(_("note"), max_length=500, blank=True)
    # Where a company books: what its invoice has to say. The Leitweg-ID is that of a German authority.
    company = models.CharField(_("company"), max_length=120, blank=True, default="", db_default="")
    vat_id = models.CharField(_("VAT number"), max_length=20, blank=True, default="", db_default="")
    leitweg_id = models.CharField("Leitweg-ID", max_length=46, blank=True, default="", db_default="")

    # Where the invoice goes, where that is not the place of the work (orders.bill_to).
    bill_to: Any = models.JSONField(default=dict, blank=True, db_default=models.Value({}, models.JSONField()))

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
            models.CheckConstraint(
                condition=models.Q(cancellation_fee_minor=0)
                | models.Q(state=OrderState.CANCELLED, cancellation_fee_minor__lte=models.F("price_minor")),
                name="order_fee_once_cancelled",
            ),
            models.CheckConstraint(
                condition=models.Q(partner_pays_minor__lte=models.F("price_minor")), name="order_partner_pays_within"
            ),
            models.CheckConstraint(
                condition=models.Q(cancellation_fee_minor=0)
                | models.Q(partner_pays_minor__lte=models.F("cancellation_fee_minor")),
                name="order_partner_pays_within_fee",
            ),
            # What was said at booking holds as long as the order does; a voucher is worth something.
            models.CheckConstraint(
                condition=(
                    models.Q(state=OrderState.CANCELLED)
                    | models.Q(partner_pays_minor__gte=Least(models.F("covered_minor"), models.F("price_minor")))
                )
                & (models.Q(voucher_code="") | models.Q(covered_minor__gte=1)),
                name="order_partner_bears_what_was_said",
            ),
            models.CheckConstraint(
                condition=~models.Q(company="") | models.Q(vat_id="", leitweg_id=""), name="order_of_company_names_it"
            ),
        ]
        indexes: ClassVar = [
            # The manager's list, newest first, by state.
            models.Index(fields=["state", "-created_at"], name="order_by_state")
        ]

    def __str__(self) -> str:
        return self.number or str(self.uuid)

    @property
    def due_minor(self) -> int:
        """What the customer pays in the end: the fee where they have cancelled for one, else their part."""
        return (self.cancellation_fee_minor or self.price_minor) - self.partner_pays_minor

    @property
    def fee_due_minor(self) -> int:
        """What of the fee of a cancelled order the customer pays."""
        return self.due_minor if self.cancellation_fee_minor else 0

    @property
    def borne_minor(self) -> int:
        """What of the present price the partner bears by what it has said at booking."""
        return min(self.covered_minor, self.price_minor)

    def own_part_of(self, price_minor: int) -> int:
        """Return what of another price the customer would pay."""
        return max(price_minor - self.covered_minor, 0)

    def own_difference(self, before_minor: int, after_minor: int) -> int:
        """Return how much more the customer would pay at one price than at another; negative where it is less."""
        return self.own_part_of(after_minor) - self.own_part_of(before_minor)

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
