"""The bodies of orders: what is sent, and what is answered."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from api.addresses import page_url
from api.serializers import PARTS, AnswerField, Money, Strict, Time, WhichPackage, time_of
from developers.kinds import Scope
from journeys.links import order_path
from journeys.order.booking.feed_order import Wish
from kernel.clock import now
from kernel.templatetags.quartett import plain_words
from orders.cancelling import fee_if_cancelled
from orders.intake import VOUCHER, write_window
from orders.models import Order, OrderEvent
from orders.permits import may_cancel, may_change_times
from orders.ratings import seen_by
from orders.selectors import agreed_appointment
from orders.states import AppointmentState, OrderState, Side
from places.countries import COUNTRIES
from tenants.models import Feature
from tenants.selectors import has_feature

MOST_TIMES = 20
SIDES = Side.values
STATES = [state.value for state in OrderState if state != OrderState.DRAFT]


def _text(longest: int, *, is_required: bool = True) -> serializers.CharField:
    """Return a text; that it must not be empty is said by the rules of orders."""
    if is_required:
        return serializers.CharField(max_length=longest, allow_blank=True)
    return serializers.CharField(max_length=longest, allow_blank=True, required=False, default="")


class PlaceIn(Strict):
    """Where the work is done."""

    country = serializers.ChoiceField(choices=sorted(COUNTRIES))
    postal_code = _text(12)


class CustomerIn(Strict):
    """Whom the friend visits, and what the invoice must show if a company books."""

    name = _text(120)
    email = _text(254)
    phone = _text(40)
    street = _text(160)
    note = _text(500, is_required=False)
    company = _text(120, is_required=False)
    vat_id = _text(40, is_required=False)
    leitweg_id = _text(60, is_required=False)


class OrderIn(WhichPackage):
    """An order to place. ``reference`` is its number or name in the partner's own system; each order has its own."""

    place = PlaceIn()
    answers = serializers.DictField(
        child=AnswerField(),
        default=dict,
        help_text="By question key; the package's questions are their JSON Schema. A photo is the id of an attachment.",
    )
    times = serializers.ListField(child=Time(), max_length=MOST_TIMES)
    customer = CustomerIn()
    payment_method = _text(20, is_required=False)
    voucher = _text(40, is_required=False)
    language = serializers.CharField(max_length=2)
    reference = _text(64, is_required=False)
    early_start = serializers.BooleanField(
        default=False,
        help_text="The customer has asked for the work within the withdrawal period; required of consumers in DE, AT"
        " and PL if a time lies within it.",
    )


class TimesIn(Strict):
    """Other preferred times."""

    times = serializers.ListField(child=Time(), max_length=MOST_TIMES)


class CancelIn(Strict):
    """Why an order is cancelled, and the fee that the customer has been told, in minor units."""

    reason = _text(300, is_required=False)
    agreed_fee_minor = serializers.IntegerField(min_value=0, default=0)


class PackageName(serializers.Serializer):
    """Which package."""

    slug = serializers.CharField()
    product_number = serializers.CharField(allow_null=True)
    name = serializers.CharField()


class PlaceOut(serializers.Serializer):
    """Where the work is done, without the street."""

    country = serializers.CharField()
    postal_code = serializers.CharField()
    town = serializers.CharField()


class PaymentOut(serializers.Serializer):
    """How the order is paid and where the money is; where it is paid first, the page on which the customer pays."""

    method = serializers.CharField()
    state = serializers.CharField()
    checkout_url = serializers.CharField(allow_null=True)


class CancellationOut(Money):
    """Whether the order can be cancelled now, and what that costs."""

    is_possible = serializers.BooleanField()


class RatingOut(serializers.Serializer):
    """What the customer has said of the work; there once it is shown, and in the answer to it."""

    stars = serializers.IntegerField()
    criteria = serializers.DictField(child=serializers.IntegerField())
    text = serializers.CharField(source="words")
    created_at = serializers.DateTimeField()


