"""Managers add, look after and remove the endpoints of their own systems."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from developers.models import Endpoint
from developers.webhooks import pause_dead_endpoint
from kernel.clock import now
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import PASSWORD, Cast, book, deliver, sign_in_staff
from tests.developers.receiver import receiving
from tests.pages import html_of

PAGE = "/admin/webhooks/"


def test_an_endpoint_is_added_and_its_calls_are_shown(manager_client: Client, nord: Tenant, four_near: Cast) -> None:
    with receiving() as receiver:
        told = html_of(manager_client.post(PAGE, {"url": receiver.url, "states": ["searching"]}, follow=True))
        assert "The endpoint has been added." in told
        receiver.status, receiver.answer = 503, b"<b>busy</b>"
        order = book(nord)
        deliver()

    page = html_of(manager_client.get(PAGE))

    with tenant_context(nord):
        endpoint = Endpoint.objects.get()
    assert (endpoint.states, endpoint.made_by) == (["searching"], "Maja Nord")
    assert endpoint.secret in page
    assert f"<code>order.searching</code> {order.number}" in page
    assert "503 &lt;b&gt;busy&lt;/b&gt;" in page


def test_what_is_wrong_stands_beside_its_field(manager_client: Client, nord: Tenant) -> None:
    answer = manager_client.post(PAGE, {"url": "ftp://shop.example", "states": ["searching"]})

    assert answer.status_code == 422
    assert "begins with https://" in html_of(answer)
    assert 'value="ftp://shop.example"' in html_of(answer)
    with tenant_context(nord):
        assert not Endpoint.objects.exists()


def test_an_endpoint_gets_another_secret_is_resumed_and_removed(manager_client: Client, nord: Tenant) -> None:
    manager_client.post(PAGE, {"url": "https://shop.example/hook", "states": ["done"]})
    with tenant_context(nord):
        endpoint = Endpoint.objects.get()
        pause_dead_endpoint(endpoint, since=endpoint.created_at, now=now())
    assert "is paused" in html_of(manager_client.get(PAGE))

    for act, words in (
        ("secret", "The secret has been replaced."),
        ("resume", "gets messages again"),
        ("end", "The endpoint has been removed."),
        ("end", "has already been removed"),
    ):
        assert words in html_of(manager_client.post(f"{PAGE}{endpoint.uuid}/{act}/", follow=True)), act

    page = html_of(manager_client.get(PAGE))
    assert "There is no endpoint yet." in page
    assert endpoint.secret not in page
    stranger = f"{PAGE}6f0f9a3e-5d0c-4d59-9a37-3b6b1f6b0c11/end/"
    assert manager_client.post(stranger, follow=True).status_code == 404


@pytest.mark.parametrize("path", ["", "6f0f9a3e-5d0c-4d59-9a37-3b6b1f6b0c11/end/"])
def test_who_may_not_change_the_settings_adds_none(nord: Tenant, path: str) -> None:
    with tenant_context(nord):
        editor = User.objects.create_user("edda@nord.example", PASSWORD)
        editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client(headers={"host": "nord.localhost"})
    sign_in_staff(client, "edda@nord.example")

    assert client.post(f"{PAGE}{path}", {"url": "https://shop.example/", "states": ["done"]}).status_code == 302
    with tenant_context(nord):
        assert not Endpoint.objects.exists()
