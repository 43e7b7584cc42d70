"""Friend, their documents, and where they belong."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crowd.reputation import Reputation
from crowd.states import CheckState, DocumentKind
from kernel.clock import now
from kernel.geo import CubeField
from kernel.slots import WHOLE_WEEK
from kernel.travel import Mode

# The shared crowd is the community of nobody.
SHARED_CROWD = 0
# The columns of a friend that a partner's role may read (tenants.isolation.grants), of those it has to do with.
SHOWN_TO_PARTNERS = ("id", "first_name", "last_name", "is_pro", "is_active", "town", "ratings_count", "ratings_sum")


class Friend(models.Model):
    """A neighbour with technical skill. ``id`` is the uuid of their user row in the public schema.

    Who signs up is not active until somebody has checked their age (``age_checked_at``) and they have passed the
    onboarding test (``onboarded_at``); the database refuses an active friend without both (R9).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    first_name = models.CharField(_("first name"), max_length=60)
    last_name = models.CharField(_("last name"), max_length=60)
    email = models.EmailField(_("email"))
    phone = models.CharField(_("phone"), max_length=40)
    language = models.CharField(_("language"), max_length=2)
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("languages spoken"))
    born_on = models.DateField(_("date of birth"))
    photo = models.ImageField(_("photo"), upload_to="friends", blank=True, db_default="")
    about = models.CharField(_("about"), max_length=300, blank=True, db_default="")
    is_pro = models.BooleanField(_("pro"), default=False)
    # A pro's insurance is proved until this day (a copy of the pro's row, so that the search needs no join).
    pro_until = models.DateField(null=True, blank=True)

    country = models.CharField(_("country"), max_length=2)
    postal_code = models.CharField(_("postal code"), max_length=12)
    town = models.CharField(_("town"), max_length=120)
    position = CubeField()
    radius_m = models.PositiveIntegerField(
        _("travel radius in metres"), validators=[MinValueValidator(1_000), MaxValueValidator(100_000)]
    )

    travel_mode = models.CharField(
        _("way of going"), max_length=10, choices=Mode, default=Mode.TRANSIT, db_default=Mode.TRANSIT
    )

    # Availability stays off the candidate rows, so pausing is one plain update.
    is_active = models.BooleanField(_("active"), default=True)
    age_checked_at = models.DateTimeField(null=True, blank=True)
    onboarded_at = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    free_week = models.PositiveIntegerField(_("weekly availability"), default=WHOLE_WEEK)
    open_jobs = models.PositiveSmallIntegerField(_("open jobs"), default=0)
    max_open_jobs = models.PositiveSmallIntegerField(_("maximum open jobs"), default=3)
    # The currencies in which so much of customers' cash is in the friend's hands that only cashless jobs are offered:
    # kept up by whatever changes the books, so that the search asks no balance.
    cashless_in = ArrayField(models.CharField(max_length=3), blank=True, default=list, db_default=[])
    # Those in which this is near, of which the app warns.
    cash_limit_near_in = ArrayField(models.CharField(max_length=3), blank=True, default=list, db_default=[])
    # The country in which they can sell in their own name (``SellerProfile``), so that the search needs no join.
    sells_in = models.CharField(max_length=2, blank=True, default="", db_default="")
    # Who waited longest for an offer comes first at equal distance.
    waiting_since = models.DateTimeField(_("waiting since"))
    # Until the first job a friend is a newcomer, for whom every wave keeps a seat.
    first_job_at = models.DateTimeField(null=True, blank=True)
    ratings_count = models.PositiveIntegerField(default=0)
    ratings_sum = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField(default=now)
    # The sandbox (tenant id) in which somebody answers who is nobody. The database lets them into no other community,
    # and nobody else into that one.
    simulated_for = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(open_jobs__lte=models.F("max_open_jobs")), name="friend_within_job_limit"
            ),
            models.CheckConstraint(
                condition=models.Q(radius_m__gte=1_000, radius_m__lte=100_000), name="friend_radius_1_to_100_km"
            ),
            models.CheckConstraint(
                condition=models.Q(is_active=False)
                | models.Q(age_checked_at__isnull=False, onboarded_at__isnull=False),
                name="friend_active_is_proved",
            ),
            models.CheckConstraint(
                condition=models.Q(cashless_in__contained_by=["CHF", "EUR", "PLN"]), name="friend_cashless_in_known"
            ),
            # That everybody is of full age on the day they join is a constraint of the migration
            # (friend_of_full_age): it needs arithmetic with days that Django cannot write.
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def reputation(self) -> Reputation:
        """What the published ratings come to."""
        return Reputation(self.ratings_count, self.ratings_sum)


class DocumentCheck(models.Model):
    """A document that a person looks at. The file is deleted with the decision; the database sees to that.

    ``community`` is the partner (tenant id) by whose site the friend came, whose managers may decide as well as
    operators; 0 is the platform's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    friend = models.ForeignKey(Friend, models.CASCADE, related_name="documents")
    community = models.PositiveIntegerField(default=SHARED_CROWD)
    kind = models.CharField(_("document"), max_length=10, choices=DocumentKind)
    file = models.FileField(_("file"), upload_to="documents", blank=True)
    state = models.CharField(max_length=10, choices=CheckState, default=CheckState.WAITING)
    sent_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["friend", "kind"], condition=models.Q(state="waiting"), name="document_one_waiting_a_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(state="waiting", decided_at__isnull=True)
                | models.Q(file="", decided_at__isnull=False),
                name="document_is_deleted_when_decided",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="rejected", reason=""), name="document_refused_with_reason"
            ),
        ]
        indexes: ClassVar = [
            # The desk of those who decide, oldest first.
            models.Index(fields=["community", "sent_at"], name="document_waiting", condition=models.Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.friend_id} ({self.state})"


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


class Block(models.Model):
    """A partner does not want this friend, or this friend does not want the partner."""

    friend = models.ForeignKey(Friend, models.CASCADE, related_name="blocks")
    tenant_id = models.PositiveIntegerField()
    # Who said so; what the partner said, the friend cannot take back.
    is_by_friend = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["friend", "tenant_id"], name="block_once_a_partner")]

    def __str__(self) -> str:
        return f"{self.friend_id} and {self.tenant_id}"
