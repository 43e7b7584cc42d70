"""Operators say who sells in each country of a partner, and managers read it."""

import pytest
from django.test import Client

from accounts.models import Kind, User
from tenants.models import Tenant
from tenants.selectors import history
from tests.billing.sellers import IBANS, SEATS, name_sellers
from tests.cast import PASSWORD
from tests.pages import press, text_of

PATH = "/en/operators/partners/nord/settings/"
SAVE = "Save the settings"
TYPED = {f"seller_DE_{part}": text for part, text in SEATS["DE"].items()}


@pytest.fixture
def operator_client(db: None) -> Client:
    """Return an operator, signed in on the platform host."""
    olga = User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga")
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    return client


def test_an_operator_names_the_seller_and_the_account(operator_client: Client, nord: Tenant) -> None:
    page = operator_client.get(PATH)
    assert "Company on invoices (Germany)" in text_of(page)

    press(
        operator_client, page, SAVE, TYPED | {"seller_DE_iban": "de89 3704 0044 0532 0130 00", "seller_DE_days": "14"}
    )

    nord.refresh_from_db()
    assert nord.sellers == {"DE": SEATS["DE"] | {"country": "DE", "iban": IBANS["DE"], "days": 14}}
    change = history(nord).get()
    assert (change.field, change.before) == ("sellers", {})
    last = text_of(operator_client.get("/en/operators/partners/nord/history/"))
    assert "Germany: Nord Technik GmbH, Invalidenstraße 4, 10115, Berlin, Germany, DE89370400440532013000" in last


def test_a_wrong_account_or_vat_number_is_said_beside_its_field(operator_client: Client, nord: Tenant) -> None:
    page = operator_client.get(PATH)

    wrong = {"seller_DE_iban": "DE89 3704 0044 0532 0130 01", "seller_DE_vat_id": "DE136695977"}
    again = press(operator_client, page, SAVE, TYPED | wrong)

    assert again.status_code == 422
    assert again.context["form"].errors.keys() == {"seller_DE_iban", "seller_DE_vat_id"}
    assert "Please check it digit by digit" in text_of(again)
    assert "This is not a valid VAT number." in text_of(again)


def test_saving_something_else_leaves_the_sellers_as_they_are(operator_client: Client, nord: Tenant) -> None:
    before = name_sellers(nord).sellers

    press(operator_client, operator_client.get(PATH), SAVE, {"seller_DE_town": "Potsdam"})

    nord.refresh_from_db()
    assert nord.sellers == before | {"DE": {**before["DE"], "town": "Potsdam"}}


def test_a_manager_reads_and_does_not_change_it(manager_client: Client, nord: Tenant) -> None:
    name_sellers(nord)
    page = manager_client.get("/admin/partner-settings/")

    assert "Germany: Nord Technik GmbH" in text_of(page)
    assert not [field for field in page.context["form"].fields if field.startswith("seller_")]
