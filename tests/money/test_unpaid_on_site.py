"""A customer was to pay on site and never has: invoiced, reminded, able to pay online, and written off (R19, R20)."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from bank.models import Claim, Reminder
from bank.states import ClaimState
from billing.kinds import BillKind
from billing.models import Bill
from billing.selectors import bills_of
from crowd.models import Friend
from journeys.links import order_token, order_url
from journeys.money.incoming.bank_files import take_bank_file
from journeys.order.deadlines import sweep
from journeys.order.paying.pay_on_site import WayIsClosed, take_cash
from kernel.clock import now
from ledger import chart
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import ObjectionOutcome
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.services import change_settings
from tests.billing.sellers import name_sellers
from tests.cast import Cast, book, deliver
from tests.ledger.books import owed, settle_constraints
from tests.money.held import earned_by, held_of
from tests.money.statements import In, camt
from tests.money.stories import close, confirm, object_and_settle
from tests.money.sumup import SumUp
from tests.money.test_bank_files import BANK
from tests.overflow import bring_on_site, fresh
from tests.pages import assert_valid_html, press, text_of

PRICE, FEE = 4_900, 500


@pytest.fixture
def ben(four_near: Cast) -> Friend:
    return four_near["Ben"]


def unpaid(nord: Tenant, ben: Friend, method: str = "card_on_site") -> Order:
    """Return an order whose work is confirmed, and for which nobody has paid on site."""
    name_sellers(nord)
    order = book(nord, payment={"method": method})
    bring_on_site(order, ben)
    close(order, ben)
    confirm(nord, order)
    deliver()
    return order


def mails_after(clock: time_machine.Coordinates, *, days: int) -> list[Any]:
    """Let days pass, act on what is due, and return the mails about invoices."""
    clock.shift(timedelta(days=days))
    sweep(now=now())
    return [mail for mail in deliver() if "invoice" in mail.subject.lower()]


def state_of(nord: Tenant, order: Order) -> str:
    with tenant_context(nord):
        return str(order_by_uuid(order.uuid).payment.state)


def bills(nord: Tenant, order: Order) -> list[Bill]:
    with tenant_context(nord):
        return list(bills_of(order))


def pay_online(visitor: Client, nord: Tenant, order: Order, sumup: SumUp, clock: time_machine.Coordinates) -> str:
    """Pay on the order's page, and return what the page says when the customer is back."""
    sumup.control("clock", now=now().timestamp())
    with tenant_context(nord):
        page = f"/en/orders/{order_token(order.uuid)}/"
    seen = visitor.get(page)
    assert_valid_html(seen)
    button = next(line for line in text_of(seen).split("Pay ") if "by card" in line).split(" by card")[0]
    press(visitor, seen, f"Pay {button} by card")
    back = sumup.pay(sumup.every("checkout")[-1]["hosted_checkout_url"])
    said = visitor.get(back.split("nord.localhost:8000")[-1] if "nord.localhost" in back else back)
    assert_valid_html(said)
    return text_of(said)


def test_the_invoice_comes_days_after_the_confirmation_with_a_way_to_pay_online(
    nord: Tenant, ben: Friend, sumup: SumUp, clock: time_machine.Coordinates, visitor: Client
) -> None:
    order = unpaid(nord, ben)
    assert mails_after(clock, days=2) == []

    (mail,) = mails_after(clock, days=2)

    assert "nothing has been paid on site" in mail.body
    with tenant_context(nord):
        assert f"{order_url(nord, order.uuid, 'en')}#payment" in mail.body
    (bill,) = bills(nord, order)
    assert (bill.kind, bill.method, bill.gross_minor) == (BillKind.INVOICE, "invoice", PRICE)
    assert Claim.objects.get().state == ClaimState.OPEN
    assert held_of(order)["customer"] == PRICE
    assert earned_by(ben, order) == 4_165
    assert mails_after(clock, days=0) == []

    assert "arrived" in pay_online(visitor, nord, order, sumup, clock)

    assert state_of(nord, order) == "paid"
    assert Claim.objects.get().state == ClaimState.PAID
    assert held_of(order).get("customer", 0) == 0
    assert [one.kind for one in bills(nord, order)] == [BillKind.INVOICE]
    assert mails_after(clock, days=100) == []


def test_reminders_follow_the_partners_rules_and_their_fees_are_paid_along(
    nord: Tenant, ben: Friend, sumup: SumUp, clock: time_machine.Coordinates, visitor: Client
) -> None:
    change_settings(tenant=nord, who="Ada", now=now(), reminders=[{"days": 7, "fees": {"EUR": FEE}}])
    order = unpaid(nord, ben)
    mails_after(clock, days=4)
    (bill,) = bills(nord, order)

    (reminder,) = mails_after(clock, days=38)

    assert reminder.subject == f"Reminder: invoice {bill.number} from Nord"
    assert "#payment" in reminder.body
    assert "€54.00" in reminder.body
    assert Reminder.objects.get().fee_minor == FEE
    pay_online(visitor, nord, order, sumup, clock)
    (checkout,) = [one for one in sumup.every("checkout") if one["status"] == "PAID"]
    assert checkout["amount"] == 54.0
    assert Claim.objects.get().state == ClaimState.PAID
    assert held_of(order).get("customer", 0) == 0


