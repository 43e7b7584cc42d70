"""Paying by card in a browser: declined, not paid, paid, cancelled, with every page looked at."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE, mails_about
from tests.browser.test_journey import fill_in
from tests.money.stripe import Stripe
from tests.running import Stack, ports, wait_until

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_card_is_declined_then_paid_and_the_money_goes_back(
    person: Any, running_stack: Stack, viewport: dict[str, int]
) -> None:
    customer = person(viewport=viewport)
    email = fill_in(customer, way_to_pay="By card, now")
    page = customer.page

    page.get_by_role("button", name="Order with obligation to pay").click()
    expect(page.get_by_text("This page stands in for Stripe's own")).to_be_visible()
    customer.assert_accessible("hosted page")
    page.get_by_label("Card number").fill("4000 0000 0000 0002")
    page.get_by_role("button", name="Pay EUR").click()
    expect(page.get_by_role("alert")).to_have_text("Your card was declined.")
    customer.assert_accessible("hosted page, declined")

    page.get_by_role("link", name="Back without paying").click()
    expect(page.get_by_role("heading", name="Your order is not paid yet")).to_be_visible()
    customer.assert_accessible("order that is not paid")
    page.get_by_role("button", name="Pay by card").click()
    page.get_by_label("Card number").fill("4242 4242 4242 4242")
    page.get_by_role("button", name="Pay EUR").click()
    expect(page.get_by_role("heading", name="Thank you for your order")).to_be_visible()

    page.get_by_role("link", name="Follow your order").click()
    expect(page.get_by_text("Paid by card")).to_be_visible()
    page.get_by_text("Cancel the order", exact=True).click()
    page.get_by_role("button", name="Cancel the order for good").click()
    expect(page.get_by_role("heading", name="Your order has been cancelled")).to_be_visible()
    wait_until(lambda: page.reload() and page.get_by_text("Refunded:").count())
    customer.assert_accessible("order whose payment has gone back")
    wait_until(lambda: mails_about(running_stack, "the way you paid"))
    assert any(mail.recipient == email for mail in mails_about(running_stack, "the way you paid"))


def test_a_waiting_order_is_paid_another_way_without_javascript(person: Any) -> None:
    customer = person(java_script_enabled=False)
    fill_in(customer, way_to_pay="By card, now")
    page = customer.page
    page.get_by_role("button", name="Order with obligation to pay").click()
    page.get_by_role("link", name="Back without paying").click()

    page.get_by_label("By invoice").check()
    page.get_by_role("button", name="Choose this way to pay").click()

    expect(page.get_by_role("heading", name="We are looking for a friend for you")).to_be_visible()
    expect(page.get_by_text("By invoice")).to_be_visible()


def test_who_never_comes_back_from_paying_is_heard_of_by_webhook(person: Any, running_stack: Stack) -> None:
    customer = person()
    email = fill_in(customer, way_to_pay="By card, now")
    page = customer.page
    page.get_by_role("button", name="Order with obligation to pay").click()
    expect(page.get_by_label("Card number")).to_be_visible()

    Stripe(ports(running_stack.data)["stripe"]).pay(page.url)

    # Long before the sweep looks by itself.
    wait_until(lambda: [mail for mail in mails_about(running_stack, "Paid by card") if mail.recipient == email])
