"""What it costs and who gets what, for everybody on the brand site (R12, R21)."""

from datetime import date

import pytest
from django.test import Client

from kernel.clock import now
from tenants.models import Commission, Tenant
from tenants.services import change_settings
from tests.cast import put_in_category
from tests.pages import assert_valid_html, press, text_of

PACKAGE = "/en/packages/wifi-setup/"
COSTS = "/en/costs/"


@pytest.fixture
def visitor(nord: Tenant) -> Client:
    """Return somebody on Nord's site."""
    return Client(headers={"host": "nord.localhost"})


@pytest.mark.parametrize("words", ["What it costs and who gets what", "Who gets what of this price"])
def test_a_package_leads_to_who_gets_what(visitor: Client, words: str) -> None:
    page = press(visitor, visitor.get(PACKAGE), words)

    assert_valid_html(page)
    assert page.request["PATH_INFO"] == COSTS
    assert "Wi-Fi set-up €49.00 €7.35 (15%) €41.65" in text_of(page)


def test_a_price_goes_in_and_three_figures_come_out(visitor: Client) -> None:
    typed = {"price": "99.99", "package": "wifi-setup", "country": "DE"}

    page = press(visitor, visitor.get(COSTS), "Calculate", typed)

    assert_valid_html(page)
    assert "The customer pays €99.99 Commission 15% €15.00 The friend gets €84.99" in text_of(page)


def test_the_calculator_goes_by_the_package(visitor: Client, nord: Tenant) -> None:
    Commission.objects.create(tenant=nord, package_slug="wifi-setup", country="DE", basis_points=1_000)

    page = press(visitor, visitor.get(COSTS), "Calculate", {"price": "50", "package": "wifi-setup", "country": "DE"})

    assert "Commission 10% €5.00 The friend gets €45.00" in text_of(page)


def test_a_categorys_rate_counts_for_its_packages_and_stands_there_by_name(visitor: Client, nord: Tenant) -> None:
    put_in_category("wifi", "network")
    Commission.objects.create(tenant=nord, category="network", basis_points=1_000)
    Commission.objects.create(tenant=nord, category="tv", basis_points=900)

    page = press(visitor, visitor.get(COSTS), "Calculate", {"price": "50", "package": "wifi-setup", "country": "DE"})

    text = text_of(page)
    assert "Commission 10% €5.00 The friend gets €45.00" in text
    assert "Wi-Fi set-up €49.00 €4.90 (10%) €44.10" in text
    assert "Wi-Fi and network since the beginning 10%" in text


@pytest.mark.parametrize("price", ["", "much", "0", "-5", "99999999999"])
def test_a_wrong_price_is_said_beside_the_field(visitor: Client, price: str) -> None:
    page = press(visitor, visitor.get(COSTS), "Calculate", {"price": price, "country": "DE"})

    assert_valid_html(page)
    assert "Please enter a price such as €60.00." in text_of(page)
    assert "The friend gets €" not in text_of(page)


def test_all_rates_stand_there_with_their_days(visitor: Client, nord: Tenant) -> None:
    change_settings(tenant=nord, who="Olga", now=now(), commission_bp=1_800)
    for row in (
        {"basis_points": 900, "valid_until": date(2026, 11, 1)},
        {"basis_points": 1_000, "valid_from": date(2026, 11, 1), "valid_until": date(2026, 12, 20)},
        {"basis_points": 1_200, "valid_from": date(2026, 12, 20)},
    ):
        Commission.objects.create(tenant=nord, package_slug="wifi-setup", country="DE", **row)

    text = text_of(visitor.get(COSTS))

    for words in (
        "All jobs from 24 November 2026 18%",
        "All jobs Over until 23 November 2026 15%",
        "Wi-Fi set-up, Germany Over until 31 October 2026 9%",
        "Wi-Fi set-up, Germany from 1 November 2026 until 19 December 2026 10%",
        "Wi-Fi set-up, Germany Planned from 20 December 2026 12%",
        "There is no commission on material, travel and tips.",
    ):
        assert words in text


def test_friends_read_the_same_in_their_handbook(nord: Tenant) -> None:
    client = Client(headers={"host": "app.localhost"})

    handbook = press(client, client.get("/en/handbook/"), "Nord")
    page = press(client, handbook, "Calculate", {"price": "99.99", "country": "DE"})

    assert_valid_html(page)
    assert "Commission 15% €15.00 The friend gets €84.99" in text_of(page)
    assert "All rates, with their history" in text_of(page)
