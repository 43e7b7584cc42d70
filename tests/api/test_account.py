"""Which partner and which key a call is made with."""

from datetime import timedelta

from developers.kinds import Scope
from developers.webhooks import add_endpoint
from kernel.clock import now
from tenants.context import platform_context, tenant_context
from tenants.models import Feature, Tenant
from tests.api.calls import Shop, token_for


def test_any_key_may_ask_whose_it_is_and_what_it_may_do(nord: Tenant) -> None:
    ends_at = now() + timedelta(days=9)
    shop = Shop(token_for(nord, Scope.ORDERS_READ, expires_at=ends_at, networks=["127.0.0.0/8"]))
    with tenant_context(nord):
        url = "https://shop.example/hook"
        add_endpoint(tenant_id=nord.pk, url=url, states=["done"], who="Maja", now=now())

    account = shop.get("account").json()

    assert (account["slug"], account["countries"], account["time_zone"]) == ("nord", ["DE"], "Europe/Berlin")
    assert (account["key"]["name"], account["key"]["scopes"]) == ("Shop", ["orders:read"])
    assert account["key"]["networks"] == ["127.0.0.0/8"]
    assert account["key"]["expires_at"].startswith("2026-12-03T12:00")
    assert account["webhook_endpoints"] == 1
    assert (account["takes_orders"], account["mode"]) == (True, "live")
    assert account["limits"]["calls_of_key"] > 0
    assert "secret" not in str(account)


def test_an_account_says_that_orders_are_switched_off(shop: Shop, nord: Tenant) -> None:
    with platform_context():
        Tenant.objects.filter(pk=nord.pk).update(features=[Feature.BOOKING])

    account = shop.get("account").json()

    assert (account["takes_orders"], account["has_ratings"]) == (False, False)
