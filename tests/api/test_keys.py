"""Who may call: a key of this partner's, that has not ended, from where it may, for what it may."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from time_machine import Coordinates

from developers.kinds import Act, Scope
from developers.models import Key
from developers.selectors import latest_over_keys, running_keys
from developers.services import end_key, rotate_key
from kernel.clock import now
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.api.calls import Shop, order_body, problem_of, token_for
from tests.cast import Cast, book


def test_without_a_key_nobody_gets_in(nord: Tenant) -> None:
    stranger = Client(headers={"host": "nord.localhost"})

    answer = stranger.get("/api/v1/orders")

    problem_of(answer, 401, "key_missing")
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("token", ["x", "qk_", "qk_abcdefgh_", "qk_abcdefgh_wrong", "qk_abc'--_x", "pk_abcdefgh_x"])
def test_a_key_that_is_none_gets_nobody_in(nord: Tenant, token: str) -> None:
    problem_of(Shop(token).get("orders"), 401, "key_unknown")


def test_a_right_prefix_with_a_wrong_secret_gets_nobody_in(nord: Tenant) -> None:
    token = token_for(nord)

    problem_of(Shop(token[:-1] + ("a" if token[-1] != "a" else "b")).get("orders"), 401, "key_unknown")
    assert Shop(token).get("orders").status_code == 200


def test_another_partners_key_is_nobody_and_its_orders_are_nowhere(nord: Tenant, sued: Tenant, four_near: Cast) -> None:
    order, token = book(nord), token_for(sued)

    problem_of(Shop(token, host="nord.localhost").get(f"orders/{order.uuid}"), 401, "key_unknown")
    stranger = Shop(token, host="sued.localhost")
    for path in (f"orders/{order.uuid}", f"orders/{order.uuid}/events"):
        problem_of(stranger.get(path), 404, "not_found")
    problem_of(stranger.send(f"orders/{order.uuid}/cancel", {}), 404, "not_found")
    problem_of(stranger.send(f"orders/{order.uuid}/checkout", {}), 404, "not_found")
    assert stranger.get("orders").json()["results"] == []


def test_a_session_of_the_admin_is_no_key(manager_client: Client) -> None:
    problem_of(manager_client.get("/api/v1/orders"), 401, "key_missing")


def test_a_key_may_do_what_its_scopes_say(nord: Tenant, four_near: Cast) -> None:
    reader = Shop(token_for(nord, Scope.ORDERS_READ))

    assert reader.get("orders").status_code == 200
    assert problem_of(reader.send("orders", order_body()), 403, "scope_missing")["scope"] == "orders:write"
    problem_of(reader.get("packages"), 403, "scope_missing")


def test_who_may_not_read_learns_nothing_by_asking_for_headers_alone(nord: Tenant, four_near: Cast) -> None:
    order = book(nord)
    catalogue, reader = Shop(token_for(nord, Scope.CATALOGUE_READ)), Shop(token_for(nord, Scope.ORDERS_READ))

    for path in ("orders", f"orders/{order.uuid}", f"orders/{order.uuid}/events"):
        assert catalogue.client.head(f"/api/v1/{path}").status_code == 403
        assert reader.client.head(f"/api/v1/{path}").status_code == 200


def test_who_may_only_read_gets_no_link_by_which_the_customer_changes_an_order(nord: Tenant, four_near: Cast) -> None:
    order = book(nord)

    def links(*scopes: Scope) -> list[str | None]:
        shop = Shop(token_for(nord, *scopes))
        listed = shop.get("orders").json()["results"]
        return [one["status_url"] for one in (*listed, shop.get(f"orders/{order.uuid}").json())]

    assert links(Scope.ORDERS_READ) == [None, None]
    assert all(
        str(link).startswith("http://nord.localhost/en/") for link in links(Scope.ORDERS_READ, Scope.ORDERS_WRITE)
    )


def test_a_key_expires_and_ends(nord: Tenant, clock: Coordinates) -> None:
    short, other = token_for(nord, expires_at=now() + timedelta(hours=1)), token_for(nord)
    assert Shop(short).get("orders").status_code == 200

    clock.shift(3600)
    with tenant_context(nord):
        end_key(key_uuid=Key.objects.get(prefix=other.split("_")[1]).uuid, who="Maja", now=now())

    problem_of(Shop(short).get("orders"), 401, "key_expired")
    problem_of(Shop(other).get("orders"), 401, "key_ended")


def test_a_replaced_key_goes_on_for_a_while(nord: Tenant, clock: Coordinates) -> None:
    old = token_for(nord, Scope.ORDERS_READ)
    with tenant_context(nord):
        made = rotate_key(key_uuid=Key.objects.get().uuid, overlap=timedelta(days=1), who="Maja", now=now())

    assert Shop(old).get("orders").status_code == Shop(made.token).get("orders").status_code == 200
    clock.shift(24 * 3600)

    problem_of(Shop(old).get("orders"), 401, "key_expired")
    assert Shop(made.token).get("orders").status_code == 200
    problem_of(Shop(made.token).get("packages"), 403, "scope_missing")
    with tenant_context(nord):
        [running], [over] = running_keys(now=now()), latest_over_keys(now=now())
        assert [act.kind for act in running.acts.all()] == [Act.MADE]
        assert [act.kind for act in over.acts.all()] == [Act.MADE, Act.ROTATED]


def test_a_key_is_used_from_its_networks_only(nord: Tenant) -> None:
    token = token_for(nord, networks=["192.0.2.0/24", "2001:db8::/48"])

    for address, status in (("192.0.2.9", 200), ("198.51.100.9", 403), ("2001:db8::7", 200), ("2001:db9::7", 403)):
        answer = Client(REMOTE_ADDR=address).get(
            "/api/v1/orders", headers={"host": "nord.localhost", "authorization": f"Bearer {token}"}
        )
        assert answer.status_code == status, address


def test_the_secret_is_nowhere_and_the_last_use_is_noted_to_the_minute(nord: Tenant, clock: Coordinates) -> None:
    token = token_for(nord)
    Shop(token).get("orders")
    first = now()
    clock.shift(30)
    Shop(token).get("orders")

    with tenant_context(nord):
        key = Key.objects.get()
    assert key.last_used_at == first
    assert token.split("_", 2)[2] not in json.dumps({name: str(value) for name, value in vars(key).items()})


def test_wrong_keys_are_limited_by_address(nord: Tenant) -> None:
    statuses = [Shop(f"qk_abcdefgh_{number}").get("orders").status_code for number in range(62)]

    assert statuses == [401] * 60 + [429] * 2


def test_wrong_keys_of_one_system_do_not_lock_out_another_at_the_same_address(nord: Tenant) -> None:
    right = Shop(token_for(nord))
    for number in range(60):
        Shop(f"qk_abcdefgh_{number}").get("orders")

    answer = Shop("qk_abcdefgh_61").get("orders")

    problem_of(answer, 429, "too_many_attempts")
    assert answer["Retry-After"] == "600"
    assert right.get("orders").status_code == 200
