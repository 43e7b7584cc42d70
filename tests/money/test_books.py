"""What an order's way books, and when (R19): each story to its end, through the services that everybody uses."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import Coordinates

from catalog.models import Price
from crowd.models import Friend
from dispatch.models import Crossing, Job, Offer
from dispatch.states import OfferState
from journeys.order.deadlines import sweep
from journeys.order.finding.accept_offer import accept_offer, decline_offer
from journeys.order.finding.ask_friends import ask_next_friends
from journeys.order.working.agree_date import accept_date_as_customer, contact_customer, propose_date_as_friend
from journeys.order.working.complete_job import rate_completion
from journeys.order.working.no_show import end_for_absent_customer, report_no_show_as_friend
from journeys.order.working.unreachable import reopen_order
from kernel.clock import now
from ledger import chart
from ledger.models import Transaction
from ledger.selectors import balance_of
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import ObjectionOutcome
from tenants.context import tenant_context
from tenants.models import LastResort, Tenant
from tests.cast import Cast, book, register_friend
from tests.journeys.order.escalation.steps import approve, decline, escalate
from tests.money.held import earned_by, events_of, held_of
from tests.money.stories import cancel, cannot_be_reached, close, confirm, object_and_settle
from tests.overflow import agree, bring_on_site, fresh, job_of, next_wave, register_pro

# €49.00 of which 15 % are the commission; 19 % VAT are in it.
PRICE, COMMISSION, VAT, NET = 4_900, 618, 117, 4_165
WORK = {"platform": COMMISSION, "vat": VAT, "friend": NET}


@pytest.fixture
def ben(four_near: Cast) -> Friend:
    return four_near["Ben"]


@pytest.fixture
def by_invoice(nord: Tenant, ben: Friend) -> Order:
    """Return an order by invoice for which Ben is on site."""
    order = book(nord, payment={"method": "invoice"})
    bring_on_site(order, ben)
    return order


@pytest.fixture
def in_cash(nord: Tenant, ben: Friend) -> Order:
    """Return an order to be paid in cash for which Ben is on site."""
    order = book(nord)
    bring_on_site(order, ben)
    return order


def test_by_invoice_the_friend_has_earned_the_offered_net_once_it_is_confirmed(
    nord: Tenant, by_invoice: Order, ben: Friend
) -> None:
    offered = job_of(by_invoice).friend_minor
    close(by_invoice, ben)
    assert events_of(by_invoice) == []

    confirm(nord, by_invoice)

    assert offered == NET
    assert held_of(by_invoice) == WORK | {"customer": PRICE}
    assert balance_of(chart.friend(ben.pk), "EUR") == offered
    booked = Transaction.objects.get(event="job_done")
    assert (booked.tenant_id, booked.order_id, booked.job_id) == (nord.pk, by_invoice.uuid, by_invoice.placed_job_id)


def test_cash_is_booked_when_the_friend_closes_and_the_work_when_it_is_confirmed(
    nord: Tenant, in_cash: Order, ben: Friend
) -> None:
    close(in_cash, ben, is_paid=True)
    assert held_of(in_cash) == {"customer": -PRICE, "cash": PRICE}

    confirm(nord, in_cash)

    assert held_of(in_cash) == WORK | {"cash": PRICE}


def test_who_does_not_pay_on_site_owes_it(nord: Tenant, in_cash: Order, ben: Friend) -> None:
    close(in_cash, ben)
    confirm(nord, in_cash)

    assert held_of(in_cash) == WORK | {"customer": PRICE}


def test_an_invoice_is_not_paid_in_cash_whatever_the_friend_ticks(by_invoice: Order, ben: Friend) -> None:
    close(by_invoice, ben, is_paid=True)

    assert events_of(by_invoice) == []


def test_silence_confirms_and_books_and_a_late_rating_books_nothing_twice(
    nord: Tenant, by_invoice: Order, ben: Friend, clock: Coordinates
) -> None:
    close(by_invoice, ben)
    clock.shift(timedelta(days=3))
    while sweep(now=now()):
        pass
    assert held_of(by_invoice) == WORK | {"customer": PRICE}

    clock.shift(timedelta(days=1))
    with tenant_context(nord):
        rate_completion(order_uuid=by_invoice.uuid, tenant_id=nord.pk, stars=5, words="", now=now())
    confirm(nord, by_invoice)

    assert events_of(by_invoice) == ["job_done", "commission_taken"]


def test_rating_the_work_books_it(nord: Tenant, by_invoice: Order, ben: Friend) -> None:
    close(by_invoice, ben)
    with tenant_context(nord):
        rate_completion(order_uuid=by_invoice.uuid, tenant_id=nord.pk, stars=5, words="", now=now())

    assert held_of(by_invoice) == WORK | {"customer": PRICE}


def test_work_that_a_manager_lets_stand_is_booked(nord: Tenant, by_invoice: Order, ben: Friend) -> None:
    close(by_invoice, ben)
    object_and_settle(nord, by_invoice, ObjectionOutcome.STANDS)

    assert held_of(by_invoice) == WORK | {"customer": PRICE}


def test_a_refund_takes_the_work_back_and_a_second_look_changes_nothing(
    nord: Tenant, in_cash: Order, ben: Friend
) -> None:
    close(in_cash, ben, is_paid=True)
    object_and_settle(nord, in_cash, ObjectionOutcome.REFUND)

    assert events_of(in_cash) == ["cash_paid", "job_done", "commission_taken", "work_taken_back"]
    # Ben has the customer's money in his hands, and we owe it to the customer.
    assert held_of(in_cash) == {"customer": -PRICE, "cash": PRICE}
    confirm(nord, in_cash)
    assert len(events_of(in_cash)) == 4


def test_in_francs_cash_goes_by_five_rappen(sued: Tenant) -> None:
    near_zurich: dict[str, Any] = {
        "country": "CH",
        "postal_code": "8001",
        "town": "Zürich",
        "latitude": 47.37,
        "longitude": 8.54,
    }
    ueli = register_friend("Ueli", km=1, communities=[sued.pk], **near_zurich)
    for price, paid, event in ((4_902, 4_900, "cash_rounded_down"), (4_903, 4_905, "cash_rounded_up")):
        with tenant_context(sued):
            Price.objects.update(amount_minor=price)
        order = book(
            sued, place={"country": "CH", "postal_code": "8001"},
            contact={"name": "Ada", "email": "ada@customers.example", "phone": "044 123 45 67", "street": "Gasse 1"},
        )  # fmt: skip
        bring_on_site(order, ueli)
        close(order, ueli, is_paid=True)
        confirm(sued, order)

        assert events_of(order) == ["cash_paid", event, "job_done", "commission_taken"]
        held = held_of(order)
        assert (held["cash"], held.get("customer", 0), held["rounding"]) == (paid, 0, price - paid)
        assert earned_by(ueli, order) == job_of(order).friend_minor


def test_a_friend_of_others_earns_and_the_partner_gets_its_share(nord: Tenant, sued: Tenant, four_near: Cast) -> None:
    agree(nord, commission_bp=2_000, partner_share_bp=2_500)
    greta = register_friend("Greta", km=2, communities=[sued.pk], in_shared_crowd=True)
    order = book(nord, payment={"method": "invoice"})
    for friend in four_near.values():
        decline_offer(job_id=order.placed_job_id, friend_id=friend.pk, reason="no_time", now=now())
    while not Offer.objects.filter(friend=greta).exists():
        next_wave(order)
    bring_on_site(order, greta)
    close(order, greta)

    confirm(nord, order)

    share = Crossing.objects.get().partner_share_minor
    assert share == 245
    assert held_of(order) == {"customer": PRICE, "friend": 3_920, "vat": 156, "platform": 824 - share, "partner": share}
    assert balance_of(chart.partner(nord.pk), "EUR") == share


@pytest.fixture
def pro(nord: Tenant, four_near: Cast) -> Friend:
    """Return Petra, a pro of Nord's community."""
    return register_pro("Petra", km=8, communities=[nord.pk])


