"""What every installation begins with: the tree of skills, and the online tests, for operators to go on from."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from crowd.models import OnlineTest, PoolQuestion
from crowd.states import Grade, OnlineTestKind
from skills.models import Skill
from skills.services import plant_skills

TESTS = Path(__file__).parent / "data" / "tests"


@transaction.atomic
def plant_skills_and_tests(*, now: datetime) -> tuple[int, int]:
    """Plant the skills and the online tests that are missing, and return how many of each were.

    A test is known by its slug: one that exists stays as operators have made it.
    """
    skills = plant_skills()
    wanted = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(TESTS.glob("*.toml"))]
    there = set(OnlineTest.objects.values_list("slug", flat=True))
    missing = [test for test in wanted if test["slug"] not in there and not _has_another(test)]
    for test in missing:
        _plant(test, now)
    return skills, len(missing)


def _has_another(data: dict[str, Any]) -> bool:
    """Say whether operators have published a test of their own in its place."""
    return OnlineTest.objects.filter(kind=data["kind"], skill=_skill(data), is_published=True).exists()


def _plant(data: dict[str, Any], now: datetime) -> None:
    test = OnlineTest.objects.create(
        slug=data["slug"],
        kind=data["kind"],
        skill=_skill(data),
        grade=Grade.FRIEND,
        title=data["title"],
        intro=data["intro"],
        draws=data["draws"],
        minutes=data["minutes"],
        pass_percent=data["pass_percent"],
        retry_hours=data["retry_hours"],
        valid_months=data.get("valid_months"),
        is_published=True,
        changed_at=now,
        changed_by="Quartett",
    )
    PoolQuestion.objects.bulk_create(
        PoolQuestion(
            test=test,
            text=question["text"],
            choices=[
                {"text": choice["text"], "is_right": choice.get("is_right", False)} for choice in question["choices"]
            ],
            explanation=question["explanation"],
        )
        for question in data["questions"]
    )


def _skill(data: dict[str, Any]) -> Skill | None:
    return Skill.objects.get(slug=data["skill"]) if data["kind"] == OnlineTestKind.SKILL else None
