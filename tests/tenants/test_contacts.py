"""A partner in several countries tells its readers their own country's phone number and address."""

import re

import pytest
from django.test import Client

from catalog.models import Package, Price
from kernel.clock import now
from orders.models import Order
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import history
from tenants.services import change_settings
from tenants.settings.contacts import Contact, contact_for
from tests.cast import book, deliver, sign_in_staff
from tests.console.test_settings import PATH, posted
from tests.pages import press, text_of

GERMAN = ("+49 800 000 0000", "Weg 1, 10115 Berlin")
POLISH = ("+48 800 000 000", "ul. Polna 1, 00-001 Warszawa")


@pytest.fixture
def in_two_countries(nord: Tenant) -> Tenant:
    """Let Nord serve Poland too, in Polish, with a contact there."""
    with tenant_context(nord):
        package = Package.objects.get(slug="wifi-setup")
        Price.objects.create(package=package, country="PL", currency="PLN", amount_minor=19900)
    return change_settings(
        tenant=nord,
        who="Maja Nord",
        now=now(),
        languages=["de", "en", "pl"],
        countries=["DE", "PL"],
        phone=GERMAN[0],
        address=GERMAN[1],
        country_contacts={"PL": {"phone": POLISH[0], "address": POLISH[1]}},
    )


def assert_tells(text: str, *, told: tuple[str, str], hidden: tuple[str, str]) -> None:
    """Fail where a text lacks one contact or holds the other; groups of digits are compared without their gaps."""
    plain = re.sub(r"(?<=\d)[\s\u00a0\u202f]+(?=\d)", "", text)
    for part in told:
        assert re.sub(r"(?<=\d)\s+(?=\d)", "", part) in plain
    for part in hidden:
        assert re.sub(r"(?<=\d)\s+(?=\d)", "", part) not in plain


def test_the_orders_country_counts_before_the_place_and_the_place_before_the_language(
    in_two_countries: Tenant,
) -> None:
    german = Contact("hello@nord.example", *GERMAN)
    polish = Contact("hello@nord.example", *POLISH)

    assert contact_for(in_two_countries) == german
    assert contact_for(in_two_countries, language="pl") == polish
    assert contact_for(in_two_countries, place="DE", language="pl") == german
    assert contact_for(in_two_countries, order="PL", place="DE", language="de") == polish
    assert contact_for(in_two_countries, place="CH", language="pl") == polish


def test_a_language_counts_only_where_its_country_is_served(nord: Tenant) -> None:
    nord.country_contacts = {"PL": {"phone": POLISH[0]}}

    assert contact_for(nord, language="pl") == contact_for(nord)


def test_visitors_read_the_contact_of_their_language_and_of_the_country_they_choose(
    visitor: Client, in_two_countries: Tenant
) -> None:
    german = visitor.get("/de/packages/wifi-setup/?country=DE")
    assert_tells(text_of(german), told=GERMAN, hidden=POLISH)

    visitor.cookies.clear()
    polish = visitor.get("/pl/packages/wifi-setup/")
    assert_tells(text_of(polish), told=POLISH, hidden=GERMAN)

    chosen = press(visitor, polish, "Niemcy")
    assert_tells(text_of(chosen), told=GERMAN, hidden=POLISH)


def test_the_page_and_the_mails_of_an_order_tell_the_contact_of_its_country(
    visitor: Client, in_two_countries: Tenant, four_near: dict[str, object]
) -> None:
    order = book(in_two_countries)
    with tenant_context(in_two_countries):
        Order.objects.update(country="PL", postal_code="00-001")

    confirmation = next(one for one in deliver() if one.to == [order.email])
    link = next(word for word in confirmation.body.split() if "/orders/" in word)
    page = visitor.get(link.removeprefix("http://nord.localhost:8000"))

    assert_tells(confirmation.body, told=POLISH, hidden=GERMAN)
    assert_tells(confirmation.alternatives[0].content, told=POLISH, hidden=GERMAN)
    assert_tells(text_of(page), told=POLISH, hidden=GERMAN)


def test_a_manager_gives_a_country_its_contact_in_the_settings(visitor: Client, in_two_countries: Tenant) -> None:
    sign_in_staff(visitor, "manager@nord.example")
    page = visitor.get(PATH)
    for label in ("Contact phone (Germany)", "Contact phone (Poland)", "Postal address (Poland)"):
        assert label in text_of(page)

    typed = {"contact_PL_phone": "+48 800 111 111", "contact_PL_address": "", "contact_PL_email": "pl@nord.example"}
    saved = press(visitor, page, "Save the settings", typed)

    assert "The settings have been saved." in text_of(saved)
    in_two_countries.refresh_from_db()
    assert in_two_countries.country_contacts == {"PL": {"phone": "+48 800 111 111", "email": "pl@nord.example"}}
    assert contact_for(in_two_countries, language="pl") == Contact("pl@nord.example", "+48 800 111 111", GERMAN[1])
    last = visitor.get(f"{PATH}history/")
    assert "Poland: pl@nord.example, +48 800 111 111" in text_of(last)
    assert history(in_two_countries).first().field == "country_contacts"  # type: ignore[union-attr]


def test_a_wrong_address_for_mails_is_said_at_its_country(visitor: Client, in_two_countries: Tenant) -> None:
    sign_in_staff(visitor, "manager@nord.example")

    page = press(visitor, visitor.get(PATH), "Save the settings", {"contact_PL_email": "nobody"})

    assert page.status_code == 422
    assert page.context["form"].errors.keys() == {"contact_PL_email"}


def test_a_partner_in_one_country_is_asked_for_one_contact(manager_client: Client, nord: Tenant) -> None:
    page = manager_client.get(PATH)

    assert "Contact phone" in text_of(page)
    assert "Contact phone (Germany)" not in text_of(page)
    assert posted(nord)["phone"] == ""
