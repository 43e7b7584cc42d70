"""Managers add, look after and remove the endpoints of their own systems."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from time_machine import Coordinates

from accounts.models import User
from developers.models import Delivery, Endpoint
from developers.webhooks import pause_dead_endpoint
from kernel.clock import now
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import PASSWORD, Cast, book, sign_in_staff
from tests.developers.receiver import receiving
from tests.developers.telling import call_endpoints
from tests.pages import html_of

PAGE = "/admin/webhooks/"
ADDED = {"url": "https://shop.example/hook", "states": ["searching"], "payload": "thin"}


def test_an_endpoint_is_added_and_its_calls_are_shown(manager_client: Client, nord: Tenant, four_near: Cast) -> None:
    with receiving() as receiver:
        told = html_of(manager_client.post(PAGE, ADDED | {"url": receiver.url}, follow=True))
        assert "The endpoint has been added." in told
        receiver.status, receiver.answer = 503, b"<b>busy</b>"
        order = book(nord)
        call_endpoints()

    with tenant_context(nord):
        endpoint = Endpoint.objects.get()
    page = html_of(manager_client.get(f"{PAGE}{endpoint.uuid}/"))

    assert (endpoint.states, endpoint.made_by) == (["searching"], "Maja Nord")
    assert endpoint.secret in page
    assert f"<code>order.searching</code> {order.number}" in page
    assert f"&quot;number&quot;: &quot;{order.number}&quot;" in page
    assert "&lt;b&gt;busy&lt;/b&gt;" in page
    listed = html_of(manager_client.get(PAGE))
    assert f"{PAGE}{endpoint.uuid}/" in listed
    assert "<br>503" in listed
    assert endpoint.secret not in listed


def test_what_is_wrong_stands_beside_its_field(manager_client: Client, nord: Tenant) -> None:
    answer = manager_client.post(PAGE, ADDED | {"url": "ftp://shop.example"})

    assert answer.status_code == 422
    assert "begins with https://" in html_of(answer)
    assert 'value="ftp://shop.example"' in html_of(answer)
    with tenant_context(nord):
        assert not Endpoint.objects.exists()


def test_an_endpoint_gets_another_secret_is_resumed_and_removed(manager_client: Client, nord: Tenant) -> None:
    manager_client.post(PAGE, ADDED)
    with tenant_context(nord):
        endpoint = Endpoint.objects.get()
        pause_dead_endpoint(endpoint, since=endpoint.created_at, now=now())
    assert "Paused" in html_of(manager_client.get(PAGE))
    assert "is paused" in html_of(manager_client.get(f"{PAGE}{endpoint.uuid}/"))

    for act, words in (
        ("secret", "The secret has been replaced."),
        ("resume", "gets messages again"),
        ("test", "A test message is being sent."),
        ("end", "The endpoint has been removed."),
        ("end", "has already been removed"),
    ):
        assert words in html_of(manager_client.post(f"{PAGE}{endpoint.uuid}/{act}/", follow=True)), act

    page = html_of(manager_client.get(PAGE))
    assert "There is no endpoint yet." in page
    assert endpoint.secret not in page
    stranger = f"{PAGE}6f0f9a3e-5d0c-4d59-9a37-3b6b1f6b0c11/end/"
    assert manager_client.post(stranger, follow=True).status_code == 404


def test_an_endpoint_is_changed_and_what_it_missed_is_sent(
    manager_client: Client, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    book(nord)
    with receiving() as receiver:
        manager_client.post(PAGE, ADDED | {"url": receiver.url})
        with tenant_context(nord):
            page = f"{PAGE}{Endpoint.objects.get().uuid}/"
        saved = manager_client.post(page, ADDED | {"url": receiver.url, "payload": "snapshot"}, follow=True)
        assert "Your changes have been saved." in html_of(saved)
        wrong = manager_client.post(page, ADDED | {"url": "ftp://x"})
        assert wrong.status_code == 422
        assert "begins with https://" in html_of(wrong)

        span = {"since": "2026-11-24T00:00", "until": "2026-11-25T00:00"}
        again = html_of(manager_client.post(f"{page}again/", span, follow=True))
        assert "1 message is being sent again." in again
        call_endpoints()
        with tenant_context(nord):
            call = Delivery.objects.get()
        clock.shift(60)
        once_more = html_of(manager_client.post(f"{page}calls/{call.pk}/", follow=True))
        assert "The message is being sent again." in once_more
        assert manager_client.post(f"{page}calls/999999/", follow=True).status_code == 404
        call_endpoints()

    first, second = receiver.sent
    assert first[0]["webhook-id"] == second[0]["webhook-id"]
    assert "order" in json.loads(first[1])["data"]
    backwards = manager_client.post(f"{page}again/", {"since": span["until"], "until": span["since"]})
    assert backwards.status_code == 422
    assert "has to be after the beginning" in html_of(backwards)


@pytest.mark.parametrize("path", ["", "6f0f9a3e-5d0c-4d59-9a37-3b6b1f6b0c11/end/"])
def test_who_may_not_change_the_settings_adds_none(nord: Tenant, path: str) -> None:
    with tenant_context(nord):
        editor = User.objects.create_user("edda@nord.example", PASSWORD)
        editor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client = Client(headers={"host": "nord.localhost"})
    sign_in_staff(client, "edda@nord.example")

    assert client.post(f"{PAGE}{path}", ADDED).status_code == 302
    with tenant_context(nord):
        assert not Endpoint.objects.exists()
