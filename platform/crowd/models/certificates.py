"""What a friend says they can do, what they have proved, and how that came."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from crowd.models.friends import Friend
from crowd.states import CertificateStep, Grade
from skills.models import Skill


class Certificate(models.Model):
    """A friend's standing in one skill (R9): declared by themselves, or certified at the level of friends or of pros.

    Without ``valid_until`` it does not expire. ``issuer`` is the partner (tenant id) that certified it for its own
    products, None the platform.
    """

    friend = models.ForeignKey(Friend, models.CASCADE, related_name="certificates")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    grade = models.PositiveSmallIntegerField(_("level"), choices=Grade, default=Grade.FRIEND, db_default=Grade.FRIEND)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    issuer = models.PositiveIntegerField(null=True, blank=True)
    issued_by = models.CharField(max_length=200, blank=True, db_default="")
    issued_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["friend", "skill"], name="certificate_once_a_skill"),
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="certificate_ends_after_it_starts",
            ),
        ]
        indexes: ClassVar = [
            # Serves the daily look for what runs out.
            models.Index(
                fields=["valid_until"], name="certificate_runs_out", condition=models.Q(valid_until__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.friend_id}: {self.skill_id}"


class CertificateEvent(models.Model):
    """One line of the history of a friend's certificates: issued, renewed, expired or revoked, by whom and why."""

    friend = models.ForeignKey(Friend, models.CASCADE, related_name="certificate_events")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    step = models.CharField(max_length=10, choices=CertificateStep)
    grade = models.PositiveSmallIntegerField(choices=Grade)
    valid_until = models.DateField(null=True)
    issuer = models.PositiveIntegerField(null=True)
    who = models.CharField(max_length=200, blank=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            # A friend's history, newest first.
            models.Index(fields=["friend", "-at"], name="certificate_history")
        ]

    def __str__(self) -> str:
        return f"{self.friend_id}: {self.skill_id} {self.step}"
