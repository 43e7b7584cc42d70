"""The closed lists about keys and endpoints."""

from django.db import models
from django.utils.translation import gettext_lazy as _

# The topic of what endpoints are told, as the trigger orders_tell_endpoints names it too.
WEBHOOK = "webhook"
# What an endpoint is sent to try it out.
TEST_EVENT = "endpoint.test"
# In which versions messages are written; an endpoint keeps the one it was made with.
VERSIONS = (1,)
LATEST_VERSION = VERSIONS[-1]


class Scope(models.TextChoices):
    """What a key may do."""

    CATALOGUE_READ = "catalogue:read", _("Read packages, prices and coverage")
    ORDERS_READ = "orders:read", _("Read orders and what happens with them")
    ORDERS_WRITE = "orders:write", _("Place, change and cancel orders")
    EVENTS_READ = "events:read", _("Read public events")
    EVENTS_WRITE = "events:write", _("Sign guests up for public events")
    WEBHOOKS = "webhooks:manage", _("Manage webhook endpoints")
    NEWSLETTER_WRITE = "newsletter:write", _("Sign customers up for the newsletter")


class Act(models.TextChoices):
    """What is noted in the log of a key."""

    MADE = "made", _("Made")
    ROTATED = "rotated", _("Replaced by a new key")
    ENDED = "ended", _("Ended")


class Told(models.TextChoices):
    """The states of an order of which an endpoint may be told, as orders.states names them."""

    SEARCHING = "searching", _("Friends are being asked")
    ACCEPTED = "accepted", _("A friend has accepted")
    CONTACTED = "contacted", _("The friend has made contact")
    SCHEDULED = "scheduled", _("An appointment is agreed")
    ESCALATED = "escalated", _("A pro is needed")
    DONE = "done", _("The work is done")
    CONFIRMED = "confirmed", _("The order has been completed")
    UNFILLED = "unfilled", _("Nobody has been found yet")
    CANCELLED = "cancelled", _("The order has been cancelled")
