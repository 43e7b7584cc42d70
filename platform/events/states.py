"""For whom an event is, and where somebody's sign-up stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """Who sees an event and may sign up."""

    PUBLIC = "public", _("Everybody")
    FRIENDS = "friends", _("Friends of the community only")


class SignUpState(models.TextChoices):
    """Where a sign-up stands. Only ``going`` takes a seat."""

    GOING = "going", _("Has a seat")
    WAITING = "waiting", _("On the waiting list")
    CANCELLED = "cancelled", _("Cancelled")
