"""The states of an issue and of its mails, and how people come and go."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IssueState(models.TextChoices):
    """How far an issue is."""

    DRAFT = "draft", _("Being prepared")
    SCHEDULED = "scheduled", _("Planned")
    SENDING = "sending", _("Being sent")
    PAUSED = "paused", _("Paused")
    SENT = "sent", pgettext_lazy("newsletter", "Sent")


class MailState(models.TextChoices):
    """What became of one mail."""

    QUEUED = "queued", _("Waiting")
    SENT = "sent", pgettext_lazy("email", "Sent")
    SKIPPED = "skipped", _("Not sent: unsubscribed meanwhile")
    FAILED = "failed", _("Not sent: refused")
    BOUNCED = "bounced", pgettext_lazy("email", "Came back")
    COMPLAINED = "complained", _("Reported as spam")


class Step(models.TextChoices):
    """What is written down of a person's consent."""

    ASKED = "asked", _("Signed up")
    CONFIRMED = "confirmed", _("Confirmed by the link in the email")
    ENDED = "ended", _("Unsubscribed")
    BOUNCED = "bounced", _("Email came back")
    COMPLAINED = "complained", _("Reported as spam")


class Source(models.TextChoices):
    """By which way a step came."""

    SITE = "site", _("Website")
    API = "api", _("API")
    MAIL = "mail", _("Link in an email")
    ONE_CLICK = "one_click", _("Button of the inbox")
    MAIL_SERVER = "mail_server", _("Returned email")


class Reason(models.TextChoices):
    """Why nobody writes to somebody any more."""

    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    BOUNCED = "bounced", _("Email came back")
    COMPLAINED = "complained", _("Reported as spam")
    ERASED = "erased", _("Erased")


class Activity(models.TextChoices):
    """Friends by what they have done so far."""

    ALL = "all", _("All")
    WORKED = "worked", _("Have done jobs")
    WAITING = "waiting", _("Wait for their first job")
