"""The draft that a booking's pages are about."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.methods import PaymentMethod
from billing.selectors import available_methods
from catalog.models import Package
from catalog.selectors import package_by_slug
from journeys.order.talking.hide_contact import hide_in_draft
from orders.intake import STEPS, steps_of
from orders.models import BookingDraft
from orders.selectors import draft_by_id
from tenants.context import current_tenant
from tenants.requests import Request

# What each step asks.
TITLES: dict[str, Promise] = {
    "place": _("Where do you need help?"),
    "questions": _("What is it about?"),
    "times": _("When would it suit you?"),
    "contact": _("Your contact details"),
    "payment": _("How would you like to pay?"),
}


def open_draft(request: Request, draft_id: UUID) -> BookingDraft:
    """Return a draft; the page's contact is that of its country."""
    try:
        draft = draft_by_id(draft_id)
    except BookingDraft.DoesNotExist as error:
        raise Http404 from error
    draft.package = package_by_slug(draft.package.slug)
    request.order_country = draft.data.get("place", {}).get("country", "")
    return draft


def is_placed(draft: BookingDraft) -> bool:
    """Say whether an order has come of a draft."""
    return getattr(draft, "order", None) is not None


def first_missing(draft: BookingDraft, after: str = "") -> str | None:
    """Return the first step, from the one after ``after``, that was never filled in."""
    begin = STEPS.index(after) + 1 if after else 0
    return next((step for step in steps_of(draft.package)[begin:] if step not in draft.data), None)


def stations(package: Package) -> tuple[str, ...]:
    """Return what the customer goes through: the steps, and the look at all of it."""
    return (*steps_of(package), "review")


def methods_in(country: str) -> list[PaymentMethod]:
    """Return the partner's ways to pay in a country."""
    tenant = current_tenant()
    assert tenant is not None, "a booking is its partner's"
    return available_methods(tenant, country)


def posted(request: Request) -> Any:
    """Return what was sent, or None where a page is only opened."""
    return request.POST if request.method == "POST" else None


def seen_by_friends(draft: BookingDraft, typed: str) -> str:
    """Return what friends read of an answer before they accept, if that is less than what was typed."""
    masked = hide_in_draft(typed, draft=draft)
    return masked.text if masked.has_hidden else ""