class OrderOut(serializers.Serializer):
    """An order. Moments carry their offset from UTC, amounts are in minor units."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    reference = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    language = serializers.CharField()
    package = PackageName()
    place = PlaceOut()
    times = Time(many=True)
    may_change_times = serializers.BooleanField()
    appointment_at = serializers.DateTimeField(allow_null=True)
    friend_name = serializers.CharField(allow_null=True)
    price = Money()
    covered = Money(help_text="What the partner bears of the price: all of it, or a voucher.")
    due = Money(help_text="What the customer pays in the end.")
    vat = Money()
    payment = PaymentOut()
    cancellation = CancellationOut()
    status_url = serializers.CharField(
        allow_null=True,
        help_text="The customer's own page, for keys with orders:write: whoever has it can change the order.",
    )
    may_rate = serializers.BooleanField()
    rating = RatingOut(allow_null=True)
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)


class OrderEventOut(serializers.Serializer):
    """A line of an order's log; ``state`` is that into which the order came, if it did."""

    at = serializers.DateTimeField()
    kind = serializers.CharField()
    side = serializers.ChoiceField(choices=SIDES)
    state = serializers.SerializerMethodField()

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_state(self, event: OrderEvent) -> str | None:
        """Return the state, or None."""
        return event.to_state or None


class AppointmentOut(serializers.Serializer):
    """A proposed or agreed time; ``replaced`` ones count no more."""

    id = serializers.IntegerField(source="pk")
    starts_at = serializers.DateTimeField()
    proposed_by = serializers.ChoiceField(choices=SIDES)
    state = serializers.ChoiceField(choices=AppointmentState.values)
    note = serializers.CharField()
    created_at = serializers.DateTimeField()


class OrderEventList(serializers.Serializer):
    """What has happened with an order, the oldest first."""

    results = OrderEventOut(many=True)


class CheckoutOut(serializers.Serializer):
    """The page on which the customer pays."""

    url = serializers.CharField()


def wish_of(sent: dict[str, Any]) -> Wish:
    """Return what was sent as the journey takes it."""
    windows = [write_window(time["day"], PARTS.index(time["part"])) for time in sent["times"]]
    return Wish(
        package_slug=sent["package"],
        product_number=sent["product_number"],
        language=sent["language"],
        reference=sent["reference"].strip(),
        consents=sent["early_start"],
        steps={
            "place": sent["place"],
            "questions": sent["answers"],
            "times": {"windows": windows},
            "contact": sent["customer"],
            "payment": {"method": sent["payment_method"]},
            VOUCHER: {"code": sent["voucher"]},
        },
    )


def order_out(order: Order, request: Request, *, with_rating: bool = False) -> dict[str, Any]:
    """Return a whole order as it is answered (no query).

    The rating is in it once it is shown, or ``with_rating`` for whoever has just said it.
    """
    agreed, fed = agreed_appointment(order), getattr(order, "fed", None)
    may_change = Scope.ORDERS_WRITE in request.auth.scopes
    fee, ratings = fee_if_cancelled(order, now=now()), seen_by(order, Side.CUSTOMER, now=now())

    def money(minor: int) -> dict[str, Any]:
        return {"amount_minor": minor, "currency": order.currency}

    body = {
        "id": order.uuid,
        "number": order.number,
        "reference": fed.reference if fed else "",
        "state": order.state,
        "language": order.language,
        "package": {
            "slug": order.package.slug,
            "product_number": order.package.product_number,
            "name": plain_words(order.package_name),
        },
        "place": {"country": order.country, "postal_code": order.postal_code, "town": order.town},
        "times": [time_of(window.day, window.part) for window in order.windows.all()],
        "may_change_times": may_change_times(order.state),
        "appointment_at": agreed.starts_at if agreed else None,
        "friend_name": order.friend_name or None,
        "price": money(order.price_minor),
        "covered": money(order.borne_minor),
        "due": money(order.due_minor),
        "vat": money(order.vat_minor),
        "payment": {"method": order.payment.method, "state": order.payment.state, "checkout_url": None},
        "cancellation": {"is_possible": may_cancel(order.state, Side.CUSTOMER), **money(fee.due_minor)},
        "status_url": page_url(request, order_path(order.uuid, order.language)) if may_change else None,
        "may_rate": ratings.may_rate and has_feature(request.tenant, Feature.REVIEWS),
        "rating": ratings.own if with_rating or ratings.is_own_shown else None,
        "created_at": order.created_at,
        "changed_at": order.changed_at,
        "accepted_at": order.accepted_at,
        "done_at": order.done_at,
        "confirmed_at": order.confirmed_at,
    }
    return dict(OrderOut(body).data)
