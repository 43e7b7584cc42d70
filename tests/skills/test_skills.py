"""The tree of skills and what a package asks of friends (R5, R9)."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from time_machine import Coordinates

from catalog.models import Package
from crowd.states import Grade
from dispatch.models import Job
from kernel.clock import now
from orders.errors import UnableToPlaceOrder
from skills.errors import UnableToKeepSkill
from skills.models import Skill
from skills.selectors import groups, own_skills, skill_tree, usable_skills
from skills.services import add_skill, adopt_skills, bring_back_skill, change_skill, retire_skill, retire_skills_of
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, certify_friend

NAMES = {code: f"Robots {code}" for code in ("de", "en", "fr", "it", "pl")}


def add(**fields: Any) -> Skill:
    """Add a skill of all, or as ``fields`` says."""
    values = {"names": NAMES, "parent_id": None, "needs_certificate": False, "who": "Olga", "now": now()}
    return add_skill(**(values | fields))


def test_the_tree_has_groups_with_skills(db: None) -> None:
    tree = {branch.skill.slug: [leaf.slug for leaf in branch.leaves] for branch in skill_tree()}

    assert set(tree["computer"]) == {"printer", "mac-repair", "pc-repair"}
    usable = [skill.slug for skill in usable_skills()]
    assert "computer" not in usable
    assert "pc-repair" in usable


def test_a_skill_of_all_needs_a_name_in_every_language(clock: Coordinates, db: None) -> None:
    with pytest.raises(UnableToKeepSkill) as error:
        add(names={"en": "Robots", "de": " "})

    assert set(error.value.fields) == {"name_de", "name_fr", "name_it", "name_pl"}


def test_a_partners_own_skill_shows_its_first_name_where_one_is_missing(nord: Tenant, clock: Coordinates) -> None:
    skill = add(names={"de": "Nordlampe"}, owner=nord.pk, owner_slug="nord")

    assert (skill.slug, skill.name_pl) == ("nord-nordlampe", "Nordlampe")  # type: ignore[attr-defined]  # of modeltranslation
    assert add(names={"de": "Nordlampe"}, owner=nord.pk, owner_slug="nord").slug == "nord-nordlampe-2"
    with pytest.raises(UnableToKeepSkill):
        add(names={}, owner=nord.pk)


def test_the_tree_has_two_levels(clock: Coordinates, db: None) -> None:
    leaf = Skill.objects.get(slug="pc-repair")
    group = Skill.objects.get(slug="computer")
    with pytest.raises(UnableToKeepSkill):
        add(parent_id=leaf.pk)
    other = Skill.objects.get(slug="tv")
    with pytest.raises(UnableToKeepSkill):
        change_skill(skill_id=group.pk, names=NAMES, parent_id=other.pk, needs_certificate=False, who="Olga", now=now())
    with pytest.raises(IntegrityError, match="skill_is_not_below_itself"), transaction.atomic():
        Skill.objects.filter(pk=leaf.pk).update(parent=leaf)


def test_a_retired_skill_is_offered_nowhere_but_where_it_is_in_use(clock: Coordinates, db: None) -> None:
    skill = Skill.objects.get(slug="printer")

    retire_skill(skill_id=skill.pk, who="Olga", now=now())

    assert "printer" not in [one.slug for one in usable_skills()]
    assert "printer" in [one.slug for one in usable_skills(kept=["printer"])]
    bring_back_skill(skill_id=skill.pk, who="Olga", now=now())
    assert "printer" in [one.slug for one in usable_skills()]


def test_a_group_is_retired_after_its_skills(clock: Coordinates, db: None) -> None:
    group, leaf = Skill.objects.get(slug="tv"), Skill.objects.get(slug="tv-setup")
    with pytest.raises(UnableToKeepSkill):
        retire_skill(skill_id=group.pk, who="Olga", now=now())

    retire_skill(skill_id=leaf.pk, who="Olga", now=now())
    retire_skill(skill_id=group.pk, who="Olga", now=now())

    assert group.pk not in [one.pk for one in groups()]
    with pytest.raises(UnableToKeepSkill):
        bring_back_skill(skill_id=leaf.pk, who="Olga", now=now())


def test_a_package_with_a_retired_skill_is_still_served(nord: Tenant, four_near: Cast) -> None:
    retire_skill(skill_id=Skill.objects.get(slug="wifi").pk, who="Olga", now=now())

    order = book(nord)

    assert Job.objects.get(order_id=order.uuid).offers.count() == 4


def test_nobody_writes_anothers_skills(nord: Tenant, sued: Tenant, clock: Coordinates) -> None:
    own = add(owner=nord.pk, owner_slug="nord")
    general = Skill.objects.get(slug="printer")

    for skill, owner in ((own, sued.pk), (own, None), (general, nord.pk)):
        with pytest.raises(Skill.DoesNotExist):
            retire_skill(skill_id=skill.pk, owner=owner, who="Eve", now=now())
        with pytest.raises(Skill.DoesNotExist):
            change_skill(
                skill_id=skill.pk, names=NAMES, parent_id=None, needs_certificate=False, owner=owner, who="Eve",
                now=now(),
            )  # fmt: skip


def test_the_skills_of_a_partner_that_leaves_are_retired(nord: Tenant, clock: Coordinates) -> None:
    add(owner=nord.pk)

    assert retire_skills_of(owner=nord.pk, who="Quartett", now=now()) == 1

    assert [skill.is_retired for skill in own_skills(nord.pk)] == [True]


def test_a_partner_that_comes_back_has_its_skills_again_and_nobody_elses(nord: Tenant, clock: Coordinates) -> None:
    gone, new = 900_001, 900_002
    for owner in (gone, nord.pk):
        add(owner=owner)
        retire_skills_of(owner=owner, who="Quartett", now=now())
    slugs = list(Skill.objects.filter(owner__isnull=False).values_list("slug", flat=True))
    assert len(slugs) == 2

    assert adopt_skills(slugs=slugs, owner=new, living=[nord.pk], who="Quartett", now=now()) == 1

    assert [skill.is_retired for skill in own_skills(new)] == [False]
    assert [skill.is_retired for skill in own_skills(nord.pk)] == [True]


def grades_of_a_booking(tenant: Tenant) -> dict[str, int]:
    """Book and return the grade that the job asks of each skill."""
    job = Job.objects.get(order_id=book(tenant).uuid)
    slugs = dict(Skill.objects.values_list("id", "slug"))
    return {slugs[skill]: grade for skill, grade in zip(job.skill_ids, job.grades, strict=True)}


def test_a_package_asks_for_certificates_where_it_is_ticked(nord: Tenant, four_near: Cast) -> None:
    assert grades_of_a_booking(nord) == {"wifi": Grade.DECLARED}

    with tenant_context(nord):
        Package.objects.update(certificates=["wifi"])

    assert grades_of_a_booking(nord) == {"wifi": Grade.FRIEND}


def test_a_skill_that_needs_a_certificate_asks_for_one_even_where_nobody_ticked_it(
    nord: Tenant, four_near: Cast
) -> None:
    with tenant_context(nord):
        Package.objects.update(skills=["wifi", "thermostats"], certificates=[])
    thermostats = Skill.objects.filter(slug="thermostats")
    certify_friend(friend=four_near["Ben"], skills=thermostats, grade=Grade.DECLARED)
    with pytest.raises(UnableToPlaceOrder):
        book(nord)

    certify_friend(friend=four_near["Ben"], skills=thermostats, grade=Grade.FRIEND)

    assert grades_of_a_booking(nord) == {"thermostats": Grade.FRIEND, "wifi": Grade.DECLARED}


def test_the_database_refuses_certificates_of_skills_that_the_package_lacks(nord: Tenant) -> None:
    with (
        tenant_context(nord),
        pytest.raises(IntegrityError, match="package_certificates_are_of_its_skills"),
        transaction.atomic(),
    ):
        Package.objects.update(certificates=["thermostats"])
