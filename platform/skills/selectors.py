"""Reads about skills."""

from collections.abc import Iterable

from skills.models import Skill


def skill_ids(slugs: Iterable[str]) -> dict[str, int]:
    """Return the ids of the skills by slug; unknown slugs are missing from the answer."""
    return dict(Skill.objects.filter(slug__in=list(slugs)).values_list("slug", "id"))


def skills_by_id(ids: Iterable[int]) -> dict[int, Skill]:
    """Return the skills by id (1 query)."""
    return Skill.objects.in_bulk(list(ids))
