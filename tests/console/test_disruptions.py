"""The managers' desk (R15, R17): why, since when, attempts, and one click for each way out."""

from datetime import timedelta

import pytest
from django.test import Client
from time_machine import Coordinates

from crowd.models import Friend
from dispatch.models import Job, Owed
from journeys.order.deadlines import sweep
from journeys.order.ending.withdraw_order import withdraw_order
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.finding.pass_on_job import give_back_job
from journeys.order.working.agree_date import accept_date_as_customer, propose_date_as_friend
from journeys.order.working.no_show import report_no_show_as_customer, report_no_show_as_friend
from journeys.order.working.unreachable import log_attempt, report_unreachable, say_i_am_here
from kernel.clock import now
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import Attention, OrderState
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, register_friend, sign_in_staff
from tests.money.stories import close
from tests.overflow import bring_on_site
from tests.pages import text_of

WAYS = ("pass-on", "new-date", "end-absent", "reopen", "off-desk")


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that Ben has."""
    placed = book(nord)
    accept_offer(job_id=placed.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    return placed


def fresh(tenant: Tenant, order: Order) -> Order:
    """Return the whole order as it is now."""
    with tenant_context(tenant):
        return order_by_uuid(order.uuid)


def detail(client: Client, tenant: Tenant, order: Order) -> str:
    """Return the page of an order."""
    return client.get(f"/admin/orders/inspect/{fresh(tenant, order).pk}/").content.decode()


def absent(tenant: Tenant, order: Order, ben: Friend, clock: Coordinates) -> None:
    """Let the agreed time pass by 15 minutes."""
    date = propose_date_as_friend(
        job_id=order.placed_job_id, friend_id=ben.pk, starts_at=now() + timedelta(hours=3), now=now()
    )
    with tenant_context(tenant):
        accept_date_as_customer(order=order_by_uuid(order.uuid), appointment_id=date.pk, now=now())
    clock.shift(timedelta(hours=3, minutes=15))


def test_the_desk_shows_why_since_when_and_the_attempts_and_passes_on_with_one_click(
    manager_client: Client, nord: Tenant, order: Order, four_near: Cast, clock: Coordinates
) -> None:
    finn = register_friend("Finn", km=12, communities=[nord.pk])
    log_attempt(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, channel="phone", note="", now=now())
    clock.shift(timedelta(hours=12))
    sweep(now=now())
    clock.shift(timedelta(hours=2))

    desk = manager_client.get("/admin/").content.decode()
    for shown in ("Friend has not made contact in time", "for 2", "1 attempt to reach", "Pass on to other friends"):
        assert shown in desk
    clock.shift(timedelta(days=4, hours=19))
    assert "seit 4 Tagen, 21 Stunden" in text_of(manager_client.get("/admin/", headers={"accept-language": "de"}))
    answer = manager_client.post(
        f"/admin/orders/{order.uuid}/pass-on/",
        {"search": "1", "why": "No contact in time"},
        headers={"accept-language": "en"},
        follow=True,
    )

    assert "Other friends are being asked." in answer.content.decode()
    assert "Passed the job on to other friends: No contact in time" in answer.content.decode()
    assert fresh(nord, order).state == OrderState.SEARCHING
    accept_offer(job_id=order.placed_job_id, friend_id=finn.pk, now=now())

    slip = manager_client.post(f"/admin/orders/{order.uuid}/pass-on/", {"search": "2", "why": " "}, follow=True)
    assert "Please say why." in slip.content.decode()
    again = manager_client.post(f"/admin/orders/{order.uuid}/pass-on/", {"search": "1", "why": "x"}, follow=True)

    assert "The order has changed in the meantime" in again.content.decode()
    assert Job.objects.get(pk=order.placed_job_id).friend_id == finn.pk


def test_how_often_a_friend_has_given_jobs_back_stands_on_the_order(
    manager_client: Client, nord: Tenant, order: Order, four_near: Cast, clock: Coordinates
) -> None:
    give_back_job(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, reason="ill", words="", now=now())
    assert "Gave the job back: Ill" in detail(manager_client, nord, order)
    other = book(nord)
    accept_offer(job_id=other.placed_job_id, friend_id=four_near["Ben"].pk, now=now())

    assert "1 job given back to you within 90 days" in detail(manager_client, nord, other)
    clock.shift(timedelta(days=91))
    sign_in_staff(manager_client, "manager@nord.example")
    assert "0 jobs given back to you within 90 days" in detail(manager_client, nord, other)


def test_reports_about_each_other_and_the_three_ways_out(
    manager_client: Client, nord: Tenant, order: Order, four_near: Cast, clock: Coordinates
) -> None:
    absent(nord, order, four_near["Ben"], clock)
    report_no_show_as_friend(
        job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, words="Nobody opened", now=now()
    )
    with tenant_context(nord):
        report_no_show_as_customer(order=order_by_uuid(order.uuid), tenant_id=nord.pk, words="Nobody rang", now=now())

    page = detail(manager_client, nord, order)
    for shown in (
        "Each of the two says",
        "Nobody opened",
        "Nobody rang",
        "New appointment",
        "Pass on",
        "End it",
        "12.50",
    ):
        assert shown in page
    answer = manager_client.post(f"/admin/orders/{order.uuid}/end-absent/", {"search": "1"}, follow=True)

    assert "Owed to the friend" in answer.content.decode()
    assert Owed.objects.get().amount_minor == 1250
    assert fresh(nord, order).state == OrderState.CANCELLED


def test_a_new_date_keeps_the_friend(
    manager_client: Client, nord: Tenant, order: Order, four_near: Cast, clock: Coordinates
) -> None:
    absent(nord, order, four_near["Ben"], clock)
    report_no_show_as_friend(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, words="?", now=now())

    manager_client.post(f"/admin/orders/{order.uuid}/new-date/")

    found = fresh(nord, order)
    assert (found.state, found.friend_id, found.attention) == (
        OrderState.CONTACTED,
        four_near["Ben"].pk,
        Attention.NONE,
    )


def test_a_customer_who_is_back_is_taken_up_again_from_the_desk(
    manager_client: Client, nord: Tenant, order: Order, four_near: Cast, clock: Coordinates
) -> None:
    ben = four_near["Ben"].pk
    for channel in ("phone", "sms", "phone", "phone", "phone"):
        log_attempt(job_id=order.placed_job_id, friend_id=ben, channel=channel, note="", now=now())
        clock.shift(timedelta(hours=6))
    report_unreachable(job_id=order.placed_job_id, friend_id=ben, now=now())
    with tenant_context(nord):
        say_i_am_here(order=order_by_uuid(order.uuid), tenant_id=nord.pk, now=now())
    assert "Resume" in manager_client.get("/admin/").content.decode()

    manager_client.post(f"/admin/orders/{order.uuid}/reopen/")

    assert fresh(nord, order).state == OrderState.SEARCHING
    assert "Resume" not in manager_client.get("/admin/").content.decode()
    assert "Owed to the friend" in detail(manager_client, nord, order)


def test_an_order_leaves_the_desk_when_nothing_more_is_to_be_done(
    manager_client: Client, nord: Tenant, order: Order, clock: Coordinates
) -> None:
    clock.shift(timedelta(hours=12))
    sweep(now=now())
    assert fresh(nord, order).attention == Attention.CONTACT_OVERDUE

    manager_client.post(f"/admin/orders/{order.uuid}/off-desk/")

    assert fresh(nord, order).attention == Attention.NONE
    assert fresh(nord, order).state == OrderState.ACCEPTED


@pytest.mark.parametrize("way", WAYS)
def test_another_partners_manager_finds_no_such_order_and_strangers_are_sent_to_sign_in(
    sued: Tenant, order: Order, nord: Tenant, way: str
) -> None:
    stranger = Client(headers={"host": "sued.localhost"})
    assert stranger.post(f"/admin/orders/{order.uuid}/{way}/").status_code == 302
    sign_in_staff(stranger, "manager@sued.example")

    answer = stranger.post(f"/admin/orders/{order.uuid}/{way}/", {"search": "1"}, follow=True)

    assert answer.status_code == 404
    assert fresh(nord, order).state == OrderState.ACCEPTED


def test_what_was_refused_is_said_beside_the_field_and_stays_typed_in_once(
    manager_client: Client, nord: Tenant, order: Order, four_near: Cast
) -> None:
    bring_on_site(order, four_near["Ben"])
    close(order, four_near["Ben"])
    with tenant_context(nord):
        withdraw_order(order=order_by_uuid(order.uuid), tenant_id=nord.pk, now=now())

    typed = {"amount": "99,00", "words": "Half of it was done."}
    manager_client.post(f"/admin/orders/{order.uuid}/withdrawal/", typed)

    page = detail(manager_client, nord, order)
    assert 'aria-describedby="owed-error"' in page
    assert '<span class="error-message" id="owed-error">Please enter an amount between zero and the price.' in page
    assert 'value="99,00"' in page
    assert "Half of it was done.</textarea>" in page
    assert "99,00" not in detail(manager_client, nord, order)
