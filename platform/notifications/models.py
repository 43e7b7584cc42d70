"""What a friend has been told, where to reach them by push, and what they want to hear of."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models

from notifications.kinds import Channel, NoticeKind

ENDPOINT_LENGTH, AGENT_LENGTH = 1000, 300
# What does not fit into the inbox is cut off; the mail has it whole.
TITLE_LENGTH, BODY_LENGTH = 200, 300
# What browsers call themselves, the more exact first: each claims to be all that come after it.
BROWSERS = (
    ("Edg", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


class PushSubscription(models.Model):
    """A device of a friend that takes push messages. ``friend_id`` is the uuid of their user row.

    The browser makes the endpoint and the keys; whoever signs in last on a device has its pushes.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    friend_id = models.UUIDField()
    endpoint = models.CharField(max_length=ENDPOINT_LENGTH, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    user_agent = models.CharField(max_length=AGENT_LENGTH, blank=True)
    created_at = models.DateTimeField()
    last_ok_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            # The devices of one friend.
            models.Index(fields=["friend_id"], name="subscription_of_friend"),
        ]

    def __str__(self) -> str:
        return f"{self.id} of {self.friend_id}"

    @property
    def device_name(self) -> str:
        """Name browser and system as people know them, as far as the browser tells; empty where it does not."""
        return " · ".join(
            found for found in (_first_of(BROWSERS, self.user_agent), _first_of(SYSTEMS, self.user_agent)) if found
        )


class NoticePreference(models.Model):
    """On which channels a friend wants to hear of what, and when they want to be left in peace.

    Whoever has no row hears of everything at once. Kinds are listed where they are off, so a new kind begins on.
    The inbox of the app keeps every notice. Hours are of the friend's ``time_zone``; without one, of their country.
    """

    friend_id = models.UUIDField(primary_key=True)
    no_push = ArrayField(models.CharField(max_length=20, choices=NoticeKind), default=list)
    no_mail = ArrayField(models.CharField(max_length=20, choices=NoticeKind), default=list)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | (
                    models.Q(quiet_from__isnull=False, quiet_until__isnull=False)
                    & ~models.Q(quiet_from=models.F("quiet_until"))
                ),
                name="quiet_hours_begin_and_end",
            ),
        ]

    def __str__(self) -> str:
        return f"preference of {self.friend_id}"


class Notice(models.Model):
    """A notice in a friend's inbox, in the language of the day it came. ``path`` leads into the friends' app."""

    key = models.CharField(max_length=160, unique=True)
    friend_id = models.UUIDField()
    topic = models.CharField(max_length=60)
    title = models.CharField(max_length=TITLE_LENGTH)
    body = models.CharField(max_length=BODY_LENGTH, blank=True)
    path = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            # The inbox, newest first.
            models.Index(fields=["friend_id", "-created_at"], name="notice_inbox"),
            # The number beside the bell, asked on every page.
            models.Index(fields=["friend_id"], name="notice_unread", condition=models.Q(read_at=None)),
            # What is old enough to be forgotten.
            models.Index(fields=["created_at"], name="notice_by_age"),
        ]

    def __str__(self) -> str:
        return self.title


def _first_of(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in names if mark in user_agent), "")


class HeldBack(models.Model):
    """What a sandbox would have sent: its developers read it, nobody else has got it. ``at`` is by its own clock."""

    tenant_id = models.PositiveIntegerField()
    at = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=Channel)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=300)
    text = models.TextField()

    class Meta:
        indexes: ClassVar = [
            # The latest of one sandbox.
            models.Index(fields=["tenant_id", "-at", "-id"], name="held_back_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.recipient}"
