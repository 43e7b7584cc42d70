"""Managers: skills of their own, certificates for them, and what packages need (R5, R9)."""

from typing import Any

import pytest
from django.test import Client

from catalog.models import Package
from crowd.models import Certificate, Friend
from kernel.clock import now
from skills.models import Skill
from skills.services import add_skill, retire_skill
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import Cast, deliver, register_friend

SKILLS = "/admin/own-skills/"
CERTIFICATES = "/admin/certificates/"


@pytest.fixture
def lamp(nord: Tenant, four_near: Cast) -> Skill:
    """Return a skill for a product of Nord's own."""
    return own_skill(nord, "Lamp")


def own_skill(tenant: Tenant, name: str) -> Skill:
    with platform_context():
        return add_skill(
            names={"en": name}, parent_id=None, needs_certificate=True, owner=tenant.pk, owner_slug=tenant.slug,
            who="Maja", now=now(),
        )  # fmt: skip


def test_a_manager_adds_renames_and_retires_a_skill(manager_client: Client, nord: Tenant, four_near: object) -> None:
    assert "You have no skills of your own yet." in manager_client.get(SKILLS).content.decode()
    sent = {"name_de": "Nordlampe", "name_en": "Nord lamp", "parent": "", "needs_certificate": "on"}

    assert manager_client.post(SKILLS, sent).status_code == 302

    skill = Skill.objects.get(owner=nord.pk)
    assert (skill.slug, skill.name_de, skill.name_pl) == ("nord-nord-lamp", "Nordlampe", "Nordlampe")  # type: ignore[attr-defined]  # of modeltranslation
    assert "Nord lamp" in manager_client.get(SKILLS).content.decode()
    path = f"{SKILLS}{skill.pk}/"
    assert manager_client.get(path).status_code == 200
    manager_client.post(path, sent | {"name_en": "Nord light"})
    manager_client.post(f"{path}retire/")
    skill.refresh_from_db()
    assert (skill.name_en, skill.is_retired) == ("Nord light", True)  # type: ignore[attr-defined]  # of modeltranslation
    manager_client.post(f"{path}retire/", {"back": "1"})
    skill.refresh_from_db()
    assert not skill.is_retired


def test_a_skill_without_a_name_is_refused(manager_client: Client, nord: Tenant) -> None:
    answer = manager_client.post(SKILLS, {"name_de": " ", "name_en": ""})

    assert answer.status_code == 422
    assert "Please enter a name." in answer.content.decode()


def test_others_skills_do_not_exist_here(manager_client: Client, sued: Tenant, four_near: object) -> None:
    strange = own_skill(sued, "Alpine lamp")
    general = Skill.objects.get(slug="printer")

    for skill in (strange, general):
        path = f"{SKILLS}{skill.pk}/"
        assert manager_client.get(path, follow=True).status_code == 404
        assert manager_client.post(path, {"name_en": "Mine"}, follow=True).status_code == 404
        assert manager_client.post(f"{path}retire/", follow=True).status_code == 404
    assert "Alpine lamp" not in manager_client.get(SKILLS).content.decode()


def certifying(certified: Friend, own: Skill, **fields: Any) -> dict[str, str]:
    """Return what the browser sends to certify a friend for a year."""
    return {"friend": str(certified.pk), "skill": str(own.pk), "valid_until": "2027-11-24", "why": "Training"} | fields


def test_a_manager_certifies_a_member_who_is_told_and_takes_it_back(
    manager_client: Client, lamp: Skill, four_near: Cast
) -> None:
    ben = four_near["Ben"]
    assert "Nobody is certified for your own products yet." in manager_client.get(CERTIFICATES).content.decode()

    assert manager_client.post(CERTIFICATES, certifying(ben, lamp)).status_code == 302

    certificate = Certificate.objects.get(friend=ben, skill=lamp)
    assert certificate.issuer == lamp.owner
    (mail,) = deliver()
    assert "Nord" in mail.body
    assert "Ben Muster, Berlin" in manager_client.get(CERTIFICATES).content.decode()
    revoke = f"{CERTIFICATES}{certificate.pk}/revoke/"
    manager_client.post(revoke, {"why": ""})
    assert Certificate.objects.filter(pk=certificate.pk).exists()
    manager_client.post(revoke, {"why": "No lamps any more"})
    assert not Certificate.objects.filter(pk=certificate.pk).exists()


