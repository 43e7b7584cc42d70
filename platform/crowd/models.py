"""Friend, certificate, membership, and the derived candidate rows that dispatch searches."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.geo import CubeField
from kernel.slots import WHOLE_WEEK
from skills.models import Skill

# The shared crowd is the community of nobody.
SHARED_CROWD = 0
# The columns of a friend that a partner's role may read (tenants.grants), of those it has to do with.
SHOWN_TO_PARTNERS = ("id", "first_name", "last_name", "is_pro", "is_active", "town", "ratings_count", "ratings_sum")


class Friend(models.Model):
    """A neighbour with technical skill. ``id`` is the uuid of their user row in the public schema."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    first_name = models.CharField(_("first name"), max_length=60)
    last_name = models.CharField(_("last name"), max_length=60)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=40)
    language = models.CharField(_("language"), max_length=2)
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("languages spoken"))
    born_on = models.DateField(_("date of birth"))
    is_pro = models.BooleanField(_("pro"), default=False)

    country = models.CharField(_("country"), max_length=2)
    postal_code = models.CharField(_("postal code"), max_length=12)
    town = models.CharField(_("town"), max_length=120)
    position = CubeField()
    radius_m = models.PositiveIntegerField(
        _("travel radius in metres"), validators=[MinValueValidator(1_000), MaxValueValidator(100_000)]
    )

    # Availability stays off the candidate rows, so pausing is one plain update.
    is_active = models.BooleanField(_("active"), default=True)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    free_week = models.PositiveIntegerField(_("free parts of the week"), default=WHOLE_WEEK)
    open_jobs = models.PositiveSmallIntegerField(_("open jobs"), default=0)
    max_open_jobs = models.PositiveSmallIntegerField(_("most open jobs"), default=3)
    # Who waited longest for an offer comes first at equal distance.
    waiting_since = models.DateTimeField(_("waiting since"))
    ratings_count = models.PositiveIntegerField(default=0)
    ratings_sum = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(open_jobs__lte=models.F("max_open_jobs")), name="friend_within_job_limit"
            ),
            models.CheckConstraint(
                condition=models.Q(radius_m__gte=1_000, radius_m__lte=100_000), name="friend_radius_1_to_100_km"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def stars(self) -> float | None:
        """Average of the ratings, 1 to 5, or None before the first."""
        return self.ratings_sum / self.ratings_count if self.ratings_count else None


class Membership(models.Model):
    """A friend's place in a partner's community, or (community 0) in the shared crowd."""

    friend = models.ForeignKey(Friend, models.CASCADE, related_name="memberships")
    community = models.PositiveIntegerField(_("community"))
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["friend", "community"], name="membership_once_a_community")
        ]

    def __str__(self) -> str:
        return f"{self.friend_id} in {self.community}"


class Certificate(models.Model):
    """A skill that a friend has shown to have; without ``valid_until`` it does not expire (R9)."""

    friend = models.ForeignKey(Friend, models.CASCADE, related_name="certificates")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["friend", "skill"], name="certificate_once_a_skill")]

    def __str__(self) -> str:
        return f"{self.friend_id}: {self.skill_id}"


class Block(models.Model):
    """A partner does not want this friend, or this friend does not want the partner."""

    friend = models.ForeignKey(Friend, models.CASCADE, related_name="blocks")
    tenant_id = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["friend", "tenant_id"], name="block_once_a_partner")]

    def __str__(self) -> str:
        return f"{self.friend_id} and {self.tenant_id}"


class Candidate(models.Model):
    """Derived: one row for each community, certificate and friend, with a copy of the friend's position.

    The index over community, skill and position answers "nearest with this skill in this community" by one
    ordered scan; filtering a friend's own row by community instead was 30 times slower at a million friends.
    """

    community = models.PositiveIntegerField()
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    friend = models.ForeignKey(Friend, models.CASCADE, related_name="+")
    valid_until = models.DateField(null=True)
    position = CubeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["friend", "community", "skill"], name="candidate_once")
        ]
        indexes: ClassVar = [GistIndex(fields=["community", "skill", "position"], name="candidate_nearest")]

    def __str__(self) -> str:
        return f"{self.friend_id} for {self.skill_id} in {self.community}"
