"""The derived rows that dispatch searches."""

from typing import ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.db import models

from crowd.models.friends import Friend
from crowd.states import Grade
from kernel.geo import CubeField
from skills.models import Skill


class Candidate(models.Model):
    """Derived: one row for each community, certificate and friend, with a copy of the friend's position.

    The index over community, skill and position answers "nearest with this skill in this community" by one
    ordered scan; filtering a friend's own row by community instead was 30 times slower at a million friends.
    """

    community = models.PositiveIntegerField()
    # Without an index of its own: the planner would combine it with the search's and sort whole towns.
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+", db_index=False)
    friend = models.ForeignKey(Friend, models.CASCADE, related_name="+")
    grade = models.PositiveSmallIntegerField(choices=Grade, default=Grade.DECLARED, db_default=Grade.DECLARED)
    valid_until = models.DateField(null=True)
    # Changes once in a friend's life, with the first job; so it may stand in an index.
    is_newcomer = models.BooleanField(default=True, db_default=True)
    position = CubeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["friend", "community", "skill"], name="candidate_once")
        ]
        indexes: ClassVar = [
            GistIndex(fields=["community", "skill", "position"], name="candidate_nearest"),
            # Serves the seat that every wave keeps for a newcomer.
            GistIndex(
                fields=["community", "skill", "position"],
                name="candidate_newcomers",
                condition=models.Q(is_newcomer=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.friend_id} for {self.skill_id} in {self.community}"
