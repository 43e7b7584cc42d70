"""Writes about skills. Run on the platform: a tenant may only read them."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from kernel.typed.slugs import free_slug
from skills.errors import UnableToKeepSkill
from skills.models import Skill

TREE = Path(__file__).parent / "data" / "skills.toml"
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
LONGEST_NAME = 80
LONGEST_SLUG = 50


@transaction.atomic
def plant_skills() -> int:
    """Define the skills of the data file that are missing and return how many were.

    What is there stays as operators have made it: renamed, moved, retired.
    """
    planted = 0
    for group in tomllib.loads(TREE.read_text(encoding="utf-8"))["group"]:
        parent, is_new = _plant(group, parent=None)
        planted += is_new
        for leaf in group["leaves"]:
            planted += _plant(leaf, parent=parent)[1]
    return planted


def define_skill(
    *, slug: str, names: Mapping[str, str], parent: Skill | None = None, needs_certificate: bool = False
) -> Skill:
    """Create the skill or bring it up to date; ``names`` holds a name for each language code."""
    skill, _is_new = Skill.objects.update_or_create(
        slug=slug, defaults={**_columns(names), "parent": parent, "needs_certificate": needs_certificate}
    )
    return skill


@transaction.atomic
def add_skill(
    *,
    names: Mapping[str, str],
    parent_id: int | None,
    needs_certificate: bool,
    owner: int | None = None,
    owner_slug: str = "",
    who: str,
    now: datetime,
) -> Skill:
    """Add a skill: a general one, or a partner's own (``owner`` its tenant id) for its products.

    A general one needs a name in every language; a partner's own shows its first name where one is missing.

    Raises UnableToKeepSkill.
    """
    names, parent = _checked(names, owner), _parent(parent_id, owner)
    base = f"{owner_slug} {names['en']}" if owner_slug else names["en"]
    return Skill.objects.create(
        slug=free_slug(slugify(base) or "skill", longest=LONGEST_SLUG, beginning_with=_slugs_beginning_with),
        owner=owner,
        parent=parent,
        needs_certificate=needs_certificate,
        changed_at=now,
        changed_by=who,
        **_columns(names),
    )


@transaction.atomic
def change_skill(
    *,
    skill_id: int,
    names: Mapping[str, str],
    parent_id: int | None,
    needs_certificate: bool,
    owner: int | None = None,
    who: str,
    now: datetime,
) -> Skill:
    """Rename or move a skill of ``owner``, or say whether it needs a certificate. Its slug stays, for packages name it.

    Raises ``Skill.DoesNotExist`` for anybody else's, or UnableToKeepSkill.
    """
    skill = Skill.objects.select_for_update().get(pk=skill_id, owner=owner)
    names, parent = _checked(names, owner), _parent(parent_id, owner)
    if parent is not None and (parent.pk == skill.pk or skill.children.exists()):
        raise UnableToKeepSkill({"parent": _("A group cannot be placed under another skill.")})
    for name, value in _columns(names).items():
        setattr(skill, name, value)
    skill.parent, skill.needs_certificate = parent, needs_certificate
    skill.changed_at, skill.changed_by = now, who
    skill.save()
    return skill


@transaction.atomic
def retire_skill(*, skill_id: int, owner: int | None = None, who: str, now: datetime) -> Skill:
    """Offer a skill nowhere any more. Packages, jobs, certificates and friends that have it keep it.

    Raises ``Skill.DoesNotExist`` for anybody else's, or UnableToKeepSkill for a group that is not empty.
    """
    skill = Skill.objects.select_for_update().get(pk=skill_id, owner=owner)
    if skill.children.filter(is_retired=False).exists():
        raise UnableToKeepSkill({"__all__": _("There are skills in this group. Retire them first.")})
    return _mark(skill, is_retired=True, who=who, now=now)


@transaction.atomic
def bring_back_skill(*, skill_id: int, owner: int | None = None, who: str, now: datetime) -> Skill:
    """Offer a retired skill again.

    Raises ``Skill.DoesNotExist`` for anybody else's, or UnableToKeepSkill where its group is retired.
    """
    skill = Skill.objects.select_for_update().get(pk=skill_id, owner=owner)
    if skill.parent is not None and skill.parent.is_retired:
        raise UnableToKeepSkill({"__all__": _("Its group is retired. Bring that back first.")})
    return _mark(skill, is_retired=False, who=who, now=now)


def retire_skills_of(*, owner: int, who: str, now: datetime) -> int:
    """Retire all own skills of a partner that leaves; return how many."""
    left = Skill.objects.filter(owner=owner, is_retired=False)
    return left.update(is_retired=True, changed_at=now, changed_by=who)


def adopt_skills(*, slugs: Iterable[str], owner: int, living: Iterable[int], who: str, now: datetime) -> int:
    """Give the retired own skills of partners that are gone to a partner which came back with packages that need them.

    ``living`` are the partners that there are; what belongs to one of them stays there. Return how many were adopted.
    """
    left = Skill.objects.filter(slug__in=list(slugs), owner__isnull=False, is_retired=True)
    orphans = left.exclude(owner__in=list(living))
    return orphans.update(owner=owner, is_retired=False, changed_at=now, changed_by=who)


def _plant(data: dict[str, Any], parent: Skill | None) -> tuple[Skill, bool]:
    return Skill.objects.get_or_create(
        slug=data["slug"],
        defaults={
            **_columns(data["names"]),
            "parent": parent,
            "needs_certificate": data.get("needs_certificate", False),
        },
    )


def _checked(names: Mapping[str, str], owner: int | None) -> dict[str, str]:
    """Return a name for every language."""
    cleaned = {code: " ".join(names.get(code, "").split()) for code in LANGUAGES}
    faults = {f"name_{code}": _("This name is too long.") for code, name in cleaned.items() if len(name) > LONGEST_NAME}
    given = [name for name in cleaned.values() if name]
    if owner is None:
        missing = [code for code in LANGUAGES if not cleaned[code]]
        faults |= {f"name_{code}": _("Please enter the name in this language.") for code in missing}
    elif not given:
        faults["__all__"] = _("Please enter a name.")
    if faults:
        raise UnableToKeepSkill(faults)
    return {code: name or given[0] for code, name in cleaned.items()}


def _parent(parent_id: int | None, owner: int | None) -> Skill | None:
    """Return the group, which must be of the upper level, in use, and general or the owner's."""
    if parent_id is None:
        return None
    parent = Skill.objects.filter(pk=parent_id, parent=None, is_retired=False, owner__isnull=True).first()
    if parent is None and owner is not None:
        parent = Skill.objects.filter(pk=parent_id, parent=None, is_retired=False, owner=owner).first()
    if parent is None:
        raise UnableToKeepSkill({"parent": _("Please choose a group from the list.")})
    return parent


def _slugs_beginning_with(base: str) -> QuerySet[Skill, str]:
    return Skill.objects.filter(slug__startswith=base).values_list("slug", flat=True)


def _mark(skill: Skill, *, is_retired: bool, who: str, now: datetime) -> Skill:
    skill.is_retired, skill.changed_at, skill.changed_by = is_retired, now, who
    skill.save(update_fields=["is_retired", "changed_at", "changed_by"])
    return skill


def _columns(names: Mapping[str, str]) -> dict[str, str]:
    return {f"name_{code}": name for code, name in names.items()}
