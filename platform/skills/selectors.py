"""Reads about skills. Inside a tenant the database shows the general ones and the tenant's own."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from skills.models import Skill


@dataclass(frozen=True)
class KnownSkill:
    """A skill as a package names it."""

    id: int
    needs_certificate: bool


@dataclass(frozen=True)
class Branch:
    """A skill of the upper level and those below it."""

    skill: Skill
    leaves: list[Skill]


def skill_ids(slugs: Iterable[str]) -> dict[str, int]:
    """Return the ids of the skills by slug; unknown slugs are missing from the answer."""
    return {slug: skill.id for slug, skill in skills_by_slug(slugs).items()}


def skills_by_id(ids: Iterable[int]) -> dict[int, Skill]:
    """Return the skills by id (1 query)."""
    return Skill.objects.in_bulk(list(ids))


def skills_by_slug(slugs: Iterable[str]) -> dict[str, KnownSkill]:
    """Return what a booking must know of each skill; unknown slugs are missing from the answer."""
    rows = Skill.objects.filter(slug__in=list(slugs)).values_list("slug", "id", "needs_certificate")
    return {slug: KnownSkill(pk, needs) for slug, pk, needs in rows}


def skill_by_id(skill_id: int) -> Skill:
    """Return a skill with the one above it.

    Raises ``Skill.DoesNotExist``.
    """
    return Skill.objects.select_related("parent").get(pk=skill_id)


def skill_tree(*, owner: int | None = None) -> list[Branch]:
    """Return the tree by name, retired skills included: everybody's, or only one partner's own."""
    skills = list(_of(owner) if owner is not None else Skill.objects.all())
    ids = {skill.pk for skill in skills}
    below: dict[int, list[Skill]] = {}
    for skill in skills:
        if skill.parent_id in ids and skill.parent_id is not None:
            below.setdefault(skill.parent_id, []).append(skill)
    tops = [skill for skill in skills if skill.parent_id not in ids]
    return [Branch(skill, sorted(below.get(skill.pk, []), key=_by_name)) for skill in sorted(tops, key=_by_name)]


def groups(*, owner: int | None = None) -> list[Skill]:
    """Return the skills below which others may stand: those of the upper level that are not retired."""
    found = Skill.objects.filter(Q(owner=None) | Q(owner=owner), parent=None, is_retired=False)
    return sorted(found, key=_by_name)


def groups_of_skills(ids: Iterable[int]) -> set[str]:
    """Return the slugs of the groups in which skills stand (1 query)."""
    found = Skill.objects.filter(pk__in=list(ids), parent__isnull=False)
    return set(found.values_list("parent__slug", flat=True))


def groups_by_skill() -> dict[str, str]:
    """Return the slug of its group for the slug of each skill that stands in one (1 query)."""
    return dict(Skill.objects.filter(parent__isnull=False).values_list("slug", "parent__slug"))


def group_names(*, owner: int) -> dict[str, str]:
    """Return the names of all groups that a partner's packages can be in, in the reader's language, by slug."""
    found = Skill.objects.filter(Q(owner=None) | Q(owner=owner), Exists(Skill.objects.filter(parent=OuterRef("pk"))))
    return {skill.slug: skill.name for skill in sorted(found, key=_by_name)}


def usable_skills(*, owner: int | None = None, kept: Collection[str] = ()) -> list[Skill]:
    """Return what somebody can have: the general skills and a partner's own, by group and name.

    Groups are left out, and retired skills but for the ``kept`` slugs, which are in use.
    """
    children = Skill.objects.filter(parent=OuterRef("pk"))
    found = (
        Skill.objects.filter(Q(owner=None) | Q(owner=owner))
        .filter(Q(is_retired=False) | Q(slug__in=list(kept)))
        .exclude(Exists(children))
        .select_related("parent")
    )
    return sorted(found, key=lambda skill: (skill.parent.name if skill.parent else "", *_by_name(skill)))


def own_skills(owner: int) -> list[Skill]:
    """Return a partner's own skills by name, retired ones last."""
    return sorted(_of(owner).select_related("parent"), key=lambda skill: (skill.is_retired, *_by_name(skill)))


def _of(owner: int) -> QuerySet[Skill]:
    return Skill.objects.filter(owner=owner)


def _by_name(skill: Skill) -> tuple[str, int]:
    return skill.name.casefold(), skill.pk
