"""Online tests for the tests: small pools in which the first choice of each question is right."""

from crowd.models import Attempt, Friend, OnlineTest
from crowd.papers import Answers, Choice, right_places
from crowd.pools import publish_test, save_question, save_test
from crowd.states import Grade, OnlineTestKind
from kernel.clock import now
from skills.models import Skill

LANGUAGES = ("de", "en", "fr", "it", "pl")


def texts(words: str) -> dict[str, str]:
    """Return a text in all languages, which differ."""
    return {code: f"{words} ({code})" for code in LANGUAGES}


def choices(*, right: int = 1, count: int = 3) -> list[Choice]:
    """Return so many choices of which the first ones are right."""
    return [{"text": texts(f"Choice {place}"), "is_right": place < right} for place in range(count)]


def write_test(
    skill: Skill | None = None, *, questions: int = 4, is_published: bool = True, **fields: object
) -> OnlineTest:
    """Write a test of a skill, or the onboarding, with a pool."""
    values = {
        "kind": OnlineTestKind.SKILL if skill else OnlineTestKind.ONBOARDING,
        "skill_id": skill.pk if skill else None,
        "grade": Grade.FRIEND,
        "title": texts(f"Test of {skill.slug if skill else 'onboarding'}"),
        "intro": texts("Rules"),
        "draws": 3,
        "minutes": 10,
        "pass_percent": 60,
        "retry_hours": 24,
        "valid_months": 12,
    } | fields
    test = save_test(test=None, who="Olga", now=now(), **values)  # type: ignore[arg-type]  # any of its fields
    for number in range(questions):
        add_question(test, f"Question {number}")
    if is_published:
        publish_test(test=test, who="Olga", now=now())
    return test


def add_question(test: OnlineTest, words: str, *, right: int = 1, is_active: bool = True) -> None:
    """Add a complete question to a pool."""
    save_question(
        test=test,
        question=None,
        text=texts(words),
        choices=choices(right=right),
        explanation=texts("Because"),
        is_active=is_active,
        who="Olga",
        now=now(),
    )


def answers_with(attempt: Attempt, right: int) -> Answers:
    """Return answers of which so many are right and the others wrong."""
    found: Answers = {}
    for place, question in enumerate(attempt.paper):
        good = right_places(question)
        wrong = [one for one in range(len(question["choices"])) if one not in good]
        found[str(place)] = sorted(good) if place < right else wrong[:1]
    return found


def beginner(friend: Friend) -> Friend:
    """Make of a friend one whose age is checked and who has not taken the onboarding test."""
    Friend.objects.filter(pk=friend.pk).update(is_active=False, onboarded_at=None)
    friend.refresh_from_db()
    return friend
