"""The kinds of notices between which a friend distinguishes, and the channels on which they come."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NoticeKind(models.TextChoices):
    """What a notice is about."""

    OFFERS = "offers", pgettext_lazy("friend", "New offers")
    DEADLINES = "deadlines", pgettext_lazy("friend", "Reminders before a deadline")
    JOBS = "jobs", pgettext_lazy("friend", "News about your jobs")
    ABOUT_YOU = "about_you", pgettext_lazy("friend", "About you: ratings and certificates")
    COMMUNITY = "community", pgettext_lazy("friend", "Events of your communities")


class Channel(models.TextChoices):
    """How a notice comes. The inbox of the app always keeps it; the others can be switched off."""

    APP = "app", pgettext_lazy("friend", "In the app")
    PUSH = "push", pgettext_lazy("friend", "Push")
    MAIL = "mail", pgettext_lazy("friend", "Email")
    # To a partner's own systems; no friend has it.
    WEBHOOK = "webhook", _("Webhook")


# Who has a job has given their word to the customer: these come at any hour.
AT_ANY_HOUR = frozenset({NoticeKind.DEADLINES})
