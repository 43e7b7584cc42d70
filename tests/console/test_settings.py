"""Managers change their partner's settings (issue 3, point 7; R4): only theirs, only what is theirs to change."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User
from cms.services import managers_group
from kernel.clock import now
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import history, settings_version
from tenants.services import change_settings
from tests.cast import PASSWORD, sign_in_staff

PATH = "/admin/partner-settings/"


def posted(tenant: Tenant, **changes: Any) -> dict[str, Any]:
    """Return what the form holds as it is, with changes."""
    data: dict[str, Any] = {
        "version": settings_version(tenant),
        "name": tenant.name,
        "legal_name": tenant.legal_name,
        "email": tenant.email,
        "phone": tenant.phone,
        "brand_colour": tenant.brand_colour,
        "accent_colour": tenant.accent_colour,
        "languages": tenant.languages,
        "default_language": tenant.default_language,
        "wave_size": tenant.wave_size,
        "own_waves": tenant.own_waves,
        "crowd_waves": tenant.crowd_waves,
        "wave_minutes": tenant.wave_minutes,
        "contact_hours": tenant.contact_hours,
        "reach_m": tenant.reach_m / 1000,
        "sender_name": tenant.sender_name,
        "reply_to": tenant.reply_to,
        "is_open": "on",
        "features": tenant.features,
    }
    return data | changes


def test_the_form_shows_what_is_set_and_saving_it_untouched_changes_nothing(
    manager_client: Client, nord: Tenant
) -> None:
    page = manager_client.get(PATH).content.decode()
    for shown in (
        'value="Nord"',
        'value="50"',
        'name="tagline_pl"',
        "Agreed with the platform",
        "Commission in percent",
    ):
        assert shown in page

    answer = manager_client.post(PATH, posted(nord))

    assert answer.status_code == 302
    assert not history(nord).exists()


def test_a_manager_changes_settings_and_finds_them_in_the_history(manager_client: Client, nord: Tenant) -> None:
    answer = manager_client.post(
        PATH,
        posted(
            nord, wave_size="3", reach_m="12.5", languages=["de", "en", "fr"], tagline_de="Hallo", tagline_en="Hello"
        )
        | {"tagline_fr": "Bonjour"},
    )
    assert answer.status_code == 302, answer.content.decode()

    nord.refresh_from_db()
    assert (nord.wave_size, nord.reach_m, nord.languages) == (3, 12_500, ["de", "en", "fr"])
    page = manager_client.get(f"{PATH}history/").content.decode()
    for shown in ("Friends in a wave", "Farthest friend in km", "12.5", "German, English, French", "Maja Nord"):
        assert shown in page
    assert "wave_size" not in page


def test_wrong_values_stay_and_are_explained_beside_their_fields(manager_client: Client, nord: Tenant) -> None:
    wrong = {"wave_size": "99", "brand_colour": "red", "reply_to": "nobody", "own_waves": "many", "sender_name": "Ours"}

    answer = manager_client.post(PATH, posted(nord, **wrong))

    page = answer.content.decode()
    assert answer.status_code == 422
    for kept in ('value="99"', 'value="red"', 'value="nobody"', 'value="many"', 'value="Ours"'):
        assert kept in page
    nord.refresh_from_db()
    assert nord.wave_size == 4


def test_all_that_is_wrong_is_said_at_once(manager_client: Client, nord: Tenant) -> None:
    answer = manager_client.post(PATH, posted(nord, name="", wave_size="99", brand_colour="red", tagline_de="Hallo"))

    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert set(errors) == {"name", "wave_size", "brand_colour", "tagline_en"}
    assert "from 1 to 20" in errors["wave_size"][0]


def test_what_is_agreed_with_the_platform_cannot_be_posted(manager_client: Client, nord: Tenant) -> None:
    answer = manager_client.post(
        PATH,
        posted(nord, countries=["PL"], currency="PLN", commission_bp="1", overflows="", logo="x.svg", slug="mine"),
    )

    assert answer.status_code == 302
    before = {name: getattr(nord, name) for name in ("countries", "currency", "commission_bp", "overflows", "slug")}
    nord.refresh_from_db()
    assert {name: getattr(nord, name) for name in before} == before
    assert not history(nord).exists()


def test_colours_are_looked_at_before_they_are_saved(manager_client: Client, nord: Tenant) -> None:
    answer = manager_client.post(PATH, posted(nord, brand_colour="#ffe600", preview="1"))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'fill="#ffe600"' in page
    assert "Nothing is saved yet" in page
    nord.refresh_from_db()
    assert nord.brand_colour == "#d7263d"


def test_two_managers_at_once_do_not_overwrite_each_other_unseen(manager_client: Client, nord: Tenant) -> None:
    opened = posted(nord, wave_size="3")
    change_settings(tenant=nord, who="Mika Nord", now=now(), wave_minutes=45)

    answer = manager_client.post(PATH, opened)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has changed" in page
    assert "Mika Nord" in page
    nord.refresh_from_db()
    assert (nord.wave_size, nord.wave_minutes) == (4, 45)

    again = manager_client.post(PATH, opened | {"version": answer.context["version"]})

    assert again.status_code == 302
    nord.refresh_from_db()
    assert (nord.wave_size, nord.wave_minutes) == (3, 30)


def test_a_manager_sees_only_the_own_partner(manager_client: Client, nord: Tenant, sued: Tenant) -> None:
    change_settings(tenant=sued, who="Moni Süd", now=now(), legal_name="Süd secret")

    assert "Süd" not in manager_client.get(PATH).content.decode()
    assert "Moni" not in manager_client.get(f"{PATH}history/").content.decode()

    manager_client.post(PATH, posted(nord, name="Nordlicht"))

    sued.refresh_from_db()
    assert sued.name == "Süd"


@pytest.mark.parametrize("path", [PATH, f"{PATH}history/"])
def test_staff_of_another_group_and_strangers_do_not_get_in(nord: Tenant, visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code == 302
    with tenant_context(nord):
        editors = Group.objects.create(name="Writers")
        editors.permissions.add(Permission.objects.get(codename="access_admin"))
        editor = User.objects.create_user("edda@nord.example", PASSWORD)
        editor.groups.add(editors)
    client = Client(headers={"host": "nord.localhost"})
    sign_in_staff(client, "edda@nord.example")
    assert client.get("/admin/").status_code == 200

    assert client.get(path).status_code == 302
    assert client.post(PATH, posted(nord, name="Mine")).status_code == 302
    assert path not in client.get("/admin/").content.decode()
    nord.refresh_from_db()
    assert nord.name == "Nord"


def test_the_group_of_managers_has_the_right(nord: Tenant) -> None:
    with tenant_context(nord):
        rights = set(managers_group().permissions.values_list("codename", flat=True))

    assert {"change_settings", "access_admin", "add_locale", "submit_translation"} <= rights
