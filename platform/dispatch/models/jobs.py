"""Job, deadline and the job's log."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Value
from django.db.models.functions import Least
from django.db.models.lookups import GreaterThanOrEqual

from crowd.models import SHARED_CROWD, Friend
from dispatch.errors import IllegalJobMove
from dispatch.states import LIVE_JOBS, JobState
from dispatch.terms import Terms
from kernel.geo import CubeField
from kernel.money import Split

# What is reckoned; the price is the sum of two of them, and the rest is copied or counted up.
_RECKONED = ("commission_bp", "commission_minor", "friend_minor", "rested_s")


class Job(models.Model):
    """An order as the crowd sees it: a copy of what is needed to decide, and no personal data.

    ``brief`` is a list of ``{"label": texts, "answer": texts or str, "photo": answer id or absent}``, with every str
    masked. ``windows`` is one of ``[day, part]``, ``week`` the same as a week of kernel.slots. ``rules`` is the
    partner's dispatch rules at the time of booking, and whether the friend is the seller (``sold_by_friend``): a later
    change never touches an open job.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    tenant_id = models.IntegerField()
    tenant_name = models.CharField(max_length=80)
    order_id = models.UUIDField()
    order_number = models.CharField(max_length=20)
    state = models.CharField(max_length=12, choices=JobState, default=JobState.SEARCHING)
    wave = models.SmallIntegerField(default=0)
    # The community that the present wave asks; 0 is the shared crowd.
    community = models.IntegerField(default=SHARED_CROWD, db_default=SHARED_CROWD)

    package_name = models.JSONField()
    package_icon = models.CharField(max_length=30)
    included = models.JSONField(default=dict)
    minutes = models.SmallIntegerField()
    brief = models.JSONField(default=list)
    windows = models.JSONField(default=list)
    week = models.IntegerField()
    languages = ArrayField(models.CharField(max_length=2))
    skill_ids = ArrayField(models.IntegerField())
    needs_pro = models.BooleanField(default=False)

    country = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=12)
    town = models.CharField(max_length=120)
    position = CubeField()

    currency = models.CharField(max_length=3)
    price_minor = models.IntegerField()
    commission_minor = models.IntegerField()
    commission_bp = models.IntegerField()
    friend_minor = models.IntegerField()
    # As looked up at booking, by version of the table of commissions (none is the base rate): here, and elsewhere.
    commission_version = models.UUIDField(null=True, editable=False)
    overflow_commission_bp = models.IntegerField(null=True, editable=False)
    overflow_commission_version = models.UUIDField(null=True, editable=False)
    payment_method = models.CharField(max_length=20)
    rules = models.JSONField()
    package_slug = models.CharField(max_length=60, db_default="")
    # The grade (crowd.states.Grade) that each of ``skill_ids`` needs, in the same order; shorter means declared.
    grades = ArrayField(
        models.PositiveSmallIntegerField(),
        default=list,
        db_default=Value([], ArrayField(models.PositiveSmallIntegerField())),
    )
    # A job that searches again after a friend had it begins another search.
    search = models.SmallIntegerField(default=1, db_default=1)
    # While a friend's question waits for the customer, the clock of the wave rests: since when, and how much of the
    # wave's budget (seconds) is used up.
    clock_rests_since = models.DateTimeField(null=True)
    rested_s = models.IntegerField(default=0, db_default=0)
    # The job whose friend handed over to a pro, and what they found: a list of ``{"text": str, "photos": [ids]}``.
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    diagnosis: Any = models.JSONField(default=list, db_default=Value([], models.JSONField()))

    # Served by job_of_friend: each index of a job costs every move of it.
    friend = models.ForeignKey(Friend, models.PROTECT, null=True, related_name="jobs", db_index=False)
    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            # The three figures add up on every job (R12, R21).
            models.CheckConstraint(
                condition=models.Q(price_minor=models.F("commission_minor") + models.F("friend_minor")),
                name="job_figures_add_up",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[JobState.ASSIGNED, JobState.DONE], friend__isnull=False)
                | models.Q(state__in=[JobState.SEARCHING, JobState.UNFILLED], friend__isnull=True)
                | models.Q(state=JobState.CANCELLED),
                name="job_has_friend_when_assigned",
            ),
            models.CheckConstraint(condition=~models.Q(skill_ids=[]), name="job_wants_a_skill"),
            # Few and short checks, not one for each number: PostgreSQL parses a table's checks anew for every statement
            # that writes, and eleven took a tenth of the accepting one (make bench BENCH=accept-independent).
            models.CheckConstraint(
                condition=GreaterThanOrEqual(Least(*_RECKONED, output_field=models.IntegerField()), 0),
                name="job_numbers_not_negative",
            ),
            models.UniqueConstraint(
                fields=["order_id"], condition=models.Q(state__in=LIVE_JOBS), name="job_one_live_an_order"
            ),
            models.UniqueConstraint(
                fields=["follows"], condition=models.Q(follows__isnull=False), name="job_followed_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["order_id"], name="job_of_order"),
            # Demand around a place, by its postal codes.
            models.Index(fields=["country", "postal_code", "created_at"], name="job_of_place"),
            # A friend's own jobs.
            models.Index(fields=["friend", "-accepted_at"], name="job_of_friend"),
        ]

    def __str__(self) -> str:
        return f"{self.order_number} ({self.state})"

    @property
    def terms(self) -> Terms:
        """The partner's rules as they were at the time of booking."""
        return Terms.from_json(self.rules)

    @property
    def is_sold_by_friend(self) -> bool:
        """Whether the customer's contract is with whoever does the work."""
        return bool(self.rules.get("sold_by_friend"))

    @property
    def split(self) -> Split:
        """Who gets what of the job's price; a diagnosis before it is not part of it."""
        return Split(currency=self.currency, price_minor=self.price_minor, commission_bp=self.commission_bp)

    @property
    def assigned_friend_id(self) -> UUID:
        """Id of the friend who has the job.

        Raises IllegalJobMove while nobody has it.
        """
        if self.friend_id is None:
            raise IllegalJobMove
        return self.friend_id


class Deadline(models.Model):
    """Something that happens at a moment unless it has become pointless by then. Swept, never timed in memory."""

    kind = models.CharField(max_length=20)
    job = models.ForeignKey(Job, models.CASCADE, related_name="deadlines")
    # The wave for the end of a wave, 0 otherwise; part of what makes the row unique.
    wave = models.PositiveSmallIntegerField(default=0)
    search = models.PositiveSmallIntegerField(default=1, db_default=1)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "kind", "search", "wave"], name="deadline_once_a_search"),
        ]
        indexes: ClassVar = [
            # Serves the sweeper's poll.
            models.Index(fields=["due_at"], name="deadline_due", condition=models.Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.job_id} at {self.due_at}"


class JobEvent(models.Model):
    """One line of a job's log: who did what, when and why."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)
    friend = models.ForeignKey(Friend, models.SET_NULL, null=True, related_name="+")
    detail: Any = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.at} {self.kind}"
