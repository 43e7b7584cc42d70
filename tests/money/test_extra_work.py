"""Extra work and another price (R12): proposed on site, in force with the customer's tap, and with it all figures."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from time_machine import Coordinates

from billing.models import Bill, Payment
from crowd.models import Friend
from dispatch.errors import IllegalJobMove
from dispatch.models import Crossing, Offer
from journeys.links import order_token
from journeys.order.finding.accept_offer import decline_offer
from journeys.order.finding.pass_on_job import give_back_job
from journeys.order.paying.pay_by_card import look_after, open_card_page
from journeys.order.working.extra_work import accept_extra, decline_extra, propose_extra, take_extra_back
from kernel.clock import now
from orders.errors import ExtraAnswered, ExtraIsOpen, PriceOutOfRange
from orders.models import Extra, Order
from orders.selectors import order_by_uuid
from orders.states import ExtraState
from stripe_gateway.models import CardPayment
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver, register_friend
from tests.money.held import earned_by, events_of, held_of
from tests.money.stories import cancel, close, confirm
from tests.money.stripe import Stripe
from tests.money.test_card_endings import paid_by_card, sent_back, whole
from tests.overflow import agree, bring_on_site, job_of, next_wave
from tests.pages import assert_valid_html, html_of, press, text_of
from tests.responses import Response

# €49.00 with €30.00 on top: 15 % of €79.00 are the commission, that is €11.85, and €67.15 are Ben's.
EXTRA, AFTER, BENS = 3_000, 7_900, 6_715


@pytest.fixture
def ben(four_near: Cast) -> Friend:
    return four_near["Ben"]


def on_site(tenant: Tenant, friend: Friend, method: str) -> Order:
    order = book(tenant, payment={"method": method})
    bring_on_site(order, friend)
    return whole(tenant, order)


def propose(order: Order, friend: Friend, change: int = EXTRA) -> Extra:
    return propose_extra(
        job_id=order.placed_job_id, friend_id=friend.pk, words="A second access point", minutes=30,
        change_minor=change, now=now(),
    )  # fmt: skip


def say_yes(tenant: Tenant, order: Order, extra: Extra) -> Order:
    with tenant_context(tenant):
        return accept_extra(order=order_by_uuid(order.uuid), extra_id=extra.pk, now=now())


def page_of(tenant: Tenant, order: Order, visitor: Client) -> Response:
    with tenant_context(tenant):
        path = f"/en/orders/{order_token(order.uuid)}/"
    return visitor.get(path)


def payment_of(tenant: Tenant, order: Order) -> tuple[str, str, int, int]:
    with tenant_context(tenant):
        found = Payment.objects.get(order=order)
        return found.method, found.state, found.amount_minor, found.refund_minor


def test_a_guest_says_yes_by_the_link_and_everything_follows(
    nord: Tenant, ben: Friend, friend_client: Client, visitor: Client
) -> None:
    order = on_site(nord, ben, "invoice")
    deliver()
    form = press(friend_client, friend_client.get(f"/en/jobs/{order.job_id}/"), "Propose extra work")
    assert_valid_html(form)
    assert "Wi-Fi set-up · €49.00" in text_of(form)
    typed = {"words": "A second access point", "price": "+", "amount": "30", "minutes": "30"}
    job = press(friend_client, form, "Ask the customer", typed)
    assert "The customer decides" in text_of(job)
    assert_valid_html(job)
    asked = next(mail for mail in deliver() if mail.to == [order.email])
    assert asked.subject == f"Ben M. proposes a new price for order {order.number}"
    assert "+ €30.00" in asked.body

    page = page_of(nord, order, visitor)
    assert_valid_html(page)
    assert "Ben M. proposes extra work" in text_of(page)
    assert "About 30 minutes more" in text_of(page)
    assert payment_of(nord, order)[2] == 4_900
    page = press(visitor, page, "Yes, I agree")

    assert "Agreed. The new price is on this page" in text_of(page)
    assert "€49.00 as booked" in text_of(page)
    assert_valid_html(page)
    assert payment_of(nord, order) == ("invoice", "to_invoice", AFTER, 0)
    told = {mail.to[0]: mail.body for mail in deliver()}
    assert "Your order now costs €79.00" in told[order.email]
    assert "€67.15" in told["ben@friends.example"]
    assert "€67.15" in text_of(friend_client.get(f"/en/jobs/{order.job_id}/"))

    close(order, ben)
    confirm(nord, order)
    assert earned_by(ben, order) == BENS
    assert held_of(order) == {"customer": AFTER, "friend": BENS, "platform": 996, "vat": 189}
    with tenant_context(nord):
        lines = [(line["text"], line["gross_minor"]) for line in Bill.objects.get().lines]
    assert lines == [("Wi-Fi set-up", 4_900), ("Agreed on site: A second access point", EXTRA)]


def test_the_price_list_says_what_a_package_costs(nord: Tenant, ben: Friend, friend_client: Client) -> None:
    order = on_site(nord, ben, "cash")
    form = friend_client.get(f"/en/jobs/{order.job_id}/extra/")

    press(
        friend_client, form, "Ask the customer", {"words": "Once more upstairs", "price": "wifi-setup", "minutes": "60"}
    )

    with tenant_context(nord):
        extra = Extra.objects.get()
        assert (extra.change_minor, extra.package_name["en"]) == (4_900, "Wi-Fi set-up")
        say_yes(nord, order, extra)
    close(order, ben, is_paid=True)
    confirm(nord, order)
    assert held_of(order)["cash"] == 9_800


def test_a_no_and_a_proposal_that_was_taken_back_change_nothing(
    nord: Tenant, ben: Friend, friend_client: Client, visitor: Client
) -> None:
    order = on_site(nord, ben, "cash")
    extra = propose(order, ben)
    old_page = page_of(nord, order, visitor)
    press(visitor, old_page, "No, thank you")
    assert "Noted. Your order goes on as booked" in html_of(press(visitor, old_page, "No, thank you"))
    assert "no longer open" in html_of(press(visitor, old_page, "Yes, I agree"))

    propose(order, ben)
    job = press(friend_client, friend_client.get(f"/en/jobs/{order.job_id}/"), "Take it back")

    assert "The job goes on as agreed." in text_of(job)
    assert whole(nord, order).price_minor == 4_900
    with tenant_context(nord):
        assert set(Extra.objects.values_list("state", flat=True)) == {ExtraState.DECLINED, ExtraState.TAKEN_BACK}
    with pytest.raises(ExtraAnswered):
        say_yes(nord, order, extra)


def test_two_taps_change_the_price_once(nord: Tenant, ben: Friend) -> None:
    order = on_site(nord, ben, "cash")
    extra = propose(order, ben)

    assert say_yes(nord, order, extra).price_minor == AFTER
    assert say_yes(nord, order, extra).price_minor == AFTER
    with tenant_context(nord), pytest.raises(ExtraAnswered):
        decline_extra(order=order_by_uuid(order.uuid), extra_id=extra.pk, now=now())

    assert job_of(order).price_minor == AFTER


def test_what_is_proposed_is_one_thing_at_a_time_and_a_price_that_can_be(nord: Tenant, ben: Friend) -> None:
    order = on_site(nord, ben, "cash")
    for change in (0, -4_900, 3 * 4_900):
        with pytest.raises(PriceOutOfRange):
            propose(order, ben, change)
    propose(order, ben)
    with pytest.raises(ExtraIsOpen):
        propose(order, ben)
    with pytest.raises(ExtraIsOpen):
        close(order, ben)
    take_extra_back(job_id=order.placed_job_id, friend_id=ben.pk, now=now())
    close(order, ben)
    with pytest.raises(IllegalJobMove):
        propose(order, ben)


def test_the_database_lets_no_price_change_without_an_answer(nord: Tenant, ben: Friend) -> None:
    order = on_site(nord, ben, "cash")
    with (
        tenant_context(nord),
        pytest.raises(IntegrityError, match="changes without its customer"),
        transaction.atomic(),
    ):
        Order.objects.filter(pk=order.pk).update(price_minor=5_900, friend_minor=5_165)


def test_what_is_open_ends_with_the_order_or_the_friend(nord: Tenant, ben: Friend, four_near: Cast) -> None:
    given_back = on_site(nord, ben, "cash")
    propose(given_back, ben)
    give_back_job(job_id=given_back.placed_job_id, friend_id=ben.pk, reason="ill", words="", now=now())
    order = on_site(nord, four_near["Cem"], "cash")
    extra = propose(order, four_near["Cem"])
    cancel(nord, order)

    with tenant_context(nord):
        assert set(Extra.objects.values_list("state", flat=True)) == {ExtraState.LAPSED}
    with pytest.raises(ExtraAnswered):
        say_yes(nord, order, extra)
    assert events_of(order) == []


def test_whoever_gets_the_job_later_reads_what_was_agreed(nord: Tenant, ben: Friend) -> None:
    order = on_site(nord, ben, "cash")
    extra = propose_extra(
        job_id=order.placed_job_id, friend_id=ben.pk, words="Call 030 1234567 before", minutes=0, change_minor=EXTRA,
        now=now(),
    )  # fmt: skip
    say_yes(nord, order, extra)
    give_back_job(job_id=order.placed_job_id, friend_id=ben.pk, reason="ill", words="", now=now())

    row = job_of(order).brief[-1]
    assert row["label"]["en"] == "Extra work that was agreed"
    assert "1234567" not in row["answer"]
    assert job_of(order).friend_minor == BENS


def test_the_share_of_a_contract_follows(nord: Tenant, sued: Tenant, four_near: Cast) -> None:
    agree(nord, partner_share_bp=5_000)
    friend = register_friend("Greta", km=2, communities=[sued.pk], in_shared_crowd=True)
    order = book(nord, payment={"method": "invoice"})
    for one in four_near.values():
        decline_offer(job_id=order.placed_job_id, friend_id=one.pk, reason="no_time", now=now())
    while not Offer.objects.filter(friend=friend).exists():
        next_wave(order)
    bring_on_site(order, friend)
    before = Crossing.objects.get(job_id=order.placed_job_id).partner_share_minor

    say_yes(nord, order, propose(whole(nord, order), friend))
    close(order, friend)
    confirm(nord, order)

    crossing = Crossing.objects.get(job_id=order.placed_job_id)
    assert crossing.partner_share_minor > before
    assert crossing.partner_share_minor == job_of(order).commission_minor // 2
    assert held_of(order)["partner"] == crossing.partner_share_minor


class ByCard:
    """An order that is paid by card, for which Ben proposes extra work."""

    def __init__(self, nord: Tenant, ben: Friend, stripe: Stripe, visitor: Client) -> None:
        self.nord, self.ben, self.stripe, self.visitor = nord, ben, stripe, visitor
        self.order = paid_by_card(nord, stripe)
        bring_on_site(self.order, ben)

    def page(self) -> Response:
        return page_of(self.nord, self.order, self.visitor)

    def card_page(self) -> str:
        with tenant_context(self.nord):
            return open_card_page(order=order_by_uuid(self.order.uuid), language="en", now=now())

    def settle(self) -> None:
        for payment in CardPayment.objects.filter(order_id=self.order.uuid):
            look_after(payment.pk, now=now())


@pytest.fixture
def by_card(nord: Tenant, ben: Friend, stripe: Stripe, visitor: Client) -> ByCard:
    return ByCard(nord, ben, stripe, visitor)


def test_by_card_the_difference_is_paid_before_the_yes_counts(by_card: ByCard, nord: Tenant, ben: Friend) -> None:
    propose(by_card.order, ben)
    assert "Yes, pay €30.00 now" in text_of(by_card.page())

    by_card.stripe.pay(by_card.card_page())
    assert "€79.00" in text_of(by_card.page())

    assert payment_of(nord, by_card.order) == ("card", "paid", AFTER, 0)
    close(by_card.order, ben)
    confirm(nord, by_card.order)
    by_card.settle()
    assert held_of(by_card.order) == {"stripe": AFTER, "friend": BENS, "platform": 996, "vat": 189}


def test_a_lower_price_goes_back_to_the_card(by_card: ByCard, nord: Tenant, ben: Friend) -> None:
    extra = propose(by_card.order, ben, -900)
    assert "Ben M. proposes a lower price" in text_of(by_card.page())

    press(by_card.visitor, by_card.page(), "Yes, I agree")

    assert sent_back(by_card.order) == 900
    assert whole(nord, by_card.order).price_minor == extra.price_after_minor == 4_000
    close(by_card.order, ben)
    confirm(nord, by_card.order)
    assert held_of(by_card.order)["stripe"] == 4_000


def test_money_for_what_was_taken_back_goes_back_and_says_yes_to_nothing(
    by_card: ByCard, nord: Tenant, ben: Friend, clock: Coordinates
) -> None:
    propose(by_card.order, ben)
    page = by_card.card_page()
    take_extra_back(job_id=by_card.order.placed_job_id, friend_id=ben.pk, now=now())
    clock.shift(timedelta(minutes=1))
    by_card.stripe.control("clock", now=now().timestamp())
    # Something else at the same price, which nobody has agreed to.
    other = propose(by_card.order, ben)
    by_card.stripe.pay(page)
    by_card.settle()

    assert sent_back(by_card.order) == EXTRA
    assert whole(nord, by_card.order).price_minor == 4_900
    with tenant_context(nord):
        assert Extra.objects.get(pk=other.pk).state == ExtraState.PROPOSED
    assert any("nothing was left to pay for" in " ".join(mail.body.split()) for mail in deliver())


def test_an_order_that_is_cancelled_in_the_meantime_gets_all_back(by_card: ByCard, nord: Tenant, ben: Friend) -> None:
    propose(by_card.order, ben)
    page = by_card.card_page()
    cancel(nord, by_card.order)
    by_card.stripe.pay(page)
    by_card.settle()

    assert sent_back(by_card.order) == 4_900 + EXTRA
    assert held_of(by_card.order) == {}


def test_who_would_rather_pay_by_invoice_gets_the_card_payment_back(by_card: ByCard, nord: Tenant, ben: Friend) -> None:
    propose(by_card.order, ben)

    press(by_card.visitor, by_card.page(), "Yes, pay everything by invoice")

    assert payment_of(nord, by_card.order) == ("invoice", "to_invoice", AFTER, 0)
    assert sent_back(by_card.order) == 4_900


def test_nobody_else_proposes_and_nobody_answers_for_another_order(nord: Tenant, ben: Friend, four_near: Cast) -> None:
    order = on_site(nord, ben, "cash")
    with pytest.raises(IllegalJobMove):
        propose(order, four_near["Cem"])
    with tenant_context(nord), pytest.raises(ExtraAnswered):
        accept_extra(order=order_by_uuid(order.uuid), extra_id=uuid4(), now=now())
