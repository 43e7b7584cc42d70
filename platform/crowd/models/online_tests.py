"""Online tests (R9): a pool of questions in all languages, and each friend's attempts."""

from typing import Any, ClassVar
from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from crowd.models.friends import Friend
from crowd.states import Grade, OnlineTestKind
from skills.models import Skill


class OnlineTest(models.Model):
    """A test: how many questions are drawn, how long it takes, what passes, what passing gives.

    ``title`` and ``intro`` are texts by language code. The onboarding test has no skill and opens the first job;
    a skill's test gives its certificate at ``grade`` for ``valid_months`` (None for good).
    """

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=OnlineTestKind)
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("skill"))
    grade = models.PositiveSmallIntegerField(_("level"), choices=Grade, default=Grade.FRIEND)
    title = models.JSONField(_("title"))
    intro = models.JSONField(_("introduction"), default=dict)
    draws = models.PositiveSmallIntegerField(_("questions drawn"), validators=[MinValueValidator(1)])
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=[MinValueValidator(1)])
    pass_percent = models.PositiveSmallIntegerField(
        _("pass mark in percent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    retry_hours = models.PositiveSmallIntegerField(_("hours before a retry"), default=24)
    valid_months = models.PositiveSmallIntegerField(_("months of validity"), null=True, blank=True)
    is_published = models.BooleanField(_("published"), default=False)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(pass_percent__gte=1, pass_percent__lte=100, draws__gte=1, minutes__gte=1),
                name="online_test_can_be_passed",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="onboarding", skill__isnull=True) | models.Q(kind="skill", skill__isnull=False),
                name="online_test_is_about_a_skill_or_onboarding",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(kind="onboarding", is_published=True),
                name="online_test_one_onboarding",
            ),
            models.UniqueConstraint(
                fields=["skill", "grade"],
                condition=models.Q(kind="skill", is_published=True),
                name="online_test_one_a_skill_and_level",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class PoolQuestion(models.Model):
    """A question of a test's pool.

    ``choices`` is a list of ``{"text": texts, "is_right": bool}``; one or more are right.
    """

    test = models.ForeignKey(OnlineTest, models.CASCADE, related_name="questions")
    text = models.JSONField(_("question"))
    choices: Any = models.JSONField(_("possible answers"))
    explanation = models.JSONField(_("explanation"), default=dict)
    is_active = models.BooleanField(_("in use"), default=True)

    def __str__(self) -> str:
        return f"{self.test_id}: {self.pk}"


class Attempt(models.Model):
    """One friend's go at a test.

    ``paper`` is a frozen copy of the drawn questions in the order shown, in all languages, each
    ``{"question": id, "text": texts, "choices": [{"text": texts, "is_right": bool}], "explanation": texts}``;
    ``answers`` maps the question's place to the places of the ticked choices.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    test = models.ForeignKey(OnlineTest, models.PROTECT, related_name="attempts")
    friend = models.ForeignKey(Friend, models.CASCADE, related_name="attempts")
    paper: Any = models.JSONField()
    answers: Any = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    right_count = models.PositiveSmallIntegerField(null=True, blank=True)
    has_passed = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["test", "friend"], condition=models.Q(ended_at=None), name="attempt_one_open_a_test"
            ),
            models.CheckConstraint(condition=models.Q(due_at__gt=models.F("started_at")), name="attempt_takes_time"),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, has_passed__isnull=True)
                | models.Q(ended_at__isnull=False, has_passed__isnull=False),
                name="attempt_has_a_result_at_its_end",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["friend", "-started_at"], name="attempt_of_friend")]

    def __str__(self) -> str:
        return f"{self.friend_id} at {self.test_id}"