def test_friends_see_who_certified_them(
    manager_client: Client, friend_client: Client, lamp: Skill, four_near: Cast
) -> None:
    manager_client.post(CERTIFICATES, certifying(four_near["Ben"], lamp))

    body = friend_client.get("/en/tests/").content.decode()

    assert "Certified by Nord" in body
    assert "Training" in body


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"valid_from": "2026-10-01", "valid_until": "2026-09-30"}, "cannot end before it starts"),
        ({"valid_until": "2026-11-20"}, "cannot end before it starts"),
        ({"friend": ""}, "Please choose a friend from the list."),
        ({"skill": ""}, "Please choose a skill from the list."),
    ],
)
def test_bad_input_is_named_beside_the_field(
    manager_client: Client, lamp: Skill, four_near: Cast, fields: dict[str, str], words: str
) -> None:
    answer = manager_client.post(CERTIFICATES, certifying(four_near["Ben"], lamp, **fields))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Certificate.objects.filter(skill=lamp).exists()


def test_only_members_and_own_skills_can_be_chosen(
    manager_client: Client, lamp: Skill, sued: Tenant, four_near: Cast
) -> None:
    finn = register_friend("Finn", km=9, communities=[sued.pk])
    general = Skill.objects.get(slug="thermostats")

    for sent in (certifying(finn, lamp), certifying(four_near["Ben"], general)):
        assert manager_client.post(CERTIFICATES, sent).status_code == 422
    assert not Certificate.objects.filter(skill__in=[lamp, general]).exists()
    strange = Certificate.objects.create(friend=finn, skill=own_skill(sued, "Alpine lamp"), issuer=sued.pk)
    revoke = f"{CERTIFICATES}{strange.pk}/revoke/"
    assert manager_client.post(revoke, {"why": "x"}, follow=True).status_code == 404
    assert Certificate.objects.filter(pk=strange.pk).exists()


def test_strangers_stay_outside(visitor: Client, nord: Tenant) -> None:
    for path in (SKILLS, CERTIFICATES):
        assert visitor.get(path).status_code == 302


def package_form(client: Client, path: str) -> dict[str, Any]:
    """Return the fields of a package's form as they are now."""
    form = client.get(path).context["form"]
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        data[bound.html_name] = "" if value is None else value
    for formset in form.formsets.values():
        for hidden in formset.management_form:
            data[hidden.html_name] = hidden.value()
        for child in formset.forms:
            for bound in child:
                value = bound.value()
                data[bound.html_name] = "" if value is None else value
    return {name: value for name, value in data.items() if value is not False}


def edit_path(nord: Tenant) -> str:
    with tenant_context(nord):
        return f"/admin/packages/edit/{Package.objects.get().pk}/"


def test_a_package_names_skills_certificates_and_level(manager_client: Client, nord: Tenant, lamp: Skill) -> None:
    path = edit_path(nord)
    page = manager_client.get(path).content.decode()
    assert "Lamp (always certified)" in page
    assert "Computer: Repairing PC faults" in page

    sent = package_form(manager_client, path) | {
        "skills": ["wifi", lamp.slug], "certificates": ["wifi"], "level": "pro"
    }  # fmt: skip
    answer = manager_client.post(path, sent)

    assert answer.status_code == 302, answer.context["form"].errors
    with tenant_context(nord):
        package = Package.objects.get()
    assert (set(package.skills), package.certificates, package.level) == ({"wifi", lamp.slug}, ["wifi"], "pro")


def test_a_certificate_for_a_skill_that_the_package_lacks_is_refused(
    manager_client: Client, nord: Tenant, four_near: object
) -> None:
    path = edit_path(nord)

    answer = manager_client.post(path, package_form(manager_client, path) | {"certificates": ["thermostats"]})

    assert "Tick only skills that the package needs." in answer.content.decode()
    with tenant_context(nord):
        assert Package.objects.get().certificates == []


def test_retired_and_others_skills_cannot_be_chosen_but_stay_where_they_are(
    manager_client: Client, nord: Tenant, sued: Tenant, four_near: object
) -> None:
    strange = own_skill(sued, "Alpine lamp")
    with platform_context():
        for slug in ("printer", "wifi"):
            retire_skill(skill_id=Skill.objects.get(slug=slug).pk, who="Olga", now=now())
    path = edit_path(nord)
    page = manager_client.get(path).content.decode()
    assert "Wi-Fi (retired)" in page
    assert "Alpine lamp" not in page
    sent = package_form(manager_client, path)

    for slug in ("printer", strange.slug, "nothing"):
        assert manager_client.post(path, sent | {"skills": ["wifi", slug]}).status_code == 200
    assert manager_client.post(path, sent | {"skills": ["wifi", "tv-setup"]}).status_code == 302

    with tenant_context(nord):
        assert set(Package.objects.get().skills) == {"wifi", "tv-setup"}