def test_a_page_over_the_amount_before_a_fee_is_closed(
    nord: Tenant, ben: Friend, sumup: SumUp, clock: time_machine.Coordinates, visitor: Client
) -> None:
    change_settings(tenant=nord, who="Ada", now=now(), reminders=[{"days": 7, "fees": {"EUR": FEE}}])
    order = unpaid(nord, ben)
    mails_after(clock, days=4)
    clock.move_to(now() + timedelta(days=37, hours=16))
    sumup.control("clock", now=now().timestamp())
    with tenant_context(nord):
        page = f"/en/orders/{order_token(order.uuid)}/"
    press(visitor, visitor.get(page), "Pay €49.00 by card")
    mails_after(clock, days=1)

    press(visitor, visitor.get(page), "Pay €54.00 by card")

    assert sumup.every("checkout")[-1]["amount"] == 54.0


def test_after_the_last_reminder_it_is_written_off_to_the_guarantee(
    nord: Tenant,
    ben: Friend,
    sumup: SumUp,
    clock: time_machine.Coordinates,
    visitor: Client,
    operator_client: Client,
) -> None:
    order = unpaid(nord, ben)
    for days in (4, 38, 15, 15, 8):
        mails_after(clock, days=days)
    operator_client.force_login(User.objects.get(email="olga@quartett.example"))
    page = operator_client.get(f"{BANK}invoices/?state=decision")
    assert bills(nord, order)[0].number in text_of(page)

    number = bills(nord, order)[0].number
    done = press(operator_client, page, f"Write off €49.00 {number}", {"why": "Moved away"})

    assert done.status_code == 200
    settle_constraints()
    assert owed(chart.GUARANTEE, "EUR") == PRICE
    assert held_of(order).get("customer", 0) == 0
    assert earned_by(ben, order) == 4_165
    with tenant_context(nord):
        assert "by card" not in text_of(visitor.get(f"/en/orders/{order_token(order.uuid)}/"))


def test_a_transfer_pays_it_as_any_invoice(
    nord: Tenant, ben: Friend, sumup: SumUp, clock: time_machine.Coordinates
) -> None:
    order = unpaid(nord, ben)
    mails_after(clock, days=4)
    (bill,) = bills(nord, order)

    take_bank_file(camt(In(PRICE, reference=bill.reference)), file_name="a", who="Olga", now=now())

    assert state_of(nord, order) == "paid"
    assert Claim.objects.get().state == ClaimState.PAID
    assert held_of(order).get("customer", 0) == 0


def test_a_part_by_transfer_leaves_the_rest_to_be_paid_online(
    nord: Tenant, ben: Friend, sumup: SumUp, clock: time_machine.Coordinates, visitor: Client
) -> None:
    order = unpaid(nord, ben)
    mails_after(clock, days=4)
    (bill,) = bills(nord, order)
    taken = take_bank_file(camt(In(1_900, reference=bill.reference)), file_name="a", who="Olga", now=now())
    assert taken.waiting == 1

    pay_online(visitor, nord, order, sumup, clock)

    assert [one["amount"] for one in sumup.every("checkout")] == [30.0]
    assert Claim.objects.get().state == ClaimState.PAID
    assert held_of(order).get("customer", 0) == 0


def test_cash_that_the_friend_has_not_got_can_be_paid_by_card_from_then_on(
    nord: Tenant, ben: Friend, sumup: SumUp, clock: time_machine.Coordinates, visitor: Client
) -> None:
    order = unpaid(nord, ben, "cash")
    assert fresh(nord, order).payment_method == "cash"

    (mail,) = mails_after(clock, days=4)

    assert "nothing has been paid on site" in mail.body
    assert fresh(nord, order).payment_method == "card_on_site"
    with pytest.raises(WayIsClosed):
        take_cash(job_id=order.placed_job_id, friend_id=ben.pk, now=now())
    pay_online(visitor, nord, order, sumup, clock)
    assert held_of(order).get("customer", 0) == 0


def test_cash_that_the_friend_has_got_is_never_asked_for(
    nord: Tenant, ben: Friend, clock: time_machine.Coordinates
) -> None:
    name_sellers(nord)
    order = book(nord, payment={"method": "cash"})
    bring_on_site(order, ben)
    close(order, ben, is_paid=True)
    confirm(nord, order)
    deliver()

    assert mails_after(clock, days=100) == []
    assert not Claim.objects.exists()


@pytest.mark.parametrize("how", ["paid", "refunded"])
def test_who_pays_within_days_or_owes_nothing_gets_no_invoice(
    nord: Tenant, ben: Friend, sumup: SumUp, clock: time_machine.Coordinates, how: str
) -> None:
    name_sellers(nord)
    order = book(nord, payment={"method": "cash"})
    bring_on_site(order, ben)
    close(order, ben)
    if how == "refunded":
        object_and_settle(nord, order, ObjectionOutcome.REFUND)
    else:
        confirm(nord, order)
        assert take_cash(job_id=order.placed_job_id, friend_id=ben.pk, now=now())
    deliver()

    assert mails_after(clock, days=100) == []
    assert not Claim.objects.exists()
