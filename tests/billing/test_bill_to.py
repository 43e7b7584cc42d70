"""Invoices that go elsewhere than the work: what may be typed, where it stands, and that papers go there."""

import pytest
from django.test import Client

from billing.selectors import bills_of
from orders.bill_to import BillTo, bill_to_errors, read_bill_to
from orders.models import Order
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.billing.papers import text_of as read_pdf
from tests.billing.sellers import name_sellers
from tests.billing.test_bills import confirm, pdfs
from tests.cast import ADA, Cast, book, deliver
from tests.pages import assert_valid_html, fill_in, press, start_booking, text_of
from tests.ratings import finish

OFFICE = {
    "bill_name": "Rechnungseingang",
    "bill_street": "Hauptplatz 7",
    "bill_postal_code": "1010",
    "bill_town": "Wien",
    "bill_country": "AT",
}


@pytest.mark.parametrize(
    ("contact", "wrong"),
    [
        ({}, set()),
        ({"bill_country": "AT"}, set()),
        (OFFICE, set()),
        (OFFICE | {"bill_name": ""}, set()),
        (OFFICE | {"bill_street": ""}, {"bill_street"}),
        ({"bill_name": "Rechnungseingang"}, {"bill_street", "bill_postal_code", "bill_town"}),
        (OFFICE | {"bill_country": "XX"}, {"bill_country"}),
        (OFFICE | {"bill_town": "W" * 121}, {"bill_town"}),
        (OFFICE | {"bill_street": "Hauptplatz\n7"}, {"bill_street"}),
    ],
)
def test_an_address_is_whole_or_there_is_none(contact: dict[str, str], wrong: set[str]) -> None:
    assert set(bill_to_errors(contact)) == wrong


def test_without_a_country_it_is_that_of_the_work() -> None:
    assert read_bill_to(OFFICE | {"bill_country": ""}, "DE").country == "DE"
    assert read_bill_to({"bill_country": "AT"}, "DE") == BillTo()


def test_it_is_typed_at_booking_and_what_is_wrong_keeps_what_was_typed(
    visitor: Client, nord: Tenant, four_near: Cast
) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)
    contact = visitor.get(f"{draft}contact/?review")

    refused = press(visitor, contact, "Continue", ADA | OFFICE | {"bill_town": ""})

    assert refused.status_code == 422
    assert "Please enter the whole address, or leave it empty." in text_of(refused)
    assert "Hauptplatz 7" in refused.content.decode()
    assert_valid_html(refused)
    review = press(visitor, refused, "Continue", OFFICE)
    assert "Hauptplatz 7, 1010 Wien, AT" in text_of(review)
    assert_valid_html(review)


def test_the_paper_goes_to_the_office_and_the_friend_to_the_customer(
    nord: Tenant, four_near: Cast, visitor: Client, friend_client: Client
) -> None:
    name_sellers(nord)
    order = finish(book(nord, payment={"method": "invoice"}, contact=ADA | OFFICE), four_near["Ben"])
    confirm(nord, order)

    ((_name, content),) = pdfs(deliver())

    text = read_pdf(content)
    assert "Rechnungseingang Hauptplatz 7 1010 Wien" in text
    assert "Invalidenstr. 1" not in text
    with tenant_context(nord):
        (bill,) = bills_of(order)
        assert (bill.country, bill.buyer["country"]) == ("DE", "AT")
        assert Order.objects.get().street == ADA["street"]
    job = friend_client.get(f"/en/jobs/{order.job_id}/").content.decode()
    assert ADA["street"] in job
    assert "Hauptplatz" not in job
