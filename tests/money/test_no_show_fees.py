"""What an absent customer pays (R7, R15): the partner's row for no hours before, kept or billed, and objected to."""

from datetime import timedelta

import pytest
from django.test import Client
from time_machine import Coordinates

from billing.models import Bill
from crowd.models import Friend
from journeys.links import order_token
from journeys.order.working.no_show import end_for_absent_customer, object_to_fee, report_no_show_as_friend, settle_fee
from kernel.clock import now
from orders.errors import CaseIsClosed, IllegalOrderMove
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import Attention, OrderState
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver, sign_in_staff
from tests.money.held import earned_by, events_of, held_of
from tests.money.stripe import Stripe
from tests.money.test_cancelling import BOOKED_AHEAD, agree_on_date
from tests.money.test_card_endings import paid_by_card, sent_back, whole
from tests.money.vouchers import make_vouchers
from tests.overflow import job_of
from tests.pages import assert_valid_html, press, text_of
from tests.responses import Response

# €49.00, of which an absent customer pays 60 %; 15 % of that are the commission. Half of €41.65 was promised anyway.
FEE, BENS, PROMISED = 2_940, 2_499, 2_083


@pytest.fixture
def ben(four_near: Cast) -> Friend:
    return four_near["Ben"]


@pytest.fixture
def with_fee(nord: Tenant) -> Tenant:
    Tenant.objects.filter(pk=nord.pk).update(cancellation_fees=[[0, 6_000], [24, 3_000]], no_show_bp=5_000)
    return Tenant.objects.get(pk=nord.pk)


def nobody_there(tenant: Tenant, order: Order, friend: Friend, clock: Coordinates) -> Order:
    agree_on_date(tenant, order, friend)
    clock.shift(BOOKED_AHEAD + timedelta(minutes=20))
    report_no_show_as_friend(job_id=order.placed_job_id, friend_id=friend.pk, words="Rang twice", now=now())
    return whole(tenant, order)


def end(tenant: Tenant, order: Order) -> None:
    with tenant_context(tenant):
        end_for_absent_customer(
            order=order_by_uuid(order.uuid), tenant_id=tenant.pk, search=job_of(order).search, who="Maja", now=now()
        )


def manager_now() -> Client:
    """Return Nord's manager, who signs in after the weeks that have passed."""
    client = Client(headers={"host": "nord.localhost"})
    sign_in_staff(client, "manager@nord.example")
    return client


def page_of(tenant: Tenant, order: Order, visitor: Client) -> Response:
    with tenant_context(tenant):
        path = f"/en/orders/{order_token(order.uuid)}/"
    return visitor.get(path)


def test_the_fee_of_the_booking_is_billed_and_the_friend_gets_their_part(
    with_fee: Tenant, ben: Friend, visitor: Client, clock: Coordinates
) -> None:
    booked = book(with_fee, payment={"method": "cash"})
    page = page_of(with_fee, booked, visitor)
    assert "If nobody is there at the appointment: €29.40 (60%)" in text_of(page)
    order = nobody_there(with_fee, booked, ben, clock)
    told = {mail.to[0]: mail.body for mail in deliver()}
    assert "you pay €29.40, as agreed at booking" in " ".join(told[order.email].split())

    manager = manager_now()
    desk = manager.get(f"/admin/orders/inspect/{order.pk}/")
    assert "The customer pays €29.40, as agreed at booking. Ben M. gets €24.99 of it" in text_of(desk)
    press(manager, desk, "End it: the customer was not there")

    assert events_of(order) == ["no_show_fee"]
    assert held_of(order) == {"customer": FEE, "friend": BENS, "platform": 371, "vat": 70}
    with tenant_context(with_fee):
        bill = Bill.objects.get()
        assert (bill.kind, bill.gross_minor) == ("invoice", FEE)
        assert bill.lines[0]["text"] == "Fee for an absence: Wi-Fi set-up"
    page = page_of(with_fee, order, visitor)
    assert "As agreed at booking you pay €29.40" in text_of(page)
    assert_valid_html(page)
    mails = [" ".join(mail.body.split()) for mail in deliver()]
    assert any("costs €29.40. We send an invoice." in words for words in mails)
    assert any("you get €24.99" in words for words in mails)


