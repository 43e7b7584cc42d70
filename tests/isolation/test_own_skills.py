"""A partner's own skills are nobody else's (R3): a tenant sees the general ones and its own."""

import pytest
from django.db import DatabaseError, connection, transaction
from time_machine import Coordinates

from kernel.clock import now
from skills.models import Skill
from skills.selectors import own_skills, skills_by_slug, usable_skills
from skills.services import add_skill
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant


@pytest.fixture
def lamps(nord: Tenant, sued: Tenant, clock: Coordinates) -> dict[str, Skill]:
    """Return a skill of each partner's own."""
    with platform_context():
        return {
            tenant.slug: add_skill(
                names={"en": "Lamp"}, parent_id=None, needs_certificate=True, owner=tenant.pk, owner_slug=tenant.slug,
                who="Maja", now=now(),
            )
            for tenant in (nord, sued)
        }  # fmt: skip


def test_a_tenant_sees_general_skills_and_its_own(nord: Tenant, sued: Tenant, lamps: dict[str, Skill]) -> None:
    with tenant_context(nord):
        seen = set(Skill.objects.values_list("owner", flat=True))
        assert skills_by_slug(["nord-lamp", "sued-lamp", "wifi"]).keys() == {"nord-lamp", "wifi"}
        assert own_skills(sued.pk) == []
        assert "sued-lamp" not in {skill.slug for skill in usable_skills(owner=sued.pk)}
        with connection.cursor() as cursor:
            cursor.execute("SELECT slug FROM public.skills_skill WHERE owner IS NOT NULL")
            assert cursor.fetchall() == [("nord-lamp",)]

    assert seen == {None, nord.pk}
    with platform_context():
        assert set(Skill.objects.values_list("owner", flat=True)) == {None, nord.pk, sued.pk}


def test_a_tenant_writes_no_skill_itself(nord: Tenant, lamps: dict[str, Skill]) -> None:
    with tenant_context(nord):
        for sql in (
            "UPDATE public.skills_skill SET name = 'x'",
            "DELETE FROM public.skills_skill",
            "INSERT INTO public.skills_skill (slug, name, needs_certificate) VALUES ('x', 'x', false)",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)
