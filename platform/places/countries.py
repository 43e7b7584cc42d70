"""What is a country's: currency, VAT, postal codes, time zone, the words of the binding button (R27).

Rates and rules carry the day from which they hold. Sources: VAT: CH MWSTG Art. 25 in force since 1 Jan 2024 (8.1 %),
DE UStG § 12 (19 %), AT UStG § 10 (20 %), PL ustawa o VAT art. 41 with art. 146ef (23 %). Button: DE BGB § 312j (3),
AT FAGG § 8 (2), PL ustawa o prawach konsumenta art. 17 (3); CH has no fixed words.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.errors import DomainError

WEEKEND = (5, 6)


@dataclass(frozen=True)
class Country:
    """The rules of one country. ``vat`` holds (valid from, basis points), oldest first."""

    code: str
    name: Promise
    currency: str
    time_zone: str
    postal_code: re.Pattern[str]
    postal_example: str
    order_button: Promise
    vat: tuple[tuple[date, int], ...]
    withdrawal_days: int

    def withdrawal_ends(self, booked_at: datetime) -> datetime:
        """Return the moment from which a consumer can no longer withdraw; where they never could, that of the booking.

        The period ends with its last day, and that is never a Saturday or Sunday (regulation 1182/71, article 3).
        """
        if not self.withdrawal_days:
            return booked_at
        last = booked_at.astimezone(ZoneInfo(self.time_zone)) + timedelta(days=self.withdrawal_days)
        while last.weekday() in WEEKEND:
            last += timedelta(days=1)
        return (last + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


COUNTRIES: dict[str, Country] = {
    country.code: country
    for country in (
        Country(
            code="CH",
            name=_("Switzerland"),
            currency="CHF",
            time_zone="Europe/Zurich",
            postal_code=re.compile(r"^[1-9]\d{3}$"),
            postal_example="8001",
            order_button=pgettext_lazy("order button CH", "Order with obligation to pay"),
            vat=((date(2018, 1, 1), 770), (date(2024, 1, 1), 810)),
            withdrawal_days=0,
        ),
        Country(
            code="DE",
            name=_("Germany"),
            currency="EUR",
            time_zone="Europe/Berlin",
            postal_code=re.compile(r"^\d{5}$"),
            postal_example="10115",
            order_button=pgettext_lazy("order button DE", "Order with obligation to pay"),
            vat=((date(2007, 1, 1), 1900), (date(2020, 7, 1), 1600), (date(2021, 1, 1), 1900)),
            withdrawal_days=14,
        ),
        Country(
            code="AT",
            name=_("Austria"),
            currency="EUR",
            time_zone="Europe/Vienna",
            postal_code=re.compile(r"^[1-9]\d{3}$"),
            postal_example="1010",
            order_button=pgettext_lazy("order button AT", "Order with obligation to pay"),
            vat=((date(1984, 1, 1), 2000),),
            withdrawal_days=14,
        ),
        Country(
            code="PL",
            name=_("Poland"),
            currency="PLN",
            time_zone="Europe/Warsaw",
            postal_code=re.compile(r"^\d{2}-\d{3}$"),
            postal_example="02-001",
            order_button=pgettext_lazy("order button PL", "Order with obligation to pay"),
            vat=((date(2011, 1, 1), 2300),),
            withdrawal_days=14,
        ),
    )
}


class UnknownCountry(DomainError):
    """We do not work there."""

    message = _("We do not offer our services in that country.")
    code, status = "unknown_country", 422


def country_by_code(code: str) -> Country:
    """Return a country's rules.

    Raises UnknownCountry.
    """
    try:
        return COUNTRIES[code]
    except KeyError as error:
        raise UnknownCountry from error


def vat_bp(code: str, on: date) -> int:
    """Return the standard rate of VAT of a country on a day, in basis points.

    Raises UnknownCountry, also for a day before the oldest rate that we know.
    """
    rates = [rate for since, rate in country_by_code(code).vat if since <= on]
    if not rates:
        raise UnknownCountry
    return rates[-1]
