"""How long what is booked and reported is kept, by country, as data: since when a rule holds, and by which law.

Years run from the end of the calendar year to which a record belongs. Where several laws meet, the longest counts.
CH: OR Art. 958f, MWSTG Art. 70 (10 years). DE: AO § 147 (3), UStG § 14b (vouchers and bills: 10 years, 8 since
1 January 2025 by the BEG IV; books stay at 10). AT: BAO § 132 (7). PL: Ordynacja podatkowa art. 86 § 1 with art. 70,
ustawa o rachunkowości art. 74 (5). Reports: Directive 2011/16/EU, Annex V, section IV.B (5 to 10; PStTG § 24: 10).
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Keep:
    """How many years a country has records kept, by the day from which the rule holds, oldest first."""

    books: tuple[tuple[date, int], ...]
    vouchers: tuple[tuple[date, int], ...]
    seller_data: tuple[tuple[date, int], ...]


_EVER = date(2000, 1, 1)
RETENTION: dict[str, Keep] = {
    "CH": Keep(books=((_EVER, 10),), vouchers=((_EVER, 10),), seller_data=((_EVER, 10),)),
    "DE": Keep(
        books=((_EVER, 10),), vouchers=((_EVER, 10), (date(2025, 1, 1), 8)), seller_data=((date(2023, 1, 1), 10),)
    ),
    "AT": Keep(books=((_EVER, 7),), vouchers=((_EVER, 7),), seller_data=((date(2023, 1, 1), 7),)),
    "PL": Keep(books=((_EVER, 5),), vouchers=((_EVER, 5),), seller_data=((date(2023, 1, 1), 5),)),
}
# Of a country that is not in the table, and where nobody has said which it is.
LONGEST = max(years for keep in RETENTION.values() for rule in (keep.books, keep.vouchers) for _day, years in rule)


def years_of(rule: tuple[tuple[date, int], ...], on: date) -> int:
    """Return how many years a rule keeps records on a day; before it began, as it began."""
    held = [years for since, years in rule if since <= on]
    return held[-1] if held else rule[0][1]


def last_year_over(country: str, today: date) -> int:
    """Return the last year of which a country's seller data and reports need not be kept any more."""
    keep = RETENTION.get(country)
    years = years_of(keep.seller_data, today) if keep else LONGEST
    return today.year - years - 1
