"""How long records are kept: never shorter than the law of the country wants, to the day."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from places.countries import COUNTRIES
from places.retention import PERIODS, SHORTEST_YEARS, Record, first_day_kept, kept_through, period_of

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
PAGE = Path(__file__).parents[2] / "docs/money/retention.md"


def test_every_country_of_the_platform_has_a_period_for_every_record() -> None:
    assert set(PERIODS) == set(COUNTRIES)
    assert all(set(periods) == set(Record) for periods in PERIODS.values())


@pytest.mark.parametrize(
    ("record", "country", "through"),
    [
        ("voucher", "DE", date(2034, 12, 31)),
        ("order", "DE", date(2032, 12, 31)),
        ("tax_report", "DE", date(2036, 12, 31)),
        ("voucher", "AT", date(2033, 12, 31)),
        ("voucher", "CH", date(2036, 12, 31)),
        # The tax of a year falls due in the next one, from whose end the five years run.
        ("voucher", "PL", date(2032, 12, 31)),
        ("voucher", "FR", date(2036, 12, 31)),
    ],
)
def test_a_period_ends_with_a_year(record: str, country: str, through: date) -> None:
    for day in (date(2026, 1, 1), date(2026, 11, 24), date(2026, 12, 31)):
        assert kept_through(Record(record), country, day) == through


@given(on=DAYS, country=st.sampled_from([*PERIODS, "FR"]), record=st.sampled_from(list(Record)))
def test_nothing_is_over_before_so_many_whole_years(on: date, country: str, record: Record) -> None:
    through = kept_through(record, country, on)

    assert through >= date(on.year + period_of(record, country).years, 12, 31) > on
    assert (through - on).days >= 365 * SHORTEST_YEARS


@given(on=DAYS, today=DAYS, country=st.sampled_from(list(PERIODS)), record=st.sampled_from(list(Record)))
def test_the_first_day_kept_parts_what_is_over_from_what_is_not(
    on: date, today: date, country: str, record: Record
) -> None:
    is_over = kept_through(record, country, on) < today

    assert (on < first_day_kept(record, country, today)) == is_over


def test_the_database_deletes_nothing_that_any_country_wants_kept() -> None:
    assert SHORTEST_YEARS == 5
    for path in (
        "billing/migrations/0009_deleted_after_its_period",
        "payouts/migrations/0005_invoices_stay_for_their_period",
    ):
        assert f"interval '{SHORTEST_YEARS} years'" in (Path("platform") / f"{path}.py").read_text()


def test_the_page_says_what_the_table_says() -> None:
    rows = re.findall(r"^\| (\w\w) \| (\w+) \| (\d+)( and one more)? \| (.+) \|$", PAGE.read_text(), re.MULTILINE)

    assert {(country, record): (int(years), bool(late), law) for country, record, years, late, law in rows} == {
        (country, record.value): (period.years, period.is_after_tax_is_due, period.law)
        for country, periods in PERIODS.items()
        for record, period in periods.items()
    }


def test_a_day_later_the_oldest_year_goes() -> None:
    last = kept_through(Record.VOUCHER, "DE", date(2026, 6, 1))

    assert first_day_kept(Record.VOUCHER, "DE", last) == date(2026, 1, 1)
    assert first_day_kept(Record.VOUCHER, "DE", last + timedelta(days=1)) == date(2027, 1, 1)
