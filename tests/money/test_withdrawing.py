"""Consent to an early start, and what is owed where work had begun (directive 2011/83/EU, articles 7, 14 and 16)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from time_machine import Coordinates

from billing.models import Bill, Payment
from catalog.models import Voucher
from crowd.models import Friend
from journeys.links import order_token
from journeys.order.deadlines import sweep
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.ending.withdraw_order import decide_withdrawal, withdraw_order
from journeys.order.working.agree_date import accept_date_as_customer, propose_date_as_friend
from journeys.order.working.complete_job import rate_completion
from kernel.clock import now
from orders.early_start import note_early_start
from orders.errors import CaseIsClosed, OwedOutOfRange, WithdrawalIsOpen, WorkHasBegun
from orders.models import EarlyStart, Order, Withdrawal
from orders.selectors import order_by_uuid
from orders.states import Attention, OrderState, Side
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver
from tests.money.held import earned_by, events_of, held_of
from tests.money.stories import close, confirm, object_and_settle
from tests.money.stripe import Stripe
from tests.money.test_cancelling import agree_on_date
from tests.money.test_card_endings import paid_by_card, sent_back, whole
from tests.money.vouchers import make_vouchers
from tests.overflow import bring_on_site
from tests.pages import assert_valid_html, fill_in, html_of, press, start_booking, text_of
from tests.responses import Response

# Of €49.00 the commission is €7.35, so €41.65 are Ben's.
BENS = 4_165


@pytest.fixture
def ben(four_near: Cast) -> Friend:
    return four_near["Ben"]


def consented(tenant: Tenant, order: Order) -> Order:
    with tenant_context(tenant):
        note_early_start(order=order, words="I expressly ask for it.", now=now())
    return order


def done(tenant: Tenant, order: Order, friend: Friend) -> Order:
    bring_on_site(order, friend)
    close(order, friend)
    return whole(tenant, order)


def withdraw(tenant: Tenant, order: Order) -> Withdrawal:
    with tenant_context(tenant):
        withdraw_order(order=order_by_uuid(order.uuid), tenant_id=tenant.pk, now=now())
        return Withdrawal.objects.get(order=order)


def decide(tenant: Tenant, order: Order, owed: int) -> Order:
    with tenant_context(tenant):
        return decide_withdrawal(
            order=order_by_uuid(order.uuid), tenant_id=tenant.pk, owed_minor=owed, words="As agreed.", who="Maja",
            now=now(),
        )  # fmt: skip


def test_what_the_partner_bears_is_owed_by_the_same_rule(nord: Tenant, ben: Friend) -> None:
    make_vouchers(nord, uses=3)
    code = {"code": "ADA10"}
    order = done(nord, consented(nord, book(nord, payment={"method": "invoice"}, voucher=code)), ben)
    assert withdraw(nord, order).proposed_minor == 3_900
    decide(nord, order, 2_000)
    assert held_of(order) == {"customer": 2_000, "friend": BENS, "platform": 618, "vat": 117, "partner": -2_900}
    with tenant_context(nord):
        lines = Bill.objects.get().lines
    assert [line["gross_minor"] for line in lines] == [4_900, -1_000, -1_900]

    other = done(nord, book(nord, payment={"method": "invoice"}, voucher=code), ben)
    assert withdraw(nord, other).proposed_minor == 0
    decide(nord, other, 0)
    assert held_of(other)["partner"] == -4_900


def test_what_is_decided_after_the_confirmation_comes_on_top_of_what_the_partner_bore(
    nord: Tenant, ben: Friend
) -> None:
    make_vouchers(nord)
    order = done(nord, consented(nord, book(nord, payment={"method": "invoice"}, voucher={"code": "ADA10"})), ben)
    confirm(nord, order)
    assert held_of(order)["partner"] == -1_000
    withdraw(nord, order)

    decide(nord, order, 2_000)

    assert held_of(order) == {"customer": 2_000, "friend": BENS, "platform": 618, "vat": 117, "partner": -2_900}


def test_work_that_was_broken_off_costs_each_the_share_of_their_part(
    nord: Tenant, ben: Friend, clock: Coordinates
) -> None:
    make_vouchers(nord)
    booked = consented(nord, book(nord, payment={"method": "invoice"}, voucher={"code": "ADA10"}))
    bring_on_site(booked, ben)
    date = propose_date_as_friend(
        job_id=booked.placed_job_id, friend_id=ben.pk, starts_at=now() + timedelta(hours=6), is_meant=True, now=now()
    )
    with tenant_context(nord):
        accept_date_as_customer(order=order_by_uuid(booked.uuid), appointment_id=date.pk, now=now())
    clock.shift(timedelta(hours=6, minutes=30))
    assert withdraw(nord, booked).proposed_minor == 1_950

    decide(nord, booked, 1_950)

    held = held_of(booked)
    assert (held["customer"], held["partner"], earned_by(ben, booked)) == (1_950, -500, 2_082)
    with tenant_context(nord):
        assert Voucher.objects.get().used == 0


def page_of(tenant: Tenant, order: Order, visitor: Client) -> Response:
    with tenant_context(tenant):
        path = f"/en/orders/{order_token(order.uuid)}/"
    return visitor.get(path)


def test_who_wants_work_within_the_days_of_withdrawal_ticks_so(
    nord: Tenant, ben: Friend, visitor: Client, manager_client: Client
) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)
    review = visitor.get(f"{draft}review/")
    assert "I expressly ask for the work to begin before the withdrawal period ends." in text_of(review)
    refused = press(visitor, review, "Order with obligation to pay")
    assert refused.status_code == 422
    assert "Please tick this, or choose times after the withdrawal period." in text_of(refused)
    assert_valid_html(refused)
    with tenant_context(nord):
        assert not Order.objects.exists()

    press(visitor, review, "Order with obligation to pay", {"early_start": "on"})

    with tenant_context(nord):
        consent = EarlyStart.objects.get()
        assert (consent.version, consent.given_at, consent.language) == ("2026-06", now(), "en")
        assert consent.words.startswith("I expressly ask")
        with pytest.raises(IntegrityError, match="stays as it was"), transaction.atomic():
            EarlyStart.objects.update(words="Something else")
        order = Order.objects.get()
    confirmation = next(mail for mail in deliver() if mail.to == [order.email])
    assert "“I expressly ask for the work to begin" in " ".join(confirmation.body.split())
    assert "Early start" in text_of(manager_client.get(f"/admin/orders/inspect/{order.pk}/"))


def test_who_wants_it_later_or_has_no_such_right_is_asked_nothing(
    nord: Tenant, sued: Tenant, ben: Friend, visitor: Client
) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)
    later = (now() + timedelta(days=20)).date().isoformat()
    visitor.post(f"{draft}times/", {"windows": [f"{later}:2"]})

    review = visitor.get(f"{draft}review/")

    assert "expressly" not in text_of(review)
    press(visitor, review, "Order with obligation to pay")
    with tenant_context(nord):
        assert Order.objects.count() == 1
        assert not EarlyStart.objects.exists()


def test_after_the_work_the_full_price_is_proposed_and_takes_one_tap(
    nord: Tenant, ben: Friend, manager_client: Client, visitor: Client
) -> None:
    order = done(nord, consented(nord, book(nord, payment={"method": "invoice"})), ben)
    assert withdraw(nord, order).proposed_minor == 4_900
    assert whole(nord, order).attention == Attention.WITHDRAWN
    mails = {to: mail.body for mail in deliver() for to in mail.to}
    assert "Proposed: the customer owes" in mails["manager@nord.example"]
    page = page_of(nord, order, visitor)
    assert "Nord decides what you owe for it" in text_of(page)
    assert "Is the work done?" not in text_of(page)
    assert_valid_html(page)

    desk = manager_client.get(f"/admin/orders/inspect/{order.pk}/")
    assert "The customer asked for an early start" in text_of(desk)
    press(manager_client, desk, "Settle the withdrawal")

    assert whole(nord, order).state == OrderState.CONFIRMED
    assert held_of(order) == {"customer": 4_900, "friend": BENS, "platform": 618, "vat": 117}
    assert "you owe €49.00" in text_of(page_of(nord, order, visitor))
    assert any("you owe €49.00, and nothing else." in " ".join(mail.body.split()) for mail in deliver())


def test_without_consent_nothing_is_proposed_and_the_friend_is_paid_all_the_same(
    nord: Tenant, ben: Friend, manager_client: Client
) -> None:
    order = done(nord, book(nord, payment={"method": "invoice"}), ben)
    assert withdraw(nord, order).proposed_minor == 0

    decide(nord, order, 1_000)

    assert earned_by(ben, order) == BENS
    assert events_of(order) == ["job_done", "commission_taken", "paid_by_partner"]
    assert held_of(order) == {"customer": 1_000, "partner": -3_900, "friend": BENS, "platform": 618, "vat": 117}
    with tenant_context(nord):
        bill = Bill.objects.get()
        assert [(line["text"], line["gross_minor"]) for line in bill.lines] == [
            ("Wi-Fi set-up", 4_900),
            ("Not owed after your withdrawal", -3_900),
        ]
        assert (bill.gross_minor, Payment.objects.get(order=order).amount_minor) == (1_000, 1_000)
    assert "Of it you pay €39.00" in text_of(manager_client.get(f"/admin/orders/inspect/{order.pk}/"))


def test_nothing_is_confirmed_while_it_waits(nord: Tenant, ben: Friend, clock: Coordinates) -> None:
    order = done(nord, book(nord, payment={"method": "invoice"}), ben)
    withdraw(nord, order)

    clock.shift(timedelta(days=4))
    sweep(now=now())
    with pytest.raises(WithdrawalIsOpen):
        confirm(nord, order)
    with tenant_context(nord), pytest.raises(WithdrawalIsOpen):
        rate_completion(order_uuid=order.uuid, tenant_id=nord.pk, stars=5, words="", now=now())
    with tenant_context(nord), pytest.raises(IntegrityError, match="nobody has decided"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state=OrderState.CONFIRMED, confirmed_at=now())
    with pytest.raises(WithdrawalIsOpen):
        object_and_settle(nord, order, "stands")

    assert whole(nord, order).state == OrderState.DONE
    assert events_of(order) == []
    # The objection of this moment is closed with the withdrawal.
    decide(nord, order, 0)
    assert whole(nord, order).state == OrderState.CONFIRMED
    with pytest.raises(CaseIsClosed):
        decide(nord, order, 0)


def test_of_a_card_payment_all_but_what_is_owed_goes_back(nord: Tenant, ben: Friend, stripe: Stripe) -> None:
    order = done(nord, paid_by_card(nord, stripe), ben)
    confirm(nord, order)
    withdraw(nord, order)
    with pytest.raises(OwedOutOfRange):
        decide(nord, order, 4_901)

    decide(nord, order, 900)

    assert sent_back(order) == 4_000
    assert held_of(order) == {"stripe": 900, "partner": -4_000, "friend": BENS, "platform": 618, "vat": 117}
    with tenant_context(nord):
        rate_completion(order_uuid=order.uuid, tenant_id=nord.pk, stars=5, words="", now=now())
    assert held_of(order)["stripe"] == 900


def test_work_that_was_broken_off_is_owed_by_its_minutes(
    nord: Tenant, ben: Friend, visitor: Client, clock: Coordinates
) -> None:
    order = consented(nord, book(nord, payment={"method": "invoice"}))
    agree_on_date(nord, order, ben)
    with tenant_context(nord):
        starts_at = order_by_uuid(order.uuid).appointments.get().starts_at
        # Within the days of withdrawal: booked later than it seems.
        Order.objects.filter(pk=order.pk).update(created_at=starts_at - timedelta(days=3))
    clock.shift(starts_at - now() + timedelta(minutes=15))
    deliver()
    page = page_of(nord, order, visitor)
    assert "The agreed time has come." in text_of(page)
    assert "Cancel the order for good" not in text_of(page)
    with tenant_context(nord), pytest.raises(WorkHasBegun):
        cancel_order(
            order_uuid=order.uuid, job_id=order.placed_job_id, tenant_id=nord.pk, side=Side.CUSTOMER, who="Ada",
            why="", now=now(),
        )  # fmt: skip

    # A quarter of the hour that the package takes.
    assert withdraw(nord, order).proposed_minor == 1_225
    assert "Please do not go on" in {to: mail.body for mail in deliver() for to in mail.to}["ben@friends.example"]
    decide(nord, order, 1_225)

    assert whole(nord, order).state == OrderState.CANCELLED
    assert events_of(order) == ["cancellation_fee"]
    assert held_of(order)["customer"] == 1_225
    assert earned_by(ben, order) == 1_041
    with tenant_context(nord):
        assert Bill.objects.get().lines[0]["text"] == "Work until the withdrawal: Wi-Fi set-up"
    assert "you owe €12.25" in html_of(page_of(nord, order, visitor))