@pytest.fixture
def asked(nord: Tenant, in_cash: Order, ben: Friend, pro: Friend) -> Order:
    """Return an order whose customer is asked whether a pro may come."""
    escalate(in_cash, ben, photos=0)
    return fresh(nord, in_cash)


def test_who_hands_over_earns_the_diagnosis_and_the_pro_the_rest(
    nord: Tenant, asked: Order, ben: Friend, pro: Friend
) -> None:
    order = approve(nord, asked)
    bring_on_site(order, pro)
    close(order, pro, is_paid=True)
    assert [held_of(order)["cash"], balance_of(chart.cash_of(pro.pk), "EUR")] == [order.price_minor] * 2

    confirm(nord, order)

    diagnosis, job = asked.escalation.diagnosis_minor, job_of(order)
    assert (earned_by(ben, order), earned_by(pro, order)) == (diagnosis, job.friend_minor)
    assert balance_of(chart.pro(pro.pk), "EUR") == job.friend_minor
    held = held_of(order)
    assert held["platform"] + held["vat"] == job.commission_minor
    assert held["cash"] == order.price_minor == diagnosis + job.price_minor
    assert "customer" not in held


def test_where_the_customer_wants_no_pro_they_owe_the_diagnosis_alone(nord: Tenant, asked: Order, ben: Friend) -> None:
    order = decline(nord, asked)
    confirm(nord, order)

    diagnosis = asked.escalation.diagnosis_minor
    assert held_of(order) == {"customer": diagnosis, "friend": diagnosis}
    assert earned_by(ben, order) == diagnosis


