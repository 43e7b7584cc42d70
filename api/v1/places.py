"""Coverage and quotes: whether somebody comes to a place and how soon, and what it costs."""

from datetime import date
from itertools import islice
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import Money, Time, WhichPackage, time_of
from api.v1.packages import package_asked
from api.views import View
from developers.kinds import Scope
from journeys.order.booking.book_package import NotCovered, answer_place
from journeys.reads.quotes import quote_of
from kernel.clock import now
from orders.selectors import bookable_windows
from orders.states import Source
from places.countries import COUNTRIES

# So many of the first times are said.
FIRST_TIMES = 12


class CoverageIn(WhichPackage):
    """Which package, and where."""

    country = serializers.ChoiceField(choices=sorted(COUNTRIES))
    postal_code = serializers.CharField(max_length=12)


class CoverageOut(serializers.Serializer):
    """Whether somebody near a place does a package. ``reason`` is the code by which an order would be refused."""

    is_covered = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True)
    detail = serializers.CharField(allow_null=True)
    town = serializers.CharField(allow_null=True)
    first_free_on = serializers.DateField(allow_null=True)
    first_times = Time(many=True)


class Coverage(View):
    """Coverage of a place."""

    scopes = {"GET": Scope.CATALOGUE_READ}
    query = CoverageIn

    @extend_schema(operation_id="read_coverage", parameters=[CoverageIn], responses=CoverageOut)
    def get(self, request: Request) -> Response:
        """Say whether a package can be ordered at a place, and the first times that can be preferred."""
        asked, moment = dict(self.asked), now()
        package = package_asked(asked)
        try:
            answer = answer_place(package=package, source=Source.API, now=moment, **asked)
        except NotCovered as error:
            return Response(_coverage(False, reason=error.code, detail=str(error)))
        first = answer.coverage.first_free_on
        return Response(
            _coverage(
                True, town=answer.place.name, first_free_on=first, first_times=_first_times(request.tenant, first)
            )
        )


class QuoteIn(WhichPackage):
    """Which package, in which country, and with which voucher of which customer."""

    country = serializers.ChoiceField(choices=sorted(COUNTRIES))
    voucher = serializers.CharField(max_length=40, required=False, default="")
    customer_email = serializers.CharField(
        max_length=254, required=False, default="", help_text="For vouchers with a limit for each customer."
    )


class FeeOut(Money):
    """What cancelling costs less than so many hours before the appointment."""

    hours = serializers.IntegerField()


class MethodOut(serializers.Serializer):
    """A way to pay; where ``is_paid_first`` the customer has to open a page to pay before anybody is asked."""

    code = serializers.CharField()
    label = serializers.CharField()
    is_paid_first = serializers.BooleanField()


class QuoteOut(serializers.Serializer):
    """The final price, who gets what of it, what cancelling costs, and the ways to pay."""

    price = Money()
    covered = Money(help_text="What the partner bears of it: all of what it pays for its customers, or a voucher.")
    due = Money(help_text="What the customer pays.")
    vat = Money()
    friend = Money(help_text="What the friend gets who does the work.")
    commission = Money(help_text="What partner and platform keep.")
    cancellation_fees = FeeOut(many=True)
    payment_methods = MethodOut(many=True)


class Quotes(View):
    """What a package costs."""

    scopes = {"GET": Scope.CATALOGUE_READ}
    query = QuoteIn

    @extend_schema(operation_id="read_quote", parameters=[QuoteIn], responses=QuoteOut)
    def get(self, request: Request) -> Response:
        """Say what an order placed now would cost."""
        asked = dict(self.asked)
        found = quote_of(
            tenant=request.tenant,
            package=package_asked(asked),
            country=asked["country"],
            voucher=asked["voucher"],
            customer=asked["customer_email"],
            now=now(),
        )
        split = found.split

        def money(minor: int) -> dict[str, Any]:
            return {"amount_minor": minor, "currency": split.currency}

        fees = [{"hours": fee.hours, **money(fee.fee_minor)} for fee in found.fees]
        body = {
            "price": money(split.price_minor),
            "covered": money(found.covered_minor),
            "due": money(split.price_minor - found.covered_minor),
            "vat": money(split.vat_minor),
            "friend": money(split.friend_minor),
            "commission": money(split.commission_minor),
            "cancellation_fees": fees,
            "payment_methods": found.methods,
        }
        return Response(QuoteOut(body).data)


def _coverage(is_covered: bool, **known: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {"reason": None, "detail": None, "town": None, "first_free_on": None, "first_times": []}
    return dict(CoverageOut({"is_covered": is_covered} | nothing | known).data)


def _first_times(tenant: Any, first: date | None) -> list[dict[str, Any]]:
    windows = bookable_windows(time_zone=tenant.time_zone, days_ahead=tenant.booking_days, now=now())
    found = (window for day, of_day in windows.items() if first is None or day >= first for window in of_day)
    return [time_of(day, part) for day, part in islice(found, FIRST_TIMES)]
