"""What an event is, what it is called in each language, and who signed up."""

from typing import ClassVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from events.states import Audience, SignUpState
from kernel.wording.texts import pick

HELD = [SignUpState.GOING, SignUpState.WAITING]


class Event(models.Model):
    """The facts of an event. ``id`` is the translation key of its pages; a trigger counts ``seats_taken``.

    Without ``capacity`` there is room for everybody. Being there certifies friends of the community for the partner's
    own skill ``skill_id``, for ``skill_months`` or for good. Events of one ``series`` know each other. ``sequence``
    counts the changes that calendars have to hear of.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=40)
    place = models.CharField(max_length=200, blank=True)
    online_url = models.URLField(max_length=500, blank=True)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.PUBLIC)
    capacity = models.PositiveIntegerField(null=True)
    seats_taken = models.PositiveIntegerField(default=0)
    skill_id = models.PositiveIntegerField(null=True)
    skill_months = models.PositiveSmallIntegerField(null=True)
    series = models.UUIDField(null=True)
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True)
    called_off_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="event_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(capacity=None) | models.Q(seats_taken__lte=models.F("capacity")),
                name="event_has_no_more_seats",
            ),
            models.CheckConstraint(condition=~models.Q(place="", online_url=""), name="event_is_somewhere"),
        ]
        # Lists of what comes, and the sweeps over what is near or over.
        indexes: ClassVar = [models.Index(fields=["starts_at"], name="event_starts")]

    def __str__(self) -> str:
        return f"{self.id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which its hours are written."""
        return ZoneInfo(self.time_zone)

    @property
    def is_full(self) -> bool:
        """Whether every seat is taken."""
        return self.capacity is not None and self.seats_taken >= self.capacity

    @property
    def seats_left(self) -> int | None:
        """How many seats are free; None where there is room for everybody."""
        return None if self.capacity is None else self.capacity - self.seats_taken

    @property
    def is_for_friends(self) -> bool:
        """Whether only friends of the community see it."""
        return self.audience == Audience.FRIENDS

    def title_in(self, language: str) -> str:
        """Return what the event is called in a language, else in another one. Reads ``texts``."""
        return pick({text.language: text.title for text in self.texts.all()}, language)


class EventText(models.Model):
    """What an event is called in one language; there while its page in that language is public."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    title = models.CharField(max_length=255)
    summary = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "language"], name="event_text_once")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.language}"


class Letter(models.Model):
    """What a manager has written to all who signed up. ``id`` comes with the form, so that it goes out once."""

    id = models.UUIDField(primary_key=True, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="letters")
    subject = models.CharField(max_length=120)
    text = models.TextField(max_length=4000)
    written_by = models.CharField(max_length=200)
    written_at = models.DateTimeField()
    recipients = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.subject


class SignUp(models.Model):
    """Somebody who wants to come: a guest by mail address, or a friend of the community by the id on the platform.

    A guest counts for the waiting list once the address is confirmed; until then a seat is held for a day.
    ``number`` is the order in which people signed up to the event, which is that of the waiting list.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="sign_ups")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    friend_id: "models.UUIDField[UUID | None, UUID | None]" = models.UUIDField(null=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    state = models.CharField(max_length=10, choices=SignUpState)
    number = models.PositiveIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    moved_up_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    checked_in_at = models.DateTimeField(null=True)
    checked_in_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                "event", Lower("email"), name="sign_up_once_a_guest",
                condition=models.Q(state__in=HELD) & ~models.Q(email=""),
            ),
            models.UniqueConstraint(
                fields=["event", "friend_id"], name="sign_up_once_a_friend",
                condition=models.Q(state__in=HELD, friend_id__isnull=False),
            ),
            models.CheckConstraint(
                condition=models.Q(email="", friend_id__isnull=False) | models.Q(~models.Q(email=""), friend_id=None),
                name="sign_up_is_guest_or_friend",
            ),
            models.CheckConstraint(
                condition=models.Q(checked_in_at=None) | models.Q(state=SignUpState.GOING), name="checked_in_has_a_seat"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} at {self.event_id}: {self.state}"

    @property
    def is_going(self) -> bool:
        """Whether there is a seat for them."""
        return self.state == SignUpState.GOING

    @property
    def is_waiting(self) -> bool:
        """Whether they wait for one."""
        return self.state == SignUpState.WAITING
