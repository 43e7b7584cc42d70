"""Subscribers with the proof of their consent, whom nobody writes to, issues with their words, and each mail."""

from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletters.audience import Audience
from newsletters.states import IssueState, MailState, Reason, Source, Step


class Subscriber(models.Model):
    """Somebody who asked for the newsletter. It comes once the address is confirmed and until they have had enough."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    email = models.EmailField(_("email"), unique=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    # When the last mail about the sign-up went out: nobody can have somebody else's inbox filled.
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(_("since"), null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(email=models.functions.Lower("email")), name="subscriber_email_is_lower"
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_on_the_list(self) -> bool:
        """Whether the newsletter comes."""
        return self.confirmed_at is not None and self.ended_at is None


class Consent(models.Model):
    """One step of a person's consent, as a proof: what they read, when, by which way, and from which network."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="steps")
    step = models.CharField(max_length=10, choices=Step)
    at = models.DateTimeField()
    source = models.CharField(max_length=12, choices=Source)
    words = models.TextField(blank=True)
    # Of the address only the network: 203.0.113.0, 2001:db8::.
    network = models.CharField(max_length=45, blank=True)

    class Meta:
        indexes: ClassVar = [
            # Somebody's proof, oldest first.
            models.Index(fields=["subscriber", "at"], name="consent_of_subscriber")
        ]

    def __str__(self) -> str:
        return f"{self.subscriber_id}: {self.step}"


class Suppression(models.Model):
    """Somebody to whom no newsletter goes: an address, as a hash that outlives the person's erasure, or a friend."""

    address_hash = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001  # unique, and friends have none
    friend_id = models.UUIDField(null=True, unique=True)
    reason = models.CharField(max_length=12, choices=Reason)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(address_hash__isnull=True) ^ models.Q(friend_id__isnull=True),
                name="suppression_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.address_hash or self.friend_id} ({self.reason})"


class Issue(models.Model):
    """A newsletter on its way. ``key`` is that of the pieces of Wagtail in which it is written, one a language."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    key = models.UUIDField(unique=True)
    title = models.CharField(_("title"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=IssueState, default=IssueState.DRAFT)
    audience: Any = models.JSONField(default=dict)
    # Another one whenever the words or the recipients change: whoever sends says which they have seen.
    version = models.UUIDField(default=uuid4)
    prepared_at = models.DateTimeField()
    scheduled_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state=IssueState.DRAFT) | models.Q(scheduled_at__isnull=False),
                name="issue_has_its_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[IssueState.DRAFT, IssueState.SCHEDULED])
                | models.Q(started_at__isnull=False),
                name="issue_under_way_has_begun",
            ),
        ]
        indexes: ClassVar = [
            # The sweep of every minute.
            models.Index(
                fields=["scheduled_at"],
                name="issue_to_send",
                condition=models.Q(state__in=[IssueState.SCHEDULED, IssueState.SENDING]),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def chosen(self) -> Audience:
        """To whom it goes."""
        return Audience.of_json(self.audience)


class Content(models.Model):
    """The words of an issue in one language, as they go out; ``web`` is the same for the archive on the site.

    In ``html`` and ``text`` stand marks for what differs by recipient (``newsletters.mails``).
    """

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="contents")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=120)
    html = models.TextField()
    text = models.TextField()
    web = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "language"], name="content_once_a_language"),
            models.CheckConstraint(condition=~models.Q(text=""), name="content_has_a_text_part"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.language}: {self.subject}"


class Mail(models.Model):
    """One mail of an issue to one recipient: a subscriber, or a friend, whose address is the platform's alone.

    The row is locked while the mail is handed over, so no two workers send it, and a killed one leaves it as it was.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="mails")
    subscriber = models.ForeignKey(Subscriber, models.SET_NULL, null=True, related_name="mails")
    friend_id = models.UUIDField(null=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    state = models.CharField(max_length=10, choices=MailState, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    unsubscribed_at = models.DateTimeField(null=True)
    said = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issue", "subscriber"], name="mail_once_a_subscriber"),
            models.UniqueConstraint(fields=["issue", "friend_id"], name="mail_once_a_friend"),
            # Neither is left of somebody who was erased.
            models.CheckConstraint(
                condition=models.Q(subscriber__isnull=True) | models.Q(friend_id__isnull=True), name="mail_to_one"
            ),
        ]
        indexes: ClassVar = [
            # What is to be sent next.
            models.Index(fields=["issue", "due_at"], name="mail_queued", condition=models.Q(state=MailState.QUEUED)),
            # How many went out in the last minute.
            models.Index(fields=["sent_at"], name="mail_sent", condition=models.Q(sent_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.uuid} ({self.state})"
