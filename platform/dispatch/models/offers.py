"""What friends are asked, and what they ask back."""

from typing import ClassVar
from uuid import uuid4

from django.db import models

from crowd.models import Friend
from dispatch.models.jobs import Job
from dispatch.models.overflow import Crossing
from dispatch.states import DeclineReason, OfferState, Seat


class Offer(models.Model):
    """One friend's chance at a job.

    Nobody is asked twice for one job unless they asked for it: ``wants_again`` on the earlier offer. An offer outside
    the partner's own community names its crossing; a trigger refuses one without.
    """

    job = models.ForeignKey(Job, models.CASCADE, related_name="offers")
    friend = models.ForeignKey(Friend, models.CASCADE, related_name="offers")
    wave = models.PositiveSmallIntegerField()
    community = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OPEN)
    distance_m = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    decline_reason = models.CharField(max_length=14, choices=DeclineReason, blank=True)
    decline_note = models.CharField(max_length=300, blank=True)
    search = models.PositiveSmallIntegerField(default=1, db_default=1)
    seat = models.CharField(max_length=10, choices=Seat, default=Seat.NEAR, db_default=Seat.NEAR)
    wants_again = models.BooleanField(default=False, db_default=False)
    crossing = models.ForeignKey(Crossing, models.PROTECT, null=True, related_name="offers")
    # What the friend says to the other times they propose, masked.
    counter_note = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            # Nobody is asked twice for one job, whatever runs twice.
            models.UniqueConstraint(
                fields=["job", "friend"], condition=models.Q(wants_again=False), name="offer_once_unless_wanted"
            ),
            models.UniqueConstraint(
                fields=["job"], condition=models.Q(state=OfferState.ACCEPTED), name="offer_accepted_once_a_job"
            ),
        ]
        indexes: ClassVar = [
            # A friend's list of offers, newest first.
            models.Index(fields=["friend", "state", "-created_at"], name="offer_of_friend"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} to {self.friend_id} ({self.state})"


class ProposedTime(models.Model):
    """One of up to three other times with which a friend would take the job (R18)."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="times")
    place = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["offer", "place"], name="proposed_time_once_a_place"),
            models.UniqueConstraint(fields=["offer", "starts_at"], name="proposed_time_once"),
            models.CheckConstraint(condition=models.Q(place__gte=1, place__lte=3), name="proposed_times_three_at_most"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id}: {self.starts_at}"


class JobQuestion(models.Model):
    """What an offered friend asks before deciding, and the customer's answer (R18).

    All whom the job was offered to see it. ``template`` names a ready-made question
    (dispatch.offering.ready_questions), which everybody reads in their language, and ``text`` is the friend's own
    words; one of the two is there. Both texts are stored with everything masked that tells who somebody is; ``photo``
    is re-encoded and kept with the partner's files.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    job = models.ForeignKey(Job, models.CASCADE, related_name="questions")
    friend = models.ForeignKey(Friend, models.CASCADE, related_name="+")
    search = models.PositiveSmallIntegerField(default=1)
    wave = models.PositiveSmallIntegerField()
    template = models.CharField(max_length=20, blank=True, db_default="")
    text = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=1000, blank=True)
    photo = models.ImageField(upload_to="answers", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["job", "asked_at"], name="question_of_job")]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.text[:40]}"
