"""Consumers withdraw from a contract on the site, in two steps and as guests (Directive 2011/83/EU, art. 11a)."""

import pytest
from django.test import Client

from journeys.order.ending.withdraw_order import withdraw_order
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.working.agree_date import contact_customer
from kernel.clock import now
from ledger.models import Transaction
from orders.models import Order, OrderEvent
from orders.selectors import order_by_uuid
from orders.states import OrderState
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver
from tests.money.stories import close
from tests.pages import assert_valid_html, press, text_of
from tests.responses import Response

FOOT = "Withdraw from contract here"


def state_of(order: Order, tenant: Tenant) -> str:
    with tenant_context(tenant):
        return Order.objects.get(uuid=order.uuid).state


def withdraw(visitor: Client, number: str, email: str = "ADA@customers.example") -> Response:
    """Go by the link at the foot of the home page to the confirmation."""
    form = press(visitor, visitor.get("/en/packages/wifi-setup/"), FOOT)
    return press(visitor, form, "Continue", {"number": number.lower(), "email": email})


def test_a_guest_withdraws_in_two_steps_and_has_the_receipt_at_once(
    visitor: Client, nord: Tenant, four_near: Cast
) -> None:
    order = book(nord)
    deliver()

    confirmation = withdraw(visitor, str(order.number))
    assert_valid_html(confirmation)
    assert "ada@customers.example" in text_of(confirmation)
    assert state_of(order, nord) == OrderState.SEARCHING

    page = press(visitor, confirmation, "Confirm withdrawal")

    assert "We have received your withdrawal." in text_of(page)
    assert state_of(order, nord) == OrderState.CANCELLED
    receipt = next(one for one in deliver() if one.subject == f"We have received your withdrawal from order {order}")
    assert receipt.to == ["ada@customers.example"]
    for words in ("Tuesday, 24 November 2026, 12:00", "Ada Lovelace", str(order.number), "You don't pay anything."):
        assert words in receipt.body


def test_a_friend_who_has_the_job_is_told_and_nothing_is_booked(visitor: Client, nord: Tenant, four_near: Cast) -> None:
    order = book(nord)
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    deliver()

    press(visitor, withdraw(visitor, str(order.number)), "Confirm withdrawal")

    assert state_of(order, nord) == OrderState.CANCELLED
    assert ["ben@friends.example"] in [one.to for one in deliver()]
    with platform_context():
        assert not Transaction.objects.filter(order_id=order.uuid).exists()


def test_after_the_work_the_order_stays_and_managers_decide(visitor: Client, nord: Tenant, four_near: Cast) -> None:
    order, ben = book(nord), four_near["Ben"]
    accept_offer(job_id=order.placed_job_id, friend_id=ben.pk, now=now())
    contact_customer(job_id=order.placed_job_id, friend_id=ben.pk, now=now())
    with tenant_context(nord):
        order = order_by_uuid(order.uuid)
    close(order, ben)
    deliver()

    press(visitor, withdraw(visitor, str(order.number)), "Confirm withdrawal")

    assert state_of(order, nord) == OrderState.DONE
    mails = deliver()
    assert any("can no longer be cancelled" in one.body for one in mails if one.to == ["ada@customers.example"])
    assert f"Withdrawal: please decide about order {order}" in [one.subject for one in mails]


def test_a_second_declaration_is_the_first(visitor: Client, nord: Tenant, four_near: Cast) -> None:
    order = book(nord)
    deliver()
    press(visitor, withdraw(visitor, str(order.number)), "Confirm withdrawal")

    with tenant_context(nord):
        withdraw_order(order=order_by_uuid(order.uuid), tenant_id=nord.pk, now=now())
        assert OrderEvent.objects.filter(order__uuid=order.uuid, kind="withdrawn").count() == 1

    assert sum("withdrawal" in one.subject for one in deliver()) == 1


@pytest.mark.parametrize("email", ["eve@customers.example", "ada@customers.example.org", "not an email"])
def test_whoever_does_not_know_the_email_sees_no_order(
    visitor: Client, nord: Tenant, four_near: Cast, email: str
) -> None:
    order = book(nord)

    answer = withdraw(visitor, str(order.number), email)

    assert answer.status_code == 422
    assert "Ada" not in text_of(answer)
    assert state_of(order, nord) == OrderState.SEARCHING


def test_who_tries_numbers_is_stopped(visitor: Client, nord: Tenant, four_near: Cast) -> None:
    tries = [{"number": f"NO-{number}", "email": "eve@customers.example"} for number in range(21)]

    assert [visitor.post("/en/withdraw/", one).status_code for one in tries] == [422] * 20 + [429]


def test_where_no_law_gives_the_right_the_link_is_not_shown(visitor: Client, sued: Tenant) -> None:
    page = visitor.get("/en/packages/wifi-setup/", headers={"host": "sued.localhost"})

    assert page.status_code == 200
    assert FOOT not in text_of(page)
