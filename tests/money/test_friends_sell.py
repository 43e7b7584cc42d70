"""Where the friend who does the work is the seller: their papers, numbers and VAT, and the commission's invoice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client, override_settings
from time_machine import Coordinates

from billing.models import Bill
from billing.selectors import bills_of
from catalog.models import Package
from crowd.models import FormerSellerProfile, Friend
from crowd.selling import enter_seller_profile
from dispatch.models import Considered, Offer
from dues.services import keep_drawing
from journeys.money.incoming.bill_partner import bill_partner
from journeys.money.payouts.pay_out import enter_account
from kernel.clock import now
from ledger import chart
from ledger.selectors import balance_of
from orders.models import Order
from payouts.models import CommissionInvoice
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tenants.services import change_settings
from tenants.settings.sellers import seller_faults
from tests.billing.papers import codes_of, text_of
from tests.billing.sellers import IBANS, seller
from tests.billing.test_bills import confirm, pdfs
from tests.cast import Cast, book, deliver
from tests.pages import assert_valid_html
from tests.payouts.money import GERMAN, weekly
from tests.ratings import finish

PLATFORM = {
    "name": "Quartett Plattform GmbH",
    "street": "Musterstrasse 1",
    "postal_code": "10115",
    "town": "Berlin",
    "country": "DE",
    "tin": "26954371827",
    "vat_id": "DE136695976",
}
SELLING = "/en/payouts/selling/"
TYPED = {
    "name": "Ben's Netze",
    "street": "Torstraße 9",
    "postal_code": "10119",
    "town": "Berlin",
    "country": "DE",
    "is_small_business": "on",
    "vat_id": "",
    "agrees": "on",
}

SWISS = {"country": "CH", "postal_code": "8001", "town": "Zürich"}


@pytest.fixture(autouse=True)
def _operator() -> Iterator[None]:
    with override_settings(TAX_OPERATOR=PLATFORM):
        yield


@pytest.fixture
def sold_by_friends(nord: Tenant) -> Tenant:
    """Return Nord, whose customers in Germany have their contract with whoever does the work."""
    named = seller("DE", name=PLATFORM["name"], street=PLATFORM["street"], kind="friend")
    return change_settings(tenant=nord, who="Olga", now=now(), sellers={"DE": named})


def sells(friend: Friend, **said: Any) -> None:
    """Let a friend say as whom they sell: a small business, if nothing else is said."""
    usual: dict[str, Any] = {name: TYPED[name] for name in ("street", "postal_code", "town", "country", "vat_id")}
    usual |= {"name": str(friend), "is_small_business": True}
    enter_seller_profile(friend_id=friend.pk, now=now(), **(usual | said))


def bill_of(tenant: Tenant, order: Order) -> Bill:
    """Return the only bill of an order."""
    with tenant_context(tenant):
        (bill,) = bills_of(order)
    return bill


def done(tenant: Tenant, friend: Friend, **steps: Any) -> Order:
    """Return an order whose work a friend has done and the customer confirmed."""
    order = finish(book(tenant, **steps), friend)
    confirm(tenant, order)
    return order


def test_only_friends_who_can_sell_are_asked_and_the_others_read_why(sold_by_friends: Tenant, four_near: Cast) -> None:
    sells(four_near["Cem"])

    order = book(sold_by_friends)

    asked = Offer.objects.filter(job__order_id=order.uuid).values_list("friend_id", flat=True)
    assert list(asked) == [four_near["Cem"].pk]
    left_out = Considered.objects.get(wave__job__order_id=order.uuid, friend_id=four_near["Ben"].pk)
    assert left_out.left_out == ["seller"]


def test_the_invoice_is_the_friends_and_the_money_goes_to_the_platform(
    sold_by_friends: Tenant, four_near: Cast
) -> None:
    ben = four_near["Ben"]
    sells(ben, name="Ben's Netze")

    order = done(sold_by_friends, ben, payment={"method": "invoice"})

    bill = bill_of(sold_by_friends, order)
    assert bill.number == f"NORD-DE-{ben.pk.hex[:10].upper()}-2026-00001"
    assert (bill.seller["name"], bill.seller["iban"], bill.vat_minor) == ("Ben's Netze", IBANS["DE"], 0)
    ((_name, content),) = pdfs(deliver())
    text = text_of(content)
    for words in (
        "Torstraße 9, 10119 Berlin",
        "small business under section 19",
        "Issued by Quartett Plattform GmbH",
        "in the name and on behalf of Ben's Netze",
    ):
        assert words in text
    assert "Quartett Plattform GmbH" in codes_of(content)[0]


def test_who_charges_vat_has_it_on_their_papers_by_the_country(sold_by_friends: Tenant, four_near: Cast) -> None:
    sells(four_near["Ben"], is_small_business=False, vat_id="DE 136 695 976")

    bill = bill_of(sold_by_friends, done(sold_by_friends, four_near["Ben"]))

    assert (bill.kind, bill.vat_bp, bill.vat_minor, bill.seller["vat_id"]) == ("receipt", 1900, 782, "DE136695976")


def test_each_friend_has_numbers_of_their_own_without_a_gap(sold_by_friends: Tenant, four_near: Cast) -> None:
    ben, cem = four_near["Ben"], four_near["Cem"]
    sells(ben)
    sells(cem)

    numbers = [bill_of(sold_by_friends, done(sold_by_friends, one)).number for one in (ben, cem, ben)]

    assert [number.rpartition("-")[2] for number in numbers] == ["00001", "00001", "00002"]
    assert numbers[0].rpartition("-")[0] == numbers[2].rpartition("-")[0] != numbers[1].rpartition("-")[0]


def test_the_platform_sells_where_the_friends_details_were_of_another_country_when_the_work_was_done(
    sold_by_friends: Tenant, four_near: Cast
) -> None:
    ben = four_near["Ben"]
    sells(ben)
    enter_account(friend_id=ben.pk, holder="Ben Muster", iban=GERMAN, now=now())
    order = book(sold_by_friends, payment={"method": "invoice"})
    sells(ben, **SWISS)

    confirm(sold_by_friends, finish(order, ben))

    bill = bill_of(sold_by_friends, order)
    assert (bill.number, bill.seller["kind"]) == ("Q-NORD-DE-2026-00001", "platform")
    assert (bill.seller["name"], bill.issuer) == (PLATFORM["name"], {})
    assert len(weekly()) == 1
    assert not CommissionInvoice.objects.exists()


def test_who_moves_after_the_work_has_sold_it_all_the_same(
    sold_by_friends: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    ben = four_near["Ben"]
    sells(ben, name="Ben's Netze")
    enter_account(friend_id=ben.pk, holder="Ben Muster", iban=GERMAN, now=now())
    order = finish(book(sold_by_friends, payment={"method": "invoice"}), ben)
    clock.shift(timedelta(hours=1))
    sells(ben, **SWISS)

    confirm(sold_by_friends, order)

    bill = bill_of(sold_by_friends, order)
    assert (bill.seller["kind"], bill.seller["name"]) == ("friend", "Ben's Netze")
    (payout,) = weekly()
    invoice = CommissionInvoice.objects.get(payout=payout)
    assert ([line["order"] for line in invoice.lines], invoice.buyer["country"]) == ([order.number], "CH")
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        FormerSellerProfile.objects.update(name="Somebody")


def test_what_a_partner_pays_of_a_small_business_has_no_vat(
    sold_by_friends: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    ben = four_near["Ben"]
    sells(ben)
    with tenant_context(sold_by_friends):
        Package.objects.update(is_paid_by_partner=True)
    done(sold_by_friends, ben, payment={})
    clock.shift(timedelta(hours=1))
    sells(ben, is_small_business=False, vat_id="DE136695976")
    clock.move_to(datetime(2026, 12, 1, 6, tzinfo=UTC))

    with platform_context():
        (invoice,) = bill_partner(sold_by_friends, now=now())
        text = text_of(keep_drawing(invoice.pk))

    assert (invoice.vat_minor, invoice.gross_minor) == (0, 4_900)
    assert "Verkäufer ist der Friend" in " ".join(text.split()), "in Nord's language"


def test_an_order_keeps_the_seller_of_its_booking(sold_by_friends: Tenant, four_near: Cast) -> None:
    sells(four_near["Ben"])
    order = finish(book(sold_by_friends, payment={"method": "invoice"}), four_near["Ben"])
    change_settings(tenant=sold_by_friends, who="Olga", now=now(), sellers={"DE": seller("DE")})

    confirm(sold_by_friends, order)

    assert bill_of(sold_by_friends, order).seller["kind"] == "friend"


def test_the_commission_is_invoiced_on_the_payouts_statement_as_the_books_have_it(
    sold_by_friends: Tenant, four_near: Cast, friend_client: Client
) -> None:
    ben = four_near["Ben"]
    sells(ben)
    enter_account(friend_id=ben.pk, holder="Ben Muster", iban=GERMAN, now=now())
    for _job in range(2):
        done(sold_by_friends, ben, payment={"method": "invoice"})
    net, vat = balance_of(chart.PLATFORM, "EUR"), balance_of(chart.VAT, "EUR")

    (payout,) = weekly()

    invoice = CommissionInvoice.objects.get(payout=payout)
    assert (invoice.number, len(invoice.lines)) == ("Q-C-2026-000001", 2)
    assert (invoice.net_minor, invoice.vat_minor) == (net, vat)
    assert invoice.vat_by_rate == [(1900, vat)]
    text = text_of(friend_client.get(f"/en/payouts/{payout.pk}/pdf/").content)
    for words in ("Invoice Q-C-2026-000001 for the commission", "Quartett Plattform GmbH", "DE136695976", "Ben Muster"):
        assert words in text
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        CommissionInvoice.objects.update(net_minor=0)


def test_what_a_partner_has_sold_is_on_no_invoice_to_the_friend(nord: Tenant, four_near: Cast) -> None:
    ben = four_near["Ben"]
    sells(ben)
    enter_account(friend_id=ben.pk, holder="Ben Muster", iban=GERMAN, now=now())
    done(nord, ben, payment={"method": "invoice"})

    assert len(weekly()) == 1

    assert not CommissionInvoice.objects.exists()


def test_the_app_says_what_is_missing_and_takes_it(
    sold_by_friends: Tenant, four_near: Cast, friend_client: Client
) -> None:
    ben = four_near["Ben"]
    missing = "You get no offers from Nord yet"
    for path in ("/en/payouts/", "/en/why/", SELLING):
        page = friend_client.get(path)
        assert missing in page.content.decode(), path
        assert_valid_html(page)

    refused = friend_client.post(SELLING, TYPED | {"is_small_business": "", "vat_id": ""})

    assert refused.status_code == 422
    assert "Please enter your VAT number" in refused.content.decode()
    assert "Torstraße 9" in refused.content.decode()
    wrong = friend_client.post(SELLING, TYPED | {"vat_id": "DE136695975"})
    assert "This is not a valid VAT number" in wrong.content.decode()
    silent = friend_client.post(SELLING, {name: text for name, text in TYPED.items() if name != "agrees"})
    assert "without it nobody can invoice for you" in silent.content.decode()
    ben.refresh_from_db()
    assert ben.sells_in == ""

    assert friend_client.post(SELLING, TYPED).status_code == 302

    ben.refresh_from_db()
    assert (ben.sells_in, ben.seller_profile.name) == ("DE", "Ben's Netze")
    assert missing not in friend_client.get("/en/payouts/").content.decode()


def test_friends_sell_only_where_the_platform_can_invoice_them() -> None:
    parts = seller("DE", kind="friend")
    assert seller_faults(parts, sells_in="DE") == {}

    with override_settings(TAX_OPERATOR={}):
        assert list(seller_faults(parts, sells_in="DE")) == ["kind"]
