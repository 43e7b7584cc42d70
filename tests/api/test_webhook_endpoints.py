"""A partner's system looks after its own endpoints by the API."""

import json

import pytest
from pytest_django.fixtures import Settings

from developers.kinds import Scope
from developers.models import Endpoint
from kernel.clock import now
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.api.calls import Shop, faults_of, problem_of, token_for
from tests.cast import Cast, book
from tests.developers.receiver import receiving
from tests.developers.telling import call_endpoints

PATH = "webhook-endpoints"


def test_an_endpoint_is_added_read_changed_and_removed(shop: Shop, nord: Tenant) -> None:
    added = shop.send(PATH, {"url": "https://shop.example/hook", "events": ["order.done", "order.accepted"]})
    assert added.status_code == 201, added.content
    body = added.json()
    assert body["secret"].startswith("whsec_")
    assert (body["events"], body["payload"], body["version"], body["is_paused"]) == (
        ["order.accepted", "order.done"],
        "thin",
        1,
        False,
    )
    one = f"{PATH}/{body['id']}"

    assert shop.get(one).json() == {name: value for name, value in body.items() if name != "secret"}
    changed = shop.send(one, {"payload": "snapshot"}, method="PATCH").json()
    assert (changed["payload"], changed["url"]) == ("snapshot", "https://shop.example/hook")
    rotated = shop.send(f"{one}/secret", {}).json()
    assert rotated["secret"] != body["secret"]
    assert [endpoint["id"] for endpoint in shop.get(PATH).json()["results"]] == [body["id"]]

    gone = shop.send(one, "", method="DELETE", once="gone")

    assert (gone.status_code, gone.content) == (204, b"")
    assert shop.send(one, "", method="DELETE", once="gone").status_code == 204
    problem_of(shop.get(one), 404, "not_found")
    problem_of(shop.send(one, "", method="DELETE"), 404, "not_found")
    with tenant_context(nord):
        assert Endpoint.objects.get().ended_by.startswith("Shop (")


def test_an_endpoint_is_tried_out_and_gets_what_it_has_missed(shop: Shop, nord: Tenant, four_near: Cast) -> None:
    book(nord)
    with receiving() as receiver:
        body = shop.send(PATH, {"url": receiver.url}).json()
        one = f"{PATH}/{body['id']}"

        assert shop.send(f"{one}/test", {}).status_code == 202
        span = {"since": "2026-11-24T00:00:00+01:00", "until": "2026-11-25T00:00:00+01:00"}
        again = shop.send(f"{one}/replay", span)
        call_endpoints()

        assert (again.status_code, again.json()) == (202, {"count": 1})
        assert [json.loads(sent)["type"] for _headers, sent in receiver.sent] == ["endpoint.test", "order.searching"]
    with tenant_context(nord):
        Endpoint.objects.update(paused_at=now())
    problem_of(shop.send(f"{one}/replay", span), 409, "endpoint_is_paused")
    assert shop.get(one).json()["is_paused"] is True
    assert shop.send(f"{one}/resume", {}).json()["is_paused"] is False
    wrong = {"since": span["until"], "until": span["since"]}
    assert "#/until" in faults_of(problem_of(shop.send(f"{one}/replay", wrong), 422, "unable_to_replay"))


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"url": "http://169.254.169.254/"}, "unable_to_make_endpoint", "#/url"),
        ({"url": "https://shop.example/", "events": []}, "fields_not_right", "#/events"),
        ({"url": "https://shop.example/", "events": ["order.lost"]}, "fields_not_right", "#/events/0"),
        ({"url": "https://shop.example/", "version": 2}, "fields_not_right", "#/version"),
        ({"url": "https://shop.example/", "payload": "fat"}, "fields_not_right", "#/payload"),
        ({"url": "https://shop.example/", "secret": "mine"}, "fields_not_right", "#/secret"),
    ],
)
def test_what_is_wrong_is_pointed_at(
    shop: Shop, nord: Tenant, settings: Settings, body: dict[str, object], code: str, pointer: str
) -> None:
    settings.WEBHOOK_NETWORKS = []

    refused = problem_of(shop.send(PATH, body), 422, code)

    assert pointer in faults_of(refused)
    with tenant_context(nord):
        assert not Endpoint.objects.exists()


def test_it_needs_a_scope_and_another_partners_endpoint_is_not_there(nord: Tenant, sued: Tenant, shop: Shop) -> None:
    body = shop.send(PATH, {"url": "https://shop.example/hook"}).json()

    problem_of(Shop(token_for(nord, Scope.ORDERS_WRITE)).get(PATH), 403, "scope_missing")
    stranger = Shop(token_for(sued), host="sued.localhost")
    problem_of(stranger.get(f"{PATH}/{body['id']}"), 404, "not_found")
    problem_of(stranger.send(f"{PATH}/{body['id']}/secret", {}), 404, "not_found")


def test_whole_orders_go_out_by_keys_alone_that_may_read_them(shop: Shop, nord: Tenant) -> None:
    manager = Shop(token_for(nord, Scope.WEBHOOKS))
    thin = manager.send(PATH, {"url": "https://shop.example/hook"}).json()
    whole = shop.send(PATH, {"url": "https://shop.example/hook", "payload": "snapshot"}).json()
    span = {"since": "2026-11-24T00:00:00+01:00", "until": "2026-11-25T00:00:00+01:00"}

    for refused in (
        manager.send(PATH, {"url": "https://other.example/", "payload": "snapshot"}),
        manager.send(f"{PATH}/{thin['id']}", {"payload": "snapshot"}, method="PATCH"),
        manager.send(f"{PATH}/{whole['id']}", {"url": "https://other.example/"}, method="PATCH"),
        manager.send(f"{PATH}/{whole['id']}/replay", span),
    ):
        assert problem_of(refused, 403, "scope_missing")["scope"] == "orders:read"

    changed = manager.send(f"{PATH}/{whole['id']}", {"payload": "thin"}, method="PATCH")
    assert (changed.status_code, changed.json()["payload"]) == (200, "thin")
    assert manager.send(f"{PATH}/{thin['id']}/replay", span).status_code == 202
