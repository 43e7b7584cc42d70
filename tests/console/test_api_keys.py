"""Managers make, replace and end the keys of their own systems; a key is shown once."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from developers.kinds import Scope
from developers.models import Key
from developers.services import end_key, make_key
from kernel.clock import now
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.api.calls import Shop
from tests.cast import PASSWORD, sign_in_staff
from tests.pages import html_of

PAGE = "/admin/api-keys/"


def made_on(page: str) -> str:
    """Return the token that a page shows."""
    return re.findall(r'value="(qk_[^"]+)"', page)[0]


def test_a_key_is_made_shown_once_and_opens_the_api(manager_client: Client, nord: Tenant) -> None:
    form = {"name": "Web shop", "scopes": [Scope.ORDERS_READ], "expires_on": "2026-12-24", "networks": "127.0.0.0/8"}

    page = html_of(manager_client.post(PAGE, form))

    token = made_on(page)
    assert "The key “Web shop” has been created." in page
    assert Shop(token).get("orders").status_code == 200
    with tenant_context(nord):
        key = Key.objects.get()
        act = key.acts.get()
    assert (key.scopes, key.networks, act.kind, act.who) == (["orders:read"], ["127.0.0.0/8"], "made", "Maja Nord")
    assert key.expires_at is not None
    assert key.expires_at.isoformat() == "2026-12-24T23:00:00+00:00"
    again = html_of(manager_client.get(PAGE))
    assert token.split("_")[1] in again
    assert token not in again


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "This field is required."),
        ({"scopes": []}, "This field is required."),
        ({"expires_on": "2026-11-23"}, "Please choose a day in the future."),
        ({"expires_on": "9999-12-31"}, "Ensure this value is less than or equal to"),
        ({"networks": "203.0.113.0/24\nhere"}, "here is not a network."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    manager_client: Client, nord: Tenant, wrong: dict[str, object], words: str
) -> None:
    answer = manager_client.post(PAGE, {"name": "Web shop", "scopes": [Scope.ORDERS_READ], "networks": ""} | wrong)

    assert answer.status_code == 422
    page = html_of(answer)
    assert words in page
    assert "Nothing has been saved yet." in page
    with tenant_context(nord):
        assert not Key.objects.exists()


def test_a_key_is_replaced_and_ended(manager_client: Client, nord: Tenant) -> None:
    first = made_on(html_of(manager_client.post(PAGE, {"name": "Web shop", "scopes": [Scope.ORDERS_READ]})))
    with tenant_context(nord):
        key = Key.objects.get()

    second = made_on(html_of(manager_client.post(f"{PAGE}{key.uuid}/rotate/", {"days": "7"})))
    told = html_of(manager_client.post(f"{PAGE}{key.uuid}/end/", follow=True))

    assert "The key has been revoked." in told
    assert Shop(first).get("orders").status_code == 401
    assert Shop(second).get("orders").status_code == 200
    assert "is no longer valid" in html_of(manager_client.post(f"{PAGE}{key.uuid}/end/", follow=True))
    assert "is no longer valid" in html_of(manager_client.post(f"{PAGE}{key.uuid}/rotate/", {"days": "7"}, follow=True))
    for act in ("end", "rotate"):
        strange = f"{PAGE}6f0f9a3e-5d0c-4d59-9a37-3b6b1f6b0c11/{act}/"
        assert manager_client.post(strange, {"days": "1"}, follow=True).status_code == 404


def test_the_page_says_where_orders_by_the_api_are_switched_off(manager_client: Client, nord: Tenant) -> None:
    assert "are switched off" not in html_of(manager_client.get(PAGE))
    with platform_context():
        Tenant.objects.filter(pk=nord.pk).update(features=["booking"])

    assert "Orders through the API are switched off." in html_of(manager_client.get(PAGE))


def test_who_may_not_change_the_settings_makes_no_keys(nord: Tenant, visitor: Client) -> None:
    assert visitor.get(PAGE).status_code == 302
    with tenant_context(nord):
        editor = User.objects.create_user("edda@nord.example", PASSWORD)
        editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client(headers={"host": "nord.localhost"})
    sign_in_staff(client, "edda@nord.example")
    assert client.get("/admin/").status_code == 200

    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, {"name": "Mine", "scopes": [Scope.ORDERS_READ]}).status_code == 302
    assert PAGE not in client.get("/admin/").content.decode()
    with tenant_context(nord):
        assert not Key.objects.exists()


def test_a_partner_has_at_most_fifty_keys_at_a_time_and_sees_the_latest_that_are_over(
    manager_client: Client, nord: Tenant
) -> None:
    with tenant_context(nord):
        made = [make_key(name=f"Key {number}", scopes=Scope.values, who="Maja", now=now()).key for number in range(50)]

    refused = manager_client.post(PAGE, {"name": "One more", "scopes": [Scope.ORDERS_READ]})

    assert refused.status_code == 422
    assert "There can be at most 50 keys at a time." in html_of(refused)
    with tenant_context(nord):
        for key in made[:30]:
            end_key(key_uuid=key.uuid, who="Maja", now=now())
    page = html_of(manager_client.get(PAGE))
    assert (page.count("Key 29"), page.count("Key 49")) >= (1, 1)
    assert "Key 9 " not in page
    assert made[0].prefix not in page
