"""The calendar of times to choose from, at a booking and afterwards."""

from collections.abc import Mapping
from typing import Any

from kernel.clock import now
from orders.selectors import bookable_windows
from storefront.booking.forms import TimesForm
from tenants.requests import Request


def times_form(request: Request, initial: Mapping[str, Any]) -> TimesForm:
    """Return the form of the days within the partner's horizon, filled in where it was sent."""
    time_zone, days_ahead = request.tenant.time_zone, request.tenant.booking_days
    return TimesForm(
        request.POST if request.method == "POST" else None,
        bookable=bookable_windows(time_zone=time_zone, days_ahead=days_ahead, now=now()),
        time_zone=time_zone,
        days_ahead=days_ahead,
        now=now(),
        initial=dict(initial),
    )
