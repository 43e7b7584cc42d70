"""Why these friends were asked: kept so that it can be told and replayed."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models

from crowd.eligibility import LeftOut
from crowd.models import Friend
from dispatch.models.jobs import Job
from dispatch.states import Seat


class Wave(models.Model):
    """Why these friends were asked: the rule and its version, what was wanted, and how many were left out for what.

    With its ``considered`` rows it leads to the same list again at any time (dispatch.offering.seats.give_seats).
    """

    job = models.ForeignKey(Job, models.CASCADE, related_name="waves")
    search = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    community = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    rule_version = models.CharField(max_length=20)
    rule: Any = models.JSONField()
    wanted: Any = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "search", "number", "community"], name="wave_once"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} wave {self.number} in {self.community}"


class Considered(models.Model):
    """A friend who was looked at for a wave: what was known (``facts``), why left out or which seat they got."""

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="considered")
    friend = models.ForeignKey(Friend, models.CASCADE, related_name="+")
    distance_m = models.PositiveIntegerField()
    facts: Any = models.JSONField()
    left_out = ArrayField(models.CharField(max_length=20, choices=LeftOut), default=list)
    seat = models.CharField(max_length=10, choices=Seat, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["wave", "friend"], name="considered_once_a_wave"),
        ]
        indexes: ClassVar = [
            # A friend's own page of decisions, newest first.
            models.Index(fields=["friend", "-id"], name="considered_of_friend"),
        ]

    def __str__(self) -> str:
        return f"{self.friend_id} in {self.wave_id}"


class DecisionReview(models.Model):
    """A friend asks a person to look at a decision of the machine, and gets an answer with reasons within 14 days."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    considered = models.OneToOneField(Considered, models.CASCADE, related_name="review")
    friend = models.ForeignKey(Friend, models.CASCADE, related_name="decision_reviews")
    words = models.CharField(max_length=1000)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    alarmed_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    was_right = models.BooleanField(null=True, blank=True)
    answer = models.CharField(max_length=2000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True)
                | (~models.Q(answer="") & models.Q(was_right__isnull=False)),
                name="decision_review_answered_with_reasons",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="decision_review_open", condition=models.Q(answered_at=None))
        ]

    def __str__(self) -> str:
        return f"review of {self.considered_id}"
