"""Figures of bills add up to the minor unit, whatever the price, the rate and the mode."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as some

from billing.figures import figures_of, vat_mode_of
from billing.kinds import VatMode
from tenants.settings.sellers import Seller
from tests.billing.sellers import seller

PRICES, RATES = some.integers(0, 10_000_000), some.sampled_from([0, 260, 380, 770, 810, 1600, 1900, 2000, 2300])


@given(price=PRICES, rate=RATES, mode=some.sampled_from(VatMode.values))
def test_net_and_vat_are_the_gross(price: int, rate: int, mode: str) -> None:
    figures = figures_of(price, currency="CHF", vat_bp=rate, mode=mode)

    assert figures.net_minor + figures.vat_minor == figures.gross_minor
    assert min(figures.net_minor, figures.vat_minor) >= 0


@given(price=PRICES, rate=RATES)
def test_the_customer_pays_the_price_and_its_vat_is_right_to_half_a_unit(price: int, rate: int) -> None:
    figures = figures_of(price, currency="CHF", vat_bp=rate, mode=VatMode.STANDARD)

    assert figures.gross_minor == price
    # In ten-thousandths: VAT of the net price, apart from the rounding of one figure.
    assert abs(figures.vat_minor * 10_000 - figures.net_minor * rate) <= (10_000 + rate) / 2


@given(price=PRICES, rate=RATES)
def test_no_vat_is_shown_where_none_is_charged(price: int, rate: int) -> None:
    small = figures_of(price, currency="CHF", vat_bp=rate, mode=VatMode.SMALL_BUSINESS)
    reverse = figures_of(price, currency="CHF", vat_bp=rate, mode=VatMode.REVERSE_CHARGE)

    assert (small.gross_minor, small.vat_minor, small.vat_bp) == (price, 0, 0)
    assert reverse == small


def test_a_business_in_another_country_of_the_union_owes_the_vat_itself() -> None:
    german, swiss = Seller(**seller("DE")), Seller(**seller("CH"))

    assert vat_mode_of(german, "ATU13585627") == VatMode.REVERSE_CHARGE
    assert vat_mode_of(german, "EL094259216") == VatMode.REVERSE_CHARGE
    assert vat_mode_of(german, "") == VatMode.STANDARD
    assert vat_mode_of(german, "DE136695976") == VatMode.STANDARD
    assert vat_mode_of(german, "CHE123456788") == VatMode.STANDARD
    assert vat_mode_of(swiss, "ATU13585627") == VatMode.STANDARD
    assert vat_mode_of(replace(german, is_small_business=True), "ATU13585627") == VatMode.SMALL_BUSINESS
