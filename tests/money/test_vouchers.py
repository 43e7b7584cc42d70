"""Vouchers (R8): what the customer pays less, the partner bears; each is used as often as it may be."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings
from time_machine import Coordinates

from billing.methods import PaymentState
from billing.models import Bill, Payment
from catalog.errors import CodeTaken
from catalog.kinds import VoucherKind
from catalog.models import Campaign, Package, Voucher
from catalog.vouchers import ALPHABET, stop_campaign
from crowd.models import Friend
from journeys.links import order_token
from journeys.money.incoming.bill_partner import bill_partner
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.working.extra_work import accept_extra, propose_extra
from kernel.clock import now
from kernel.money import STEPS, Split
from orders.cancelling import Fee
from orders.errors import CancellingCostsMore, UnableToPlaceOrder
from orders.models import Order, Redemption
from orders.services.orders import end_unpaid
from orders.states import ObjectionOutcome, OrderState, Side
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import ADA, Cast, book, deliver
from tests.money.held import assert_balance, earned_by, events_of, held_of
from tests.money.stories import cancel, close, confirm, object_and_settle
from tests.money.stripe import Stripe
from tests.money.test_cancelling import BOOKED_AHEAD, FEES, agree_on_date
from tests.money.test_card_endings import paid_by_card, sent_back
from tests.money.vouchers import make_vouchers
from tests.overflow import bring_on_site
from tests.pages import EARLY_START, assert_valid_html, fill_in, press, start_booking, text_of

CODE = {"voucher": {"code": "ada 10"}}


@pytest.fixture
def ben(four_near: Cast) -> Friend:
    return four_near["Ben"]


def whole(tenant: Tenant, order: Order) -> Order:
    with tenant_context(tenant):
        return Order.objects.get(pk=order.pk)


def used(tenant: Tenant) -> int:
    with tenant_context(tenant):
        return Voucher.objects.get().used


def test_the_friend_and_the_platform_get_the_same_and_the_partner_bears_it(nord: Tenant, ben: Friend) -> None:
    make_vouchers(nord)
    order = book(nord, payment={"method": "invoice"}, **CODE)
    assert (order.price_minor, order.due_minor, order.friend_minor) == (4_900, 3_900, 4_165)
    bring_on_site(order, ben)
    close(order, ben)
    confirm(nord, order)

    assert earned_by(ben, order) == 4_165
    assert events_of(order) == ["job_done", "commission_taken", "paid_by_partner"]
    held = held_of(order)
    assert (held["customer"], held["partner"]) == (3_900, -1_000)
    with tenant_context(nord):
        (bill,) = Bill.objects.all()
    assert bill.gross_minor == 3_900
    assert bill.lines[1:] == [{"text": "Voucher ADA10", "gross_minor": -1_000}]
    assert_balance()


def test_cash_is_what_is_left_to_pay(nord: Tenant, ben: Friend) -> None:
    make_vouchers(nord)
    order = book(nord, payment={"method": "cash"}, **CODE)
    bring_on_site(order, ben)
    close(order, ben, is_paid=True)
    confirm(nord, order)
    held = held_of(order)
    assert (held["cash"], held.get("customer", 0), held["partner"]) == (3_900, 0, -1_000)


def test_by_card_only_the_rest_is_charged_and_all_of_it_goes_back(nord: Tenant, ben: Friend, stripe: Stripe) -> None:
    make_vouchers(nord)
    order = paid_by_card(nord, stripe, **CODE)
    assert held_of(order)["stripe"] == 3_900
    cancel(nord, order)
    assert sent_back(order) == 3_900
    assert used(nord) == 0


def test_a_voucher_for_all_of_the_price_leaves_nothing_to_pay(nord: Tenant, ben: Friend) -> None:
    make_vouchers(nord, kind=VoucherKind.PERCENT, basis_points=10_000)
    order = book(nord, payment={"method": "invoice"}, **CODE)
    assert (order.payment_method, order.due_minor) == ("partner", 0)
    with tenant_context(nord):
        assert Payment.objects.get().state == PaymentState.NOTHING_DUE


def test_a_late_cancellation_costs_the_share_of_what_was_to_be_paid(
    nord: Tenant, ben: Friend, clock: Coordinates
) -> None:
    Tenant.objects.filter(pk=nord.pk).update(cancellation_fees=FEES)
    nord.refresh_from_db()
    make_vouchers(nord)
    order = agree_on_date(nord, book(nord, payment={"method": "invoice"}, **CODE), ben)
    clock.shift(BOOKED_AHEAD - timedelta(hours=12))

    def by_customer(agreed: int) -> None:
        with tenant_context(nord):
            cancel_order(
                order_uuid=order.uuid, job_id=order.placed_job_id, tenant_id=nord.pk, side=Side.CUSTOMER,
                who=order.name, why="", agreed_fee_minor=agreed, now=now(),
            )  # fmt: skip

    with pytest.raises(CancellingCostsMore):
        by_customer(1_169)
    by_customer(1_170)

    # 30 % of EUR 39.00 by the customer and of EUR 10.00 by the partner: the friend gets theirs of EUR 14.70.
    fresh = whole(nord, order)
    assert (fresh.cancellation_fee_minor, fresh.fee_due_minor) == (1_470, 1_170)
    held = held_of(order)
    assert (held["customer"], held["partner"], earned_by(ben, order)) == (1_170, -300, 1_249)
    with tenant_context(nord):
        assert Bill.objects.get().gross_minor == 1_170
    assert used(nord) == 0


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"code": "OTHER1"}, "We do not know this code"),
        ({"begins_on": "tomorrow"}, "not valid yet"),
        ({"begins_on": "before", "ends_on": "yesterday"}, "has expired"),
        ({"currency": "CHF"}, "not valid for this package"),
        ({"least_price_minor": 5_000}, "valid from a price of €50.00"),
    ],
)
def test_a_code_that_does_not_count_says_why(
    nord: Tenant, ben: Friend, visitor: Client, terms: dict[str, Any], words: str
) -> None:
    today = now().date()
    days = {"tomorrow": today + timedelta(days=1), "yesterday": today - timedelta(days=1),
            "before": today - timedelta(days=9)}  # fmt: skip
    make_vouchers(nord, **{name: days.get(value, value) if isinstance(value, str) else value
                           for name, value in terms.items()})  # fmt: skip
    draft = start_booking(visitor)
    fill_in(visitor, draft)

    page = visitor.post(f"{draft}voucher/", {"code": "ada10"})

    assert page.status_code == 422
    assert words in text_of(page)
    assert 'value="ada10"' in page.content.decode()
    assert_valid_html(page)
    assert press(visitor, page, "Continue without it").status_code == 200
    with pytest.raises(UnableToPlaceOrder):
        book(nord, **CODE)


def test_the_customer_sees_the_price_before_and_after(nord: Tenant, ben: Friend, visitor: Client) -> None:
    make_vouchers(nord)
    draft = start_booking(visitor)
    fill_in(visitor, draft)

    page = press(visitor, visitor.get(f"{draft}review/"), "Use voucher", {"code": "Ada-10"})

    assert "Price €49.00 Voucher ADA10 − €10.00 You pay €39.00" in text_of(page)
    assert_valid_html(page)
    page = press(visitor, page, "Remove the voucher")
    assert "Total €49.00" in text_of(page)
    press(visitor, page, "Use voucher", {"code": "ADA10"})
    visitor.post(f"{draft}review/", EARLY_START, follow=True)
    with tenant_context(nord):
        order = Order.objects.get()
        path = f"/en/orders/{order_token(order.uuid)}/"
    assert "Voucher ADA10: − €10.00 You pay €39.00" in text_of(visitor.get(path))
    (mail,) = [one for one in deliver() if one.to == [order.email]]
    assert "Voucher ADA10" in mail.body
    assert "€39.00" in mail.body


def test_a_voucher_that_is_used_up_meanwhile_is_said_beside_the_field(
    nord: Tenant, ben: Friend, visitor: Client
) -> None:
    make_vouchers(nord)
    draft = start_booking(visitor)
    fill_in(visitor, draft)
    visitor.post(f"{draft}voucher/", {"code": "ADA10"})
    book(nord, **CODE)

    page = visitor.post(f"{draft}review/", EARLY_START)

    assert page.status_code == 422
    assert "This voucher has been used up." in text_of(page)
    with tenant_context(nord):
        assert Order.objects.count() == 1


def test_guessing_ends_after_a_few_codes(nord: Tenant, ben: Friend, visitor: Client) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)
    answers = {visitor.post(f"{draft}voucher/", {"code": f"GUESS{number}"}).status_code for number in range(20)}
    assert answers == {422, 429}


def test_a_customer_has_as_many_as_one_may_and_gets_one_back_with_the_order(nord: Tenant, ben: Friend) -> None:
    make_vouchers(nord, uses=5, uses_per_customer=1)
    first = book(nord, **CODE)
    with pytest.raises(UnableToPlaceOrder):
        book(nord, contact=ADA | {"email": ADA["email"].upper()}, **CODE)
    cancel(nord, first)
    cancel_twice = whole(nord, first)
    assert (cancel_twice.state, used(nord)) == (OrderState.CANCELLED, 0)
    book(nord, **CODE)
    assert used(nord) == 1


def test_who_pays_nothing_any_more_reads_of_no_amount_to_pay(nord: Tenant, ben: Friend, visitor: Client) -> None:
    make_vouchers(nord)
    order = book(nord, **CODE)
    with tenant_context(nord):
        path = f"/en/orders/{order_token(order.uuid)}/"
    assert "Voucher ADA10: − €10.00 You pay €39.00" in text_of(visitor.get(path))

    cancel(nord, order)

    page = text_of(visitor.get(path))
    assert "Voucher ADA10: − €10.00" in page
    assert "You pay" not in page


def test_an_order_that_is_not_paid_in_time_gives_its_voucher_back(nord: Tenant, ben: Friend, stripe: Stripe) -> None:
    make_vouchers(nord)
    order = book(nord, payment={"method": "card"}, **CODE)
    assert (order.state, used(nord)) == (OrderState.PAYING, 1)
    with tenant_context(nord):
        assert end_unpaid(order_uuid=order.uuid, now=now())
        assert not end_unpaid(order_uuid=order.uuid, now=now())
    assert used(nord) == 0


@given(
    price=st.integers(1, 100_000), covered=st.integers(0, 120_000), share=st.integers(0, 10_000),
    currency=st.sampled_from(["CHF", "EUR", "PLN"]),
)  # fmt: skip
def test_each_pays_the_share_of_their_own_part_and_nobody_more(
    price: int, covered: int, share: int, currency: str
) -> None:
    order = Order(currency=currency, price_minor=price, commission_bp=1_500, vat_bp=1_900, covered_minor=covered)
    fee = Fee.of(order, share)
    assert 0 <= fee.due_minor <= price - order.borne_minor
    assert 0 <= fee.partner_minor <= order.borne_minor
    assert fee.due_minor + fee.partner_minor == fee.split.price_minor
    if covered >= price:
        assert fee.due_minor == 0


@given(price=st.integers(0, 100_000), share=st.integers(1, 10_000), currency=st.sampled_from(["CHF", "EUR", "PLN"]))
def test_a_voucher_takes_off_whole_coins_and_never_more_than_the_price(price: int, share: int, currency: str) -> None:
    split = Split(currency=currency, price_minor=price, commission_bp=0)
    off = split.less_voucher(basis_points=share)
    assert 0 <= off <= price
    assert off == price or off % STEPS.get(currency, 1) == 0
    assert split.less_voucher(amount_minor=price + 1) == price


def test_a_stopped_campaign_leaves_orders_what_they_have(nord: Tenant, ben: Friend) -> None:
    campaign = make_vouchers(nord, uses=None)
    order = book(nord, **CODE)
    with tenant_context(nord):
        stop_campaign(campaign=campaign, now=now())
    with pytest.raises(UnableToPlaceOrder):
        book(nord, **CODE)
    assert whole(nord, order).due_minor == 3_900


def test_the_database_lets_no_code_be_used_more_often(nord: Tenant) -> None:
    make_vouchers(nord)
    with tenant_context(nord), transaction.atomic(), pytest.raises(IntegrityError, match="used_no_more_than_allowed"):
        Voucher.objects.update(used=2)


def test_the_partner_is_billed_for_its_vouchers(
    nord: Tenant, ben: Friend, clock: Coordinates, settings: Settings
) -> None:
    settings.PAYOUT_ACCOUNTS = {}
    make_vouchers(nord)
    order = book(nord, payment={"method": "invoice"}, **CODE)
    bring_on_site(order, ben)
    close(order, ben)
    confirm(nord, order)
    clock.shift(timedelta(days=8))
    with platform_context():
        (invoice,) = bill_partner(nord, now=now())
    (line,) = invoice.lines
    assert (line["kind"], line["code"], line["price_minor"], line["gross_minor"]) == ("voucher", "ADA10", 4_900, 1_000)


def test_a_manager_makes_a_batch_that_nobody_can_guess(nord: Tenant, manager_client: Client) -> None:
    page = manager_client.get("/admin/vouchers/new/")
    typed = {"name": "Autumn", "kind": "percent", "percent": "20", "count": "50", "code": "", "uses": "1"}
    made = press(manager_client, page, "Create the vouchers", typed)
    assert made.status_code == 200
    with tenant_context(nord):
        campaign = Campaign.objects.get()
        codes = list(campaign.vouchers.values_list("code", flat=True))
    assert (campaign.basis_points, len(set(codes))) == (2_000, 50)
    assert {len(code) for code in codes} == {10}
    assert set("".join(codes)) <= set(ALPHABET)
    rows = manager_client.get(f"/admin/vouchers/{campaign.pk}/csv/").content.decode().splitlines()
    assert (rows[0], len(rows)) == ("code,uses,used", 51)
    stopped = press(manager_client, made, "Stop")
    assert "Stopped" in text_of(stopped)
    assert "Autumn" in text_of(manager_client.get("/admin/vouchers/"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"kind": "amount", "amount": "0"}, "an amount above zero"),
        ({"kind": "amount", "amount": "ten"}, "an amount such as"),
        ({"kind": "percent", "percent": "101"}, "a number from 1 to 100"),
        ({"kind": "amount", "amount": "5", "ends_on": "2026-01-01"}, "cannot be before the first"),
        ({"kind": "amount", "amount": "5", "code": "Ä!"}, "4 to 20 letters and digits"),
        ({"kind": "amount", "amount": "5", "code": "ADA10"}, "exists already"),
        ({"kind": "amount", "amount": "5", "code": "ADA11", "count": "2"}, "the number of codes is 1"),
    ],
)
def test_a_campaign_that_makes_no_sense_says_why(
    nord: Tenant, manager_client: Client, typed: dict[str, str], words: str
) -> None:
    make_vouchers(nord)
    page = press(
        manager_client, manager_client.get("/admin/vouchers/new/"), "Create the vouchers", {"name": "X"} | typed
    )
    assert page.status_code == 422
    assert words in text_of(page)
    with tenant_context(nord):
        assert Campaign.objects.count() == 1


def test_a_voucher_of_other_packages_does_not_count(nord: Tenant, ben: Friend) -> None:
    with tenant_context(nord):
        other = Package.objects.create(slug="tv", name_en="TV", minutes=30, skills=["tv"], is_open=False)
    make_vouchers(nord, packages=[other])
    with pytest.raises(UnableToPlaceOrder):
        book(nord, **CODE)
    with tenant_context(nord):
        assert not Redemption.objects.exists()


def test_the_database_bounds_what_the_partner_pays(nord: Tenant, ben: Friend) -> None:
    make_vouchers(nord)
    order = book(nord, payment={"method": "invoice"}, **CODE)
    bounds: list[tuple[str, dict[str, Any]]] = [
        ("order_partner_bears_what_was_said", {"partner_pays_minor": 900}),
        ("order_partner_bears_what_was_said", {"covered_minor": 0, "partner_pays_minor": 0}),
        ("order_partner_pays_within_fee", {"state": OrderState.CANCELLED, "cancellation_fee_minor": 999}),
    ]
    with tenant_context(nord):
        for name, changed in bounds:
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                Order.objects.filter(pk=order.pk).update(**changed)


def test_the_page_asks_for_nothing_after_a_refund(nord: Tenant, ben: Friend, visitor: Client) -> None:
    make_vouchers(nord)
    order = book(nord, payment={"method": "invoice"}, **CODE)
    bring_on_site(order, ben)
    close(order, ben)
    with tenant_context(nord):
        page = f"/en/orders/{order_token(order.uuid)}/"
    assert "You pay €39.00" in text_of(visitor.get(page))

    object_and_settle(nord, order, ObjectionOutcome.REFUND)

    assert "You pay" not in text_of(visitor.get(page))


def test_extra_work_after_a_price_below_the_voucher_costs_the_customer_only_the_rest() -> None:
    order = Order(currency="EUR", price_minor=800, covered_minor=1_000, payment_method="card")
    assert order.own_difference(800, 2_300) == 1_300
    assert order.own_difference(2_300, 800) == -1_300


def test_the_mail_about_extra_work_says_what_is_left_to_pay(nord: Tenant, ben: Friend) -> None:
    make_vouchers(nord)
    order = book(nord, payment={"method": "invoice"}, **CODE)
    bring_on_site(order, ben)
    extra = propose_extra(
        job_id=order.placed_job_id, friend_id=ben.pk, words="A cable", minutes=10, change_minor=1_500, now=now()
    )
    asked = [one for one in deliver() if "proposes a new price" in one.subject]
    with tenant_context(nord):
        accept_extra(order=order, extra_id=extra.pk, now=now())
    agreed = [one for one in deliver() if one.subject.startswith("New price of your order")]

    for mail in (*asked, *agreed):
        assert "New final price: €64.00" in mail.body
        assert "You pay: €54.00" in mail.body
    assert len(asked) == len(agreed) == 1


def test_a_code_is_one_campaigns_alone(nord: Tenant) -> None:
    make_vouchers(nord)
    with pytest.raises(CodeTaken):
        make_vouchers(nord)
