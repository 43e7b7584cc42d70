"""A partner's system places orders and follows them (R2): the same rules as on the site, by the same codes."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import Coordinates

from dispatch.models import Offer
from journeys.order.finding.accept_offer import accept_offer
from kernel.clock import now
from orders.models import Order
from orders.states import OrderState, Source
from tenants.context import platform_context, tenant_context
from tenants.models import Feature, Tenant
from tests.api.calls import Shop, faults_of, order_body, placed, problem_of, token_for
from tests.cast import ADA, Cast, book, deliver, register_friend

IN_POLAND = {"place": {"country": "PL", "postal_code": "00-001"}, "customer": ADA | {"phone": "+48 22 123 45 67"}}


def test_an_order_is_placed_and_four_friends_are_asked(shop: Shop, nord: Tenant, four_near: Cast) -> None:
    answer = shop.send("orders", order_body(reference="SHOP-1"))

    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert answer["Location"] == f"http://nord.localhost/api/v1/orders/{body['id']}"
    assert (body["state"], body["reference"], body["price"]) == (
        "searching",
        "SHOP-1",
        {"amount_minor": 4900, "currency": "EUR"},
    )
    with tenant_context(nord):
        order = Order.objects.get(uuid=body["id"])
    assert (order.source, order.payment_method, order.email) == (Source.API, "invoice", "ada@customers.example")
    with platform_context():
        assert Offer.objects.filter(job_id=order.placed_job_id).count() == 4
    assert "ada@customers.example" in [recipient for mail in deliver() for recipient in mail.to]


def test_an_order_is_followed_from_the_search_to_the_friend(shop: Shop, nord: Tenant, four_near: Cast) -> None:
    order = placed(shop)
    with platform_context():
        offer = Offer.objects.get(friend=four_near["Ben"])
        accept_offer(job_id=offer.job_id, friend_id=offer.friend_id, now=now())

    read = shop.get(f"orders/{order['id']}").json()

    assert (read["state"], read["friend_name"]) == ("accepted", "Ben M.")
    events = shop.get(f"orders/{order['id']}/events").json()["results"]
    assert [event["state"] for event in events if event["state"]] == ["searching", "accepted"]


def test_what_is_missing_is_pointed_at(shop: Shop, four_near: Cast) -> None:
    sent = order_body(
        answers={"provider": "9", "rooms": 3, "colour": "red"},
        customer={"name": "", "email": "ada", "phone": "12", "street": "x"},
    )

    strange = faults_of(problem_of(shop.send("orders", sent), 422, "order_incomplete"))
    del sent["answers"]["colour"]
    faults = faults_of(problem_of(shop.send("orders", sent), 422, "order_incomplete"))

    assert set(strange) == {"#/answers/colour"}
    assert set(faults) == {
        "#/answers/provider",
        "#/answers/problem",
        "#/customer/name",
        "#/customer/email",
        "#/customer/phone",
        "#/customer/street",
    }
    assert faults["#/answers/provider"] == "Please choose one of the answers."


def test_messages_come_in_the_asked_language(nord: Tenant, four_near: Cast) -> None:
    german = Shop(token_for(nord), **{"accept-language": "de"})

    faults = faults_of(problem_of(german.send("orders", order_body(payment_method="gold")), 422, "order_incomplete"))

    assert faults == {"#/payment_method": "Bitte wählen Sie die Zahlungsart."}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"packages": "wifi-setup"}, "#/packages"),
        ({"customer": {"name": "Ada", "colour": "red"}}, "#/customer/colour"),
        ({"times": [{"day": "2026-11-31", "part": "evening"}]}, "#/times/0/day"),
        ({"times": [{"day": "2026-11-30", "part": "night"}]}, "#/times/0/part"),
        ({"times": "tomorrow"}, "#/times"),
        ({"place": {"country": "ZZ", "postal_code": "1"}}, "#/place/country"),
        ({"answers": {"rooms": True}}, "#/answers/rooms"),
        ({"reference": "x" * 65}, "#/reference"),
    ],
)
def test_a_body_of_another_form_is_refused_with_a_pointer(
    shop: Shop, four_near: Cast, changes: dict[str, Any], pointer: str
) -> None:
    faults = faults_of(problem_of(shop.send("orders", order_body(**changes)), 422, "fields_not_right"))

    assert pointer in faults


@pytest.mark.parametrize(
    ("changes", "status", "code", "pointer"),
    [
        ({"place": {"country": "DE", "postal_code": "99999"}}, 422, "unknown_postal_code", "#/place/postal_code"),
        (IN_POLAND, 422, "order_incomplete", "#/place/postal_code"),
        ({"package": "gold"}, 422, "fields_not_right", "#/package"),
        ({"language": "pl"}, 422, "fields_not_right", "#/language"),
        ({"times": []}, 422, "order_incomplete", "#/times"),
        ({"times": [{"day": "2026-11-23", "part": "evening"}]}, 422, "order_incomplete", "#/times"),
        ({"times": [{"day": "9999-12-31", "part": "evening"}]}, 422, "order_incomplete", "#/times"),
        ({"times": [{"day": "0001-01-01", "part": "morning"}]}, 422, "order_incomplete", "#/times"),
        ({"early_start": False}, 422, "order_incomplete", "#/early_start"),
    ],
)
def test_what_the_site_refuses_the_api_refuses(
    shop: Shop, nord: Tenant, four_near: Cast, changes: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    refused = problem_of(shop.send("orders", order_body(**changes)), status, code)

    assert pointer in faults_of(refused)
    with tenant_context(nord):
        assert not Order.objects.exists()


def test_a_place_where_nobody_is_is_refused_and_nothing_is_written(shop: Shop, nord: Tenant) -> None:
    problem_of(shop.send("orders", order_body()), 422, "order_incomplete")

    with tenant_context(nord):
        assert not Order.objects.exists()


def test_a_reference_is_given_once(shop: Shop, four_near: Cast) -> None:
    order = placed(shop, reference="SHOP-1")

    again = problem_of(shop.send("orders", order_body(reference="SHOP-1")), 409, "reference_taken")

    assert again["order"] == order["id"]
    assert [one["id"] for one in shop.get("orders", reference="SHOP-1").json()["results"]] == [order["id"]]
    assert placed(shop)["id"] != placed(shop)["id"]


def test_orders_are_paged_by_a_cursor(shop: Shop, nord: Tenant, four_near: Cast, clock: Coordinates) -> None:
    numbers = []
    for _order in range(3):
        numbers.append(book(nord).number)
        clock.shift(60)

    first = shop.get("orders", limit="2").json()
    following = json.loads(shop.client.get(first["next"]).content)

    assert [order["number"] for order in first["results"]] == numbers[:0:-1]
    assert [order["number"] for order in following["results"]] == numbers[:1]
    assert following["next"] is None
    assert shop.get("orders", state="done").json()["results"] == []
    problem_of(shop.get("orders", state="lost"), 422, "fields_not_right")
    problem_of(shop.get("orders", sort="name"), 422, "fields_not_right")


def test_a_page_of_orders_takes_as_many_queries_as_one_order(shop: Shop, nord: Tenant, four_near: Cast) -> None:
    book(nord)
    shop.get("orders")
    with CaptureQueriesContext(connection) as for_one:
        assert len(shop.get("orders").json()["results"]) == 1
    book(nord)
    book(nord)

    with CaptureQueriesContext(connection) as for_all:
        assert len(shop.get("orders").json()["results"]) == 3

    assert len(for_all) == len(for_one)


def test_times_are_changed_while_nobody_has_accepted(shop: Shop, four_near: Cast) -> None:
    order = placed(shop)
    wish = {"times": [{"day": "2026-11-30", "part": "morning"}]}

    changed = shop.send(f"orders/{order['id']}/times", wish, method="PUT")

    assert changed.json()["times"] == wish["times"]
    past = {"times": [{"day": "2026-11-01", "part": "morning"}]}
    refused = problem_of(shop.send(f"orders/{order['id']}/times", past, method="PUT"), 422, "fields_not_right")
    assert set(faults_of(refused)) == {"#/times"}
    with platform_context():
        offer = Offer.objects.get(friend=four_near["Ben"])
        accept_offer(job_id=offer.job_id, friend_id=offer.friend_id, now=now())
    late = shop.send(f"orders/{order['id']}/times", wish | {"times": order["times"]}, method="PUT")
    assert late.status_code == 409


def test_an_order_is_cancelled_once(shop: Shop, four_near: Cast) -> None:
    order = placed(shop)
    assert order["cancellation"] == {"is_possible": True, "amount_minor": 0, "currency": "EUR"}

    cancelled = shop.send(f"orders/{order['id']}/cancel", {"reason": "Sent back"})

    assert cancelled.json()["state"] == OrderState.CANCELLED
    assert shop.send(f"orders/{order['id']}/cancel", {}).status_code == 409


def test_a_partner_whose_site_takes_no_bookings_lives_by_the_api_alone(shop: Shop, nord: Tenant) -> None:
    with platform_context():
        Tenant.objects.filter(pk=nord.pk).update(features=[Feature.API], own_waves=0)
    finn = register_friend("Finn", km=2, in_shared_crowd=True)

    order = placed(shop)

    assert shop.client.get("/en/packages/wifi-setup/book/").status_code == 410
    with platform_context():
        [offer] = Offer.objects.filter(job__order_id=order["id"])
        assert offer.friend_id == finn.pk
        accept_offer(job_id=offer.job_id, friend_id=finn.pk, now=now())
    assert shop.get(f"orders/{order['id']}").json()["state"] == "accepted"


def test_orders_by_the_api_can_be_switched_off_and_are_followed_all_the_same(
    shop: Shop, nord: Tenant, four_near: Cast
) -> None:
    placed(shop)
    with platform_context():
        Tenant.objects.filter(pk=nord.pk).update(features=[Feature.BOOKING])

    problem_of(shop.send("orders", order_body()), 410, "booking_closed")
    assert len(shop.get("orders").json()["results"]) == 1
