"""The managers' admin (R5, R18): orders with their log, packages in all languages, and nobody else's."""

import re

import pytest
from django.test import Client
from time_machine import Coordinates

from journeys.order.finding.accept_offer import accept_offer, decline_offer
from journeys.order.finding.pass_on_job import give_back_job
from kernel.clock import now
from orders.models import Order
from orders.states import OrderState
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, register_friend
from tests.pages import EARLY_START, fill_in, start_booking


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that four friends were asked for."""
    return book(nord)


def detail_url(tenant: Tenant, order: Order) -> str:
    """Return the path of an order's detail."""
    with tenant_context(tenant):
        return f"/admin/orders/inspect/{Order.objects.get(uuid=order.uuid).pk}/"


def test_the_list_finds_orders_by_number_and_leads_to_the_detail(
    manager_client: Client, nord: Tenant, order: Order
) -> None:
    page = manager_client.get("/admin/orders/", {"q": str(order)}).content.decode()

    assert str(order) in page
    assert detail_url(nord, order) in page
    assert str(order) not in manager_client.get("/admin/orders/", {"q": "nothing"}).content.decode()


def test_the_detail_shows_customer_answers_figures_and_the_whole_log(
    manager_client: Client, nord: Tenant, order: Order, four_near: Cast
) -> None:
    job_id = order.placed_job_id
    decline_offer(job_id=job_id, friend_id=four_near["Cem"].pk, reason="no_time", now=now())
    accept_offer(job_id=job_id, friend_id=four_near["Ben"].pk, now=now())

    page = manager_client.get(detail_url(nord, order)).content.decode()

    for shown in (
        "Ada Lovelace",
        "Cable",
        "Order placed",
        "4 friends of your community",
        "Accepted the job",
        "Declined",
    ):
        assert shown in page


def test_orders_cannot_be_added_edited_or_deleted_by_hand(manager_client: Client, nord: Tenant, order: Order) -> None:
    pk = detail_url(nord, order).rstrip("/").rpartition("/")[2]

    for path in ("/admin/orders/new/", f"/admin/orders/edit/{pk}/", f"/admin/orders/delete/{pk}/"):
        assert manager_client.get(path).status_code in {302, 403, 404}
    with tenant_context(nord):
        assert Order.objects.filter(pk=pk).exists()


def test_the_desk_says_what_waits_and_asking_again_clears_it(
    manager_client: Client, nord: Tenant, order: Order, four_near: Cast
) -> None:
    for friend in four_near.values():
        decline_offer(job_id=order.placed_job_id, friend_id=friend.pk, reason="no_time", now=now())
    assert "Nobody found" in manager_client.get("/admin/").content.decode()
    register_friend("Finn", km=9, communities=[nord.pk])

    manager_client.post(f"/admin/orders/{order.uuid}/search-again/")

    with tenant_context(nord):
        assert Order.objects.get(uuid=order.uuid).state == OrderState.SEARCHING


def test_an_illegal_step_is_told_and_changes_nothing(manager_client: Client, nord: Tenant, order: Order) -> None:
    answer = manager_client.post(f"/admin/orders/{order.uuid}/search-again/", follow=True)

    assert "This step is not possible" in answer.content.decode()
    with tenant_context(nord):
        assert Order.objects.get(uuid=order.uuid).state == OrderState.SEARCHING


def test_strangers_are_asked_to_sign_in(visitor: Client, nord: Tenant, order: Order) -> None:
    assert visitor.get(detail_url(nord, order)).status_code == 302
    assert visitor.post(f"/admin/orders/{order.uuid}/cancel/").status_code == 302


def test_the_admin_wears_the_partners_colour_and_asks_nobody_else(manager_client: Client, nord: Tenant) -> None:
    page = manager_client.get("/admin/")

    assert "/admin/theme.css" in page.content.decode()
    assert "http" not in page["Content-Security-Policy"]
    assert "--w-color-primary:" in manager_client.get("/admin/theme.css").content.decode()


def test_the_admin_offers_the_time_zones_that_browsers_know(manager_client: Client, nord: Tenant) -> None:
    """Debian has one more, which a browser refuses to reckon with."""
    page = manager_client.get("/admin/account/").content.decode()

    assert 'value="Europe/Berlin"' in page
    assert 'value="localtime"' not in page


def test_no_page_of_an_order_names_a_friend_of_somebody_elses_community(
    manager_client: Client, nord: Tenant, clock: Coordinates
) -> None:
    finn = register_friend("Finn", km=1, in_shared_crowd=True, last_name="Fremd")
    gil = register_friend("Gil", km=2, in_shared_crowd=True, last_name="Nimmt")
    order = book(nord)
    decline_offer(job_id=order.placed_job_id, friend_id=finn.pk, reason="no_time", note="Call 030 1", now=now())

    page = manager_client.get(detail_url(nord, order)).content.decode()

    assert "Declined the offer (No time at these hours)" in page
    assert page.count("A friend of the shared crowd") == 3
    for hidden in ("Fremd", "Nimmt", "no_time", "Call 030 1"):
        assert hidden not in page

    accept_offer(job_id=order.placed_job_id, friend_id=gil.pk, now=now())

    page = manager_client.get(detail_url(nord, order)).content.decode()
    assert "Gil Nimmt" in page
    assert "Fremd" not in page


def test_who_gave_the_job_back_keeps_the_name_that_the_partner_knew(
    manager_client: Client, nord: Tenant, clock: Coordinates
) -> None:
    finn = register_friend("Finn", km=1, in_shared_crowd=True, last_name="Fremd")
    order = book(nord)
    accept_offer(job_id=order.placed_job_id, friend_id=finn.pk, now=now())
    give_back_job(job_id=order.placed_job_id, friend_id=finn.pk, reason="ill", words="", now=now())

    page = manager_client.get(detail_url(nord, order)).content.decode()

    assert "A friend of the shared crowd" not in page
    assert "Finn Fremd" in page


def test_the_log_says_which_manager_has_booked_for_a_caller(
    manager_client: Client, nord: Tenant, four_near: Cast
) -> None:
    draft = start_booking(manager_client)
    fill_in(manager_client, draft)
    manager_client.post(f"{draft}review/", EARLY_START)
    with tenant_context(nord):
        order = Order.objects.get()

    [placed] = re.findall(r"Order placed</td><td>([^<]*)", manager_client.get(detail_url(nord, order)).content.decode())

    assert placed == "Maja Nord"
