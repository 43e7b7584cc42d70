"""A manager sets up the sandbox for the partner's developers, and makes test keys (R2)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from time_machine import Coordinates

from developers.models import Key
from journeys.partner.operations import carry_out
from journeys.partner.sandbox import delete_sandbox_of, make_sandbox
from kernel.clock import now
from notifications.held_back import hold_back
from notifications.kinds import Channel
from tenants.context import platform_context, tenant_context
from tenants.models import Operation, OperationKind, Tenant
from tenants.selectors import sandbox_of, tenant_by_slug
from tests.api.calls import Shop, order_body, token_for
from tests.databases import as_app

PAGE = "/admin/sandbox/"


def test_a_manager_asks_for_a_sandbox_once(manager_client: Client, nord: Tenant) -> None:
    assert "Set up the sandbox" in manager_client.get(PAGE).content.decode()

    for _click in range(2):
        assert manager_client.post(f"{PAGE}renew/").status_code == 302

    with platform_context():
        assert Operation.objects.filter(kind=OperationKind.SANDBOX, tenant=nord).count() == 1
    assert "Please reload this page" in manager_client.get(PAGE).content.decode()


def test_a_test_key_is_made_shown_once_and_revoked(
    sandbox: Tenant, nord: Tenant, manager_client: Client, clock: Coordinates
) -> None:
    form = {"name": "Shop", "scopes": ["orders:read"], "expires_on": "", "networks": ""}
    made = manager_client.post(PAGE, form).content.decode()
    token = made.split('id="api-token" value="')[1].split('"')[0]

    assert token.startswith("qk_test_")
    assert Shop(token, host="nord.localhost").get("orders").status_code == 200
    page = manager_client.get(PAGE).content.decode()
    assert token not in page
    assert token[:16] in page
    with tenant_context(nord):
        assert not Key.objects.exists()
    with tenant_context(sandbox):
        key = Key.objects.get()
    manager_client.post(f"{PAGE}keys/{key.uuid}/end/")
    assert Shop(token, host="nord.localhost").get("orders").status_code == 401


def test_what_is_wrong_with_a_test_key_stands_beside_the_field(sandbox: Tenant, manager_client: Client) -> None:
    answer = manager_client.post(PAGE, {"name": "", "scopes": ["orders:read"]})

    assert answer.status_code == 422
    assert "This field is required." in answer.content.decode()


def test_what_was_held_back_is_read(sandbox: Tenant, manager_client: Client) -> None:
    hold_back(sandbox_id=sandbox.pk, channel=Channel.MAIL, recipient="a@b.example", subject="Hello", text="Words")

    page = manager_client.get(PAGE).content.decode()

    assert "a@b.example · Hello" in page
    assert "Words" in page


@pytest.mark.usefixtures("owner")
def test_a_fresh_sandbox_has_the_keys_and_nothing_else_of_the_one_before() -> None:
    nord = tenant_by_slug("nord")
    former = make_sandbox(partner=nord, now=now())
    token = token_for(former)
    with as_app():
        assert Shop(token).send("orders", order_body()).status_code == 201
    with platform_context():
        Tenant.objects.filter(pk=former.pk).update(clock_ahead=timedelta(days=2))
        Operation.objects.create(kind=OperationKind.SANDBOX, tenant=nord, slug="nord", who="Maja", created_at=now())

    assert carry_out(now=now()) == 1

    with platform_context():
        [operation] = Operation.objects.filter(kind=OperationKind.SANDBOX)
        assert (operation.state, operation.error) == ("done", "")
        fresh = sandbox_of(nord.pk)
        assert fresh is not None
        operation.delete()
    assert fresh.pk != former.pk
    assert fresh.clock_ahead == timedelta(0)
    with as_app():
        assert Shop(token).get("orders").json()["results"] == []
        assert Shop(token).send("orders", order_body()).status_code == 201
    assert mail.outbox == []
    delete_sandbox_of(nord)
    with platform_context():
        assert sandbox_of(nord.pk) is None
