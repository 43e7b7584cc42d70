"""How long the law of a country wants records to be kept, after which they are erased. Pure.

docs/money/retention.md tells of it; a test compares the two. Nothing goes earlier than this table says.
"""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class Record(models.TextChoices):
    """Kinds of records that have a period."""

    VOUCHER = "voucher", _("Invoices, receipts, credit notes")
    ORDER = "order", _("Orders and what was written about them")
    TAX_REPORT = "tax_report", _("Reports to the tax office and tax details")
    BOOKS = "books", _("Books")


@dataclass(frozen=True)
class Period:
    """So many whole calendar years after the one in which a record was made; one more where tax falls due only then."""

    years: int
    law: str
    is_after_tax_is_due: bool = False


_POLISH_TAX = "art. 70 § 1, art. 86 § 1 Ordynacja podatkowa"
_DAC7 = "Directive 2011/16/EU (DAC7), annex V, section IV, part B"
PERIODS: dict[str, dict[Record, Period]] = {
    "DE": {
        Record.VOUCHER: Period(8, "§ 147 (3) AO, § 14b (1) UStG, § 257 (4) HGB"),
        Record.ORDER: Period(6, "§ 147 (3) AO, § 257 (4) HGB"),
        Record.TAX_REPORT: Period(10, "§ 24 (3) PStTG"),
        Record.BOOKS: Period(10, "§ 147 (3) AO, § 257 (4) HGB"),
    },
    "AT": {
        Record.VOUCHER: Period(7, "§ 132 (1) BAO, § 11 (2) UStG 1994"),
        Record.ORDER: Period(7, "§ 132 (1) BAO, § 212 (1) UGB"),
        Record.TAX_REPORT: Period(10, _DAC7),
        Record.BOOKS: Period(7, "§ 132 (1) BAO, § 212 (1) UGB"),
    },
    "CH": {
        Record.VOUCHER: Period(10, "Art. 958f OR, Art. 70 MWSTG"),
        Record.ORDER: Period(10, "Art. 958f OR"),
        Record.TAX_REPORT: Period(10, "Art. 958f OR"),
        Record.BOOKS: Period(10, "Art. 958f OR"),
    },
    "PL": {
        Record.VOUCHER: Period(5, f"{_POLISH_TAX}, art. 112 ustawa o VAT", is_after_tax_is_due=True),
        Record.ORDER: Period(5, _POLISH_TAX, is_after_tax_is_due=True),
        Record.TAX_REPORT: Period(10, _DAC7),
        Record.BOOKS: Period(5, "art. 74 (2) ustawa o rachunkowości", is_after_tax_is_due=True),
    },
}


def period_of(record: Record, country: str) -> Period:
    """Return the period of a kind of record; in a country without one of its own the longest that any has."""
    if country in PERIODS:
        return PERIODS[country][record]
    return max((periods[record] for periods in PERIODS.values()), key=lambda one: (one.years, one.is_after_tax_is_due))


def kept_through(record: Record, country: str, on: date) -> date:
    """Return the last day on which a record of a day has to be there."""
    period = period_of(record, country)
    return date(on.year + period.years + period.is_after_tax_is_due, 12, 31)


def first_day_kept(record: Record, country: str, today: date) -> date:
    """Return the first day whose records have to be there today; those of all days before may go."""
    return date(today.year - (kept_through(record, country, today).year - today.year), 1, 1)


# No record of any country may go earlier.
SHORTEST_YEARS = min(period.years for periods in PERIODS.values() for period in periods.values())
