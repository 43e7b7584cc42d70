"""A seller's figures of a year by quarter, and all that a report says of them. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from ledger.selectors import WorkerFigures

QUARTERS = range(1, 5)
MONTHS_OF_QUARTER = 3


@dataclass(frozen=True)
class Quarter:
    """What was paid to a seller in a quarter, what was kept of it, in minor units, and for how many jobs."""

    consideration_minor: int = 0
    fees_minor: int = 0
    jobs: int = 0


@dataclass(frozen=True)
class Person:
    """Who a seller is. Where ``tin`` is empty the place of birth stands in, if it is known.

    Where ``company`` is named, the seller is that legal person, with its country, numbers and address.
    """

    first_name: str
    last_name: str
    country: str
    tin: str
    vat_id: str
    born_on: date
    birth_town: str
    birth_country: str
    street: str
    postal_code: str
    town: str
    iban: str
    holder: str
    company: str = ""
    register_number: str = ""


@dataclass(frozen=True)
class Seller:
    """What a report says of a friend in a currency: four quarters, and who they are."""

    friend_id: UUID
    currency: str
    person: Person
    quarters: tuple[Quarter, ...]

    def said(self) -> dict[str, Any]:
        """Return all that is said of them, as it is kept and compared; of a person nothing is said of a company."""
        person = asdict(self.person) | {"born_on": self.person.born_on.isoformat()}
        if not self.person.company:
            del person["company"], person["register_number"]
        return {"person": person, "quarters": [asdict(one) for one in self.quarters]}


def seller_of_row(friend_id: UUID, currency: str, said: dict[str, Any]) -> Seller:
    """Return what was said of a seller."""
    person = said["person"]
    born_on = date.fromisoformat(person["born_on"])
    return Seller(
        friend_id=friend_id,
        currency=currency,
        person=Person(**(person | {"born_on": born_on})),
        quarters=tuple(Quarter(**one) for one in said["quarters"]),
    )


def by_quarter(rows: Iterable[WorkerFigures]) -> dict[tuple[UUID, str], tuple[Quarter, ...]]:
    """Return the four quarters of each friend and currency, out of rows by quarter of one year."""
    found: dict[tuple[UUID, str], dict[int, Quarter]] = {}
    for row in rows:
        quarter = (row.begins.month - 1) // MONTHS_OF_QUARTER + 1
        figures = Quarter(row.net_minor, row.fees_minor, row.jobs)
        found.setdefault((row.friend_id, row.currency), {})[quarter] = figures
    return {key: tuple(quarters.get(one, Quarter()) for one in QUARTERS) for key, quarters in found.items()}
