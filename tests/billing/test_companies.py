"""Companies that book: what they may say, where it stands, and what happens to what is wrong."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from billing.selectors import bills_of
from orders.companies import Company, company_errors, read_company
from orders.models import Order
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.billing.sellers import name_sellers
from tests.cast import ADA, Cast, deliver
from tests.pages import EARLY_START, fill_in, press, start_booking, text_of
from tests.ratings import finish

AUSTRIAN = {"company": "Öttl & Söhne KG", "vat_id": "atu 13585627"}


@pytest.mark.parametrize(
    ("country", "typed", "clean"),
    [
        ("DE", "136 695 976", "DE136695976"),
        ("DE", "de136695976", "DE136695976"),
        ("AT", "U13585627", "ATU13585627"),
        ("PL", "856-734-62-15", "PL8567346215"),
        ("CH", "CHE-116.281.710 MWST", "CHE116281710"),
        ("DE", "FR 40 303 265 045", "FR40303265045"),
        ("CH", "EL 094259216", "EL094259216"),
    ],
)
def test_a_vat_number_is_its_countrys_or_says_of_which_it_is(country: str, typed: str, clean: str) -> None:
    contact = {"company": "Lac Bleu SA", "vat_id": typed}

    assert company_errors(contact, country) == {}
    assert read_company(contact, country) == Company("Lac Bleu SA", clean)


@pytest.mark.parametrize(
    ("contact", "wrong"),
    [
        ({"company": "A", "vat_id": "DE136695977"}, {"vat_id"}),
        ({"company": "A", "vat_id": "FR 40 303 265 046"}, {"vat_id"}),
        ({"company": "A", "leitweg_id": "04011000-12345-04"}, {"leitweg_id"}),
        ({"company": "A", "leitweg_id": "somewhere"}, {"leitweg_id"}),
        ({"vat_id": "DE136695976"}, {"company"}),
        ({"company": "A" * 121}, {"company"}),
        ({"company": "A", "leitweg_id": "04011000-12345-03"}, set()),
        ({}, set()),
    ],
)
def test_what_is_wrong_is_said_at_its_field(contact: dict[str, str], wrong: set[str]) -> None:
    assert set(company_errors(contact, "DE")) == wrong


def test_only_germany_knows_the_leitweg_id() -> None:
    contact = {"company": "A", "leitweg_id": "somewhere"}

    assert company_errors(contact, "AT") == {}
    assert read_company(contact, "AT") == Company("A")


def test_a_company_books_over_the_pages_and_finds_itself_on_its_papers(
    visitor: Client, friend_client: Client, nord: Tenant, four_near: Cast
) -> None:
    name_sellers(nord)
    draft = start_booking(visitor)
    fill_in(visitor, draft)
    contact = visitor.get(f"{draft}contact/?review")
    refused = press(visitor, contact, "Continue", ADA | AUSTRIAN | {"vat_id": "ATU13585628"})
    assert refused.status_code == 422
    assert "This is not a valid VAT number." in text_of(refused)
    review = press(visitor, refused, "Continue", AUSTRIAN)
    assert "Öttl & Söhne KG ATU13585627" in text_of(review)
    assert "your company owes it (reverse charge)" in text_of(review)

    press(visitor, review, "Order with obligation to pay")

    with tenant_context(nord):
        order = Order.objects.get()
        assert (order.company, order.vat_id) == ("Öttl & Söhne KG", "ATU13585627")
        assert order.payment.amount_minor == order.price_minor == 4900
    assert any("Öttl & Söhne KG" in mail.body for mail in deliver() if mail.to == [ADA["email"]])
    finish(order, four_near["Ben"])
    assert "Öttl & Söhne KG" in text_of(friend_client.get(f"/en/jobs/{order.placed_job_id}/"))
    with tenant_context(nord):
        (receipt,) = bills_of(order)
    assert (receipt.vat_mode, receipt.vat_minor, receipt.gross_minor) == ("reverse_charge", 0, 4900)


def test_the_database_keeps_numbers_of_companies_alone(nord: Tenant, four_near: Cast, visitor: Client) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)
    visitor.post(f"{draft}review/", EARLY_START)
    with tenant_context(nord), pytest.raises(IntegrityError, match="order_of_company_names_it"), transaction.atomic():
        Order.objects.update(vat_id="ATU13585627")
