"""Amounts as people of our countries type them (R26, R27)."""

import re

import pytest

from kernel.typed.amounts import read_amount


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("45", "EUR", 4500),
        ("45,5", "EUR", 4550),
        ("45,00", "EUR", 4500),
        ("45.00 €", "EUR", 4500),
        ("€ 45", "EUR", 4500),
        ("1.234,50", "EUR", 123450),
        ("1,234.50", "EUR", 123450),
        ("1.234", "EUR", 123400),
        ("1 234,50 zł", "PLN", 123450),
        ("1\N{NARROW NO-BREAK SPACE}234,50", "PLN", 123450),
        ("1'234.50", "CHF", 123450),
        ("1\N{RIGHT SINGLE QUOTATION MARK}234.50", "CHF", 123450),
        ("CHF 45.–", "CHF", 4500),
        ("Fr. 45.--", "CHF", 4500),
        ("1.234.567", "EUR", 123456700),
    ],
)
def test_an_amount_is_read_as_it_is_written(typed: str, currency: str, minor: int) -> None:
    assert read_amount(typed, currency).minor == minor


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("", "EUR"),
        ("x", "EUR"),
        ("45 CHF", "EUR"),
        ("45.1234", "CHF"),
        ("1,2,3", "EUR"),
        ("1,234,50", "EUR"),
        ("1.23.456", "EUR"),
        ("-45", "EUR"),
        ("4e5", "EUR"),
        ("45,03", "CHF"),
        ("²", "EUR"),
    ],
)
def test_what_is_no_amount_is_refused(typed: str, currency: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(typed)}$"):
        read_amount(typed, currency)
