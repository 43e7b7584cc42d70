"""A partner's system begins a booking that its customer goes on with on the brand's site. Run inside the tenant."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from journeys.order.booking.book_package import answer_place
from journeys.order.booking.feed_order import Wish, package_of
from orders.errors import UnableToPlaceOrder
from orders.intake import FED, contact_errors
from orders.models import BookingDraft
from orders.services.drafts import start_draft
from orders.services.fed import refuse_taken_reference
from orders.states import Source


def link_booking(*, wish: Wish, key_uuid: UUID, now: datetime) -> BookingDraft:
    """Begin a booking with the place, the contact data where they are known, and the reference of the order to come.

    Raises ReferenceTaken, FieldsNotRight, UnableToPlaceOrder with the faults of the contact data, or what
    ``answer_place`` raises.
    """
    refuse_taken_reference(wish.reference)
    package, place = package_of(wish), wish.steps["place"]
    answer_place(package=package, source=Source.WEB, now=now, **place)
    data: dict[str, Mapping[str, Any]] = {"place": place, FED: {"reference": wish.reference, "key_uuid": str(key_uuid)}}
    contact = wish.steps.get("contact")
    if contact:
        faults = contact_errors(contact, place["country"])
        if faults:
            raise UnableToPlaceOrder({"contact": faults})
        data["contact"] = contact
    return start_draft(package=package, source=Source.WEB, data=data, now=now)
