"""Coverage and quotes: whether somebody comes to a place and how soon, and what it costs."""

from datetime import date
from itertools import islice
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.serializers import Money, Strict, Time, checked, time_of
from api.v1.packages import package_of
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


class CoverageIn(Strict):
    """Which package, and where."""

    package = serializers.CharField(max_length=60)
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

    @extend_schema(operation_id="read_coverage", parameters=[CoverageIn], responses=CoverageOut)
    def get(self, request: Request) -> Response:
        """Say whether a package can be ordered at a place, and the first times that can be preferred."""
        asked, moment = checked(CoverageIn, request.query_params.dict()), now()
        package = package_of(asked.pop("package"))
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


class QuoteIn(Strict):
    """Which package, and in which country."""

    package = serializers.CharField(max_length=60)
    country = serializers.ChoiceField(choices=sorted(COUNTRIES))


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
    vat = Money()
    friend = Money(help_text="What the friend gets who does the work.")
    commission = Money(help_text="What partner and platform keep.")
    cancellation_fees = FeeOut(many=True)
    payment_methods = MethodOut(many=True)


class Quotes(View):
    """What a package costs."""

    scopes = {"GET": Scope.CATALOGUE_READ}

    @extend_schema(operation_id="read_quote", parameters=[QuoteIn], responses=QuoteOut)
    def get(self, request: Request) -> Response:
        """Say what an order placed now would cost."""
        asked = checked(QuoteIn, request.query_params.dict())
        package = package_of(asked["package"])
        found = quote_of(tenant=request.tenant, package=package, country=asked["country"], now=now())
        split = found.split

        def money(minor: int) -> dict[str, Any]:
            return {"amount_minor": minor, "currency": split.currency}

        fees = [{"hours": fee.hours, **money(fee.fee_minor)} for fee in found.fees]
        body = {
            "price": money(split.price_minor),
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