def test_a_refund_of_the_pros_work_leaves_the_friend_the_diagnosis_at_the_partners_expense(
    nord: Tenant, asked: Order, ben: Friend, pro: Friend
) -> None:
    order = approve(nord, asked)
    bring_on_site(order, pro)
    close(order, pro)
    object_and_settle(nord, order, ObjectionOutcome.REFUND)

    diagnosis = asked.escalation.diagnosis_minor
    assert held_of(order) == {"partner": -diagnosis, "friend": diagnosis}


@pytest.mark.parametrize("answers", [True, False])
def test_an_order_that_is_cancelled_after_a_diagnosis_costs_the_partner(
    nord: Tenant, asked: Order, ben: Friend, answers: bool
) -> None:
    order = approve(nord, asked) if answers else asked
    cancel(nord, order)

    diagnosis = asked.escalation.diagnosis_minor
    assert held_of(order) == {"partner": -diagnosis, "friend": diagnosis}
    assert earned_by(ben, order) == diagnosis


def test_an_order_without_a_diagnosis_is_cancelled_for_nothing(nord: Tenant, in_cash: Order) -> None:
    cancel(nord, in_cash)

    assert events_of(in_cash) == []


def test_an_order_that_ends_by_itself_after_a_diagnosis_costs_the_partner(
    nord: Tenant, ben: Friend, pro: Friend
) -> None:
    Tenant.objects.filter(pk=nord.pk).update(last_resort=LastResort.CANCEL)
    order = book(Tenant.objects.get(pk=nord.pk))
    bring_on_site(order, ben)
    escalate(order, ben, photos=0)
    order = approve(nord, fresh(nord, order))
    decline_offer(job_id=order.placed_job_id, friend_id=pro.pk, reason="no_time", now=now())
    while job_of(order).state == "searching":
        ask_next_friends(job_id=order.placed_job_id, after_wave=job_of(order).wave, now=now())

    diagnosis = fresh(nord, order).escalation.diagnosis_minor
    assert held_of(order) == {"partner": -diagnosis, "friend": diagnosis}


def test_for_an_absent_customer_the_partner_pays_the_friends_way(
    nord: Tenant, in_cash: Order, ben: Friend, clock: Coordinates
) -> None:
    date = propose_date_as_friend(
        job_id=in_cash.placed_job_id, friend_id=ben.pk, starts_at=now() + timedelta(days=2), now=now()
    )
    with tenant_context(nord):
        accept_date_as_customer(order=order_by_uuid(in_cash.uuid), appointment_id=date.pk, now=now())
    clock.shift(timedelta(days=2, minutes=15))
    report_no_show_as_friend(job_id=in_cash.placed_job_id, friend_id=ben.pk, words="Rang", now=now())
    with tenant_context(nord):
        end_for_absent_customer(order=order_by_uuid(in_cash.uuid), tenant_id=nord.pk, search=1, who="Maja", now=now())

    owed = job_of(in_cash).owed.get().amount_minor
    assert owed > 0
    assert events_of(in_cash) == ["no_show_fee", "paid_by_partner"]
    assert held_of(in_cash) == {"partner": -owed, "friend": owed}


def test_an_order_that_comes_back_is_paid_by_the_customer_and_the_way_by_the_partner(
    nord: Tenant, asked: Order, ben: Friend, pro: Friend, clock: Coordinates
) -> None:
    order = approve(nord, asked)
    accept_offer(job_id=order.placed_job_id, friend_id=pro.pk, now=now())
    cannot_be_reached(order, pro, clock)
    diagnosis, owed = asked.escalation.diagnosis_minor, job_of(order).owed.get().amount_minor
    assert held_of(order) == {"partner": -diagnosis - owed, "friend": diagnosis, "pro": owed}

    with tenant_context(nord):
        job = reopen_order(order=order_by_uuid(order.uuid), tenant_id=nord.pk, who="Maja", now=now())
    assert held_of(order) == {"partner": -owed, "pro": owed}
    order = fresh(nord, order)
    accept_offer(job_id=job.pk, friend_id=pro.pk, now=now())
    contact_customer(job_id=job.pk, friend_id=pro.pk, now=now())
    close(order, pro)
    confirm(nord, order)

    held = held_of(order)
    assert (held["customer"], held["partner"], held["friend"]) == (order.price_minor, -owed, diagnosis)
    assert held["pro"] == owed + Job.objects.get(pk=job.pk).friend_minor
    assert Offer.objects.filter(job=job.pk, state=OfferState.ACCEPTED).count() == 1


def test_an_order_that_comes_back_and_ends_once_more_pays_the_diagnosis_once(
    nord: Tenant, asked: Order, ben: Friend, pro: Friend, clock: Coordinates
) -> None:
    order = approve(nord, asked)
    accept_offer(job_id=order.placed_job_id, friend_id=pro.pk, now=now())
    cannot_be_reached(order, pro, clock)
    with tenant_context(nord):
        reopen_order(order=order_by_uuid(order.uuid), tenant_id=nord.pk, who="Maja", now=now())

    cancel(nord, fresh(nord, order))

    assert earned_by(ben, order) == asked.escalation.diagnosis_minor