def test_the_partner_bears_the_same_share_of_the_fee_as_of_the_price(
    with_fee: Tenant, ben: Friend, visitor: Client, clock: Coordinates
) -> None:
    make_vouchers(with_fee)
    booked = book(with_fee, payment={"method": "invoice"}, voucher={"code": "ADA10"})
    order = nobody_there(with_fee, booked, ben, clock)

    end(with_fee, order)

    # Ada 60 % of EUR 39.00, the partner 60 % of EUR 10.00.
    assert held_of(order) == {"customer": 2_340, "friend": BENS, "platform": 371, "vat": 70, "partner": -600}
    with tenant_context(with_fee):
        object_to_fee(order=order_by_uuid(order.uuid), tenant_id=with_fee.pk, words="I was there", now=now())
    assert "As agreed at booking you pay €23.40" in text_of(page_of(with_fee, order, visitor))
    desk = manager_now().get(f"/admin/orders/inspect/{order.pk}/")
    assert "objects to the fee of €23.40" in text_of(desk)
    with tenant_context(with_fee):
        settle_fee(
            order=order_by_uuid(order.uuid), tenant_id=with_fee.pk, is_waived=True, words="Sorry", who="Maja", now=now()
        )  # fmt: skip
    assert held_of(order) == {"friend": BENS, "platform": 371, "vat": 70, "partner": -FEE}
    assert any("you need not pay the fee of €23.40" in " ".join(mail.body.split()) for mail in deliver())


def test_what_was_promised_is_the_least_and_the_partner_pays_what_is_missing(
    with_fee: Tenant, ben: Friend, clock: Coordinates
) -> None:
    Tenant.objects.filter(pk=with_fee.pk).update(cancellation_fees=[[0, 1_000]])
    order = nobody_there(with_fee, book(Tenant.objects.get(pk=with_fee.pk), payment={"method": "invoice"}), ben, clock)

    end(with_fee, order)

    # 10 % are €4.90, of which €4.16 would be Ben's.
    assert earned_by(ben, order) == PROMISED
    assert held_of(order) == {"customer": 490, "friend": PROMISED, "platform": 62, "vat": 12, "partner": 416 - PROMISED}


def test_the_fee_is_kept_of_a_card_payment_and_goes_back_when_it_is_waived(
    with_fee: Tenant, ben: Friend, stripe: Stripe, visitor: Client, clock: Coordinates
) -> None:
    order = nobody_there(with_fee, paid_by_card(with_fee, stripe), ben, clock)
    stripe.control("clock", now=now().timestamp())
    end(with_fee, order)
    assert sent_back(order) == 4_900 - FEE
    deliver()

    press(visitor, page_of(with_fee, order, visitor), "Send the objection", {"words": "I was in the garden."})
    assert whole(with_fee, order).attention == Attention.NO_SHOW
    assert any("please decide about order" in mail.subject for mail in deliver())
    manager = manager_now()
    desk = manager.get(f"/admin/orders/inspect/{order.pk}/")
    assert "I was in the garden." in text_of(desk)
    assert "Mark as handled" not in text_of(desk)
    press(manager, desk, "Waive the fee; you pay it", {"words": "We believe you."})

    assert sent_back(order) == 4_900
    assert held_of(order) == {"friend": BENS, "platform": 371, "vat": 70, "partner": -FEE}
    assert "You do not pay the fee" in text_of(page_of(with_fee, order, visitor))
    assert any("We believe you." in mail.body for mail in deliver())
    with tenant_context(with_fee):
        assert sorted(Bill.objects.values_list("kind", flat=True)) == ["credit_note", "receipt"]


def test_the_customer_objects_once_and_a_manager_decides_once(
    with_fee: Tenant, ben: Friend, clock: Coordinates
) -> None:
    order = nobody_there(with_fee, book(with_fee, payment={"method": "invoice"}), ben, clock)
    said = {"tenant_id": with_fee.pk, "words": "I was there.", "now": now()}
    with tenant_context(with_fee), pytest.raises(IllegalOrderMove):
        object_to_fee(order=order, **said)
    end(with_fee, order)
    with tenant_context(with_fee):
        object_to_fee(order=order, **said)
        with pytest.raises(IllegalOrderMove):
            object_to_fee(order=order, **said)
        settle_fee(order=order, is_waived=False, who="Maja", **said)
        with pytest.raises(CaseIsClosed):
            settle_fee(order=order, is_waived=True, who="Maja", **said)

    assert held_of(order)["customer"] == FEE
    assert whole(with_fee, order).attention == ""


def test_without_a_row_nothing_changes(nord: Tenant, ben: Friend, clock: Coordinates) -> None:
    Tenant.objects.filter(pk=nord.pk).update(no_show_bp=5_000)
    order = nobody_there(nord, book(Tenant.objects.get(pk=nord.pk), payment={"method": "invoice"}), ben, clock)

    end(nord, order)

    assert whole(nord, order).state == OrderState.CANCELLED
    assert held_of(order) == {"friend": PROMISED, "partner": -PROMISED}
    with tenant_context(nord):
        assert not Bill.objects.exists()
