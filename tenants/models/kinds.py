"""What a partner may be, have and offer."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

PUBLIC = "public"


class TenantState(models.TextChoices):
    """Where a partner is in its life."""

    ACTIVE = "active", _("Active")
    # The brand site shows a notice, jobs in flight finish.
    SUSPENDED = "suspended", _("Suspended")
    # To be deleted at ``delete_due_at``; until then it can be resumed.
    LEAVING = "leaving", _("To be deleted")


class OnSite(models.TextChoices):
    """Who takes cards on site."""

    SUMUP = "sumup", "SumUp"
    STRIPE = "stripe", "Stripe"
    NOBODY = "nobody", _("No cards on site")


class Feature(models.TextChoices):
    """What a partner can switch on and off."""

    BOOKING = "booking", _("Booking on the brand site")
    COMMUNITY = "community", _("A community of its own")
    REVIEWS = "reviews", _("Ratings by customers")
    API = "api", _("Orders from the partner's own systems (API)")


def all_features() -> list[str]:
    """Return what a new partner has switched on."""
    return list(Feature.values)


def usual_reminders() -> list[dict[str, Any]]:
    """Return when a new partner reminds of an open invoice: three times, free of charge."""
    return [{"days": 7}, {"days": 21}, {"days": 35}]


class LastResort(models.TextChoices):
    """What happens when the last wave has found nobody."""

    DESK = "desk", _("The order goes to the managers")
    WIDER = "wider", _("One more round looks twice as far, then the managers take over")
    CANCEL = "cancel", _("The order is cancelled and the customer notified")
