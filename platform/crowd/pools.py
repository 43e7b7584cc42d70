"""Operators write online tests: the test, its pool of questions, publishing. Run on the platform.

A change never reaches a paper that is drawn already. A published test stays complete: a change that would leave it
without a language or with too small a pool is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crowd.errors import NotReadyToPublish, UnableToKeepTest
from crowd.models import Attempt, OnlineTest, PoolQuestion
from crowd.papers import FEWEST_CHOICES, MOST_CHOICES, Choice, score
from crowd.states import Grade, OnlineTestKind
from kernel.database.constraints import constraint_of
from kernel.typed.slugs import free_slug
from kernel.wording.texts import Texts
from skills.models import Skill

LANGUAGES = dict(settings.LANGUAGES)
LONGEST_SLUG = 60
# The constraints that let one test alone be published for the same.
ONE_PUBLISHED = {"online_test_one_onboarding", "online_test_one_a_skill_and_level"}
# The statistics look at the newest attempts.
MOST_ATTEMPTS = 1_000
# Below these figures, in percent, a question is worth a look; so it is where nobody ever gets it wrong.
TOO_HARD, TOO_EASY, ENOUGH_DRAWS = 30, 98, 20


@dataclass(frozen=True)
class QuestionFigures:
    """How a question of a pool has done: ``right_percent`` is None before it was ever drawn."""

    question: PoolQuestion
    drawn: int
    right: int
    faults: list[str]

    @property
    def right_percent(self) -> int | None:
        """The share of right answers."""
        return round(100 * self.right / self.drawn) if self.drawn else None

    @property
    def is_doubtful(self) -> bool:
        """Say whether the figures say that somebody should look at it."""
        percent = self.right_percent
        return self.drawn >= ENOUGH_DRAWS and percent is not None and not TOO_HARD <= percent <= TOO_EASY


def online_tests() -> QuerySet[OnlineTest]:
    """Return all tests with how many questions are in use and how often they were taken and passed."""
    return (
        OnlineTest.objects.select_related("skill")
        .annotate(
            pool=Count("questions", filter=Q(questions__is_active=True), distinct=True),
            taken=Count("attempts", filter=Q(attempts__ended_at__isnull=False), distinct=True),
            passed=Count("attempts", filter=Q(attempts__has_passed=True), distinct=True),
        )
        .order_by("kind", "slug", "id")
    )


def online_test(slug: str) -> OnlineTest:
    """Return a test.

    Raises ``OnlineTest.DoesNotExist``.
    """
    return online_tests().get(slug=slug)


def question_of(test: OnlineTest, question_id: int) -> PoolQuestion:
    """Return a question of the test's pool.

    Raises ``PoolQuestion.DoesNotExist``.
    """
    return test.questions.get(pk=question_id)


def figures_of(test: OnlineTest) -> list[QuestionFigures]:
    """Return the pool with how each question has done in the newest thousand attempts; two queries."""
    drawn: dict[int, int] = {}
    right: dict[int, int] = {}
    attempts = Attempt.objects.filter(test=test, ended_at__isnull=False).order_by("-started_at")[:MOST_ATTEMPTS]
    for paper, answers in attempts.values_list("paper", "answers"):
        for question, is_right in zip(paper, score(paper, answers).right, strict=True):
            key = question.get("question", 0)
            drawn[key] = drawn.get(key, 0) + 1
            right[key] = right.get(key, 0) + is_right
    return [
        QuestionFigures(question, drawn.get(question.pk, 0), right.get(question.pk, 0), question_faults(question))
        for question in test.questions.order_by("-is_active", "id")
    ]


@transaction.atomic
def save_test(
    *,
    test: OnlineTest | None,
    kind: str,
    skill_id: int | None,
    grade: int,
    title: Texts,
    intro: Texts,
    draws: int,
    minutes: int,
    pass_percent: int,
    retry_hours: int,
    valid_months: int | None,
    who: str,
    now: datetime,
) -> OnlineTest:
    """Write a new test, or a present one anew. Attempts that run keep their paper and their time.

    Raises UnableToKeepTest; NotReadyToPublish where a published test would not be complete any more.
    """
    faults: dict[str, Any] = {}
    if not any(title.values()):
        faults["__all__"] = gettext_lazy("Please enter a title.")
    is_known = skill_id is not None and Skill.objects.filter(pk=skill_id, children=None).exists()
    if kind == OnlineTestKind.SKILL and not is_known:
        faults["skill"] = gettext_lazy("Please choose the skill that the test is about.")
    if kind == OnlineTestKind.SKILL and grade not in {Grade.FRIEND, Grade.PRO}:
        faults["grade"] = gettext_lazy("Please choose a level.")
    if faults:
        raise UnableToKeepTest(faults)
    kept = test or OnlineTest(slug=_free_slug(title))
    kept.kind, kept.skill_id = kind, skill_id if kind == OnlineTestKind.SKILL else None
    kept.grade = grade if kind == OnlineTestKind.SKILL else Grade.FRIEND
    kept.title, kept.intro = title, intro
    kept.draws, kept.minutes, kept.pass_percent = draws, minutes, pass_percent
    kept.retry_hours, kept.valid_months = retry_hours, valid_months
    kept.changed_at, kept.changed_by = now, who
    _save(kept)
    _must_stay_complete(kept)
    return kept


@transaction.atomic
def save_question(
    *,
    test: OnlineTest,
    question: PoolQuestion | None,
    text: Texts,
    choices: Sequence[Choice],
    explanation: Texts,
    is_active: bool,
    who: str,
    now: datetime,
) -> PoolQuestion:
    """Write a question of a test's pool. One without all languages can be kept, but not be in use.

    Raises UnableToKeepTest; NotReadyToPublish where the pool of a published test would become too small.
    """
    kept = question or PoolQuestion(test=test)
    kept.text, kept.choices, kept.explanation, kept.is_active = text, list(choices), explanation, is_active
    if not any(text.values()):
        raise UnableToKeepTest({"__all__": gettext_lazy("Please enter the question.")})
    faults = question_faults(kept)
    if is_active and faults:
        raise UnableToKeepTest({"__all__": " ".join(faults)})
    kept.save()
    OnlineTest.objects.filter(pk=test.pk).update(changed_at=now, changed_by=who)
    _must_stay_complete(test)
    return kept


@transaction.atomic
def publish_test(*, test: OnlineTest, who: str, now: datetime) -> None:
    """Let friends take the test.

    Raises NotReadyToPublish, or UnableToKeepTest where another test is published in its place.
    """
    if faults := faults_of(test):
        raise NotReadyToPublish(faults)
    test.is_published, test.changed_at, test.changed_by = True, now, who
    _save(test)


@transaction.atomic
def withdraw_test(*, test: OnlineTest, who: str, now: datetime) -> None:
    """Let nobody begin the test any more; who has begun may end it."""
    test.is_published, test.changed_at, test.changed_by = False, now, who
    test.save(update_fields=["is_published", "changed_at", "changed_by"])


def faults_of(test: OnlineTest) -> list[str]:
    """Return in words what a test lacks before it can be published; nothing where it is complete."""
    faults = [
        _("%(what)s is missing in: %(languages)s.") % {"what": what, "languages": _names(missing)}
        for what, missing in ((_("The title"), _missing(test.title)), (_("The introduction"), _missing(test.intro)))
        if missing
    ]
    pool = list(test.questions.filter(is_active=True)) if test.pk else []
    if len(pool) < test.draws:
        faults.append(
            ngettext(
                "The pool has %(count)s question in use, and the test draws %(draws)s.",
                "The pool has %(count)s questions in use, and the test draws %(draws)s.",
                len(pool),
            )
            % {"count": len(pool), "draws": test.draws}
        )
    incomplete = sum(bool(question_faults(question)) for question in pool)
    if incomplete:
        faults.append(
            ngettext(
                "%(count)s question in use is not complete.",
                "%(count)s questions in use are not complete.",
                incomplete,
            )
            % {"count": incomplete}
        )
    return faults


def question_faults(question: PoolQuestion) -> list[str]:
    """Return in words what a question lacks before it can be used."""
    choices: Sequence[Choice] = question.choices
    faults = []
    if missing := sorted({*_missing(question.text), *_missing(question.explanation)}):
        faults.append(_("Question or explanation is missing in: %(languages)s.") % {"languages": _names(missing)})
    if missing := sorted({code for choice in choices for code in _missing(choice["text"])}):
        faults.append(_("A choice is missing in: %(languages)s.") % {"languages": _names(missing)})
    if not FEWEST_CHOICES <= len(choices) <= MOST_CHOICES:
        faults.append(_("A question has two to six choices."))
    right = sum(choice["is_right"] for choice in choices)
    if not right:
        faults.append(_("No choice is marked as right."))
    elif right == len(choices):
        faults.append(_("At least one choice must be wrong."))
    return faults


def _must_stay_complete(test: OnlineTest) -> None:
    if test.is_published and (faults := faults_of(test)):
        raise NotReadyToPublish([_("This test is published and must stay complete."), *faults])


def _save(test: OnlineTest) -> None:
    """Save a test; the database knows whether another one is published for the same.

    Raises UnableToKeepTest.
    """
    try:
        with transaction.atomic():
            test.save()
    except IntegrityError as error:
        if constraint_of(error) not in ONE_PUBLISHED:
            raise
        words = gettext_lazy("Another test for the same skill is published. Withdraw that one first.")
        raise UnableToKeepTest({"__all__": words}) from error


def _missing(texts: Mapping[str, str]) -> list[str]:
    return [code for code in LANGUAGES if not (texts.get(code) or "").strip()]


def _names(codes: Sequence[str]) -> str:
    return ", ".join(str(LANGUAGES[code]) for code in codes)


def _free_slug(title: Texts) -> str:
    wanted = slugify(title.get("en") or next(filter(None, title.values()))) or "test"
    return free_slug(wanted, longest=LONGEST_SLUG, beginning_with=_slugs_beginning_with)


def _slugs_beginning_with(base: str) -> QuerySet[OnlineTest, str]:
    return OnlineTest.objects.filter(slug__startswith=base).values_list("slug", flat=True)
