"""A payment as a bank's file tells of it, whatever the kind of file, and by what it is known again."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bank.states import FileKind

WORDS, NAME = 500, 140
NO_REFERENCE = {"", "NONREF", "NOTPROVIDED"}


@dataclass(frozen=True)
class Incoming:
    """A payment that came in, in minor units.

    ``key`` is the same in every file of its kind that tells of it, and in the other kind where both name the bank's
    reference. ``twin`` is the same in both kinds where they say the same words, and empty where nothing is said.
    """

    key: str
    twin: str
    kind: str
    iban: str
    currency: str
    amount_minor: int
    booked_on: date
    reference: str
    words: str
    payer: str
    payer_iban: str


@dataclass(frozen=True)
class Held:
    """What an account held before the first and after the last entry, in minor units, and on which days."""

    currency: str
    opened_on: date
    closed_on: date
    opening_minor: int
    closing_minor: int


@dataclass(frozen=True)
class Statement:
    """The incoming payments of one account in one statement, and what it held where the statement says so."""

    iban: str
    payments: list[Incoming]
    held: Held | None


class Keys:
    """Gives payments of one statement their keys; those of which all is alike are counted."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def payment(
        self, *, kind: FileKind, iban: str, currency: str, amount_minor: int, booked_on: date, reference: str,
        words: str, payer: str, payer_iban: str, bank_reference: str, place: int = 0,
    ) -> Incoming:  # fmt: skip
        """Return a payment with its keys; ``place`` is that among the parts of one entry."""
        facts = [iban, currency, str(booked_on), str(amount_minor)]
        own = [bank_reference, str(place)] if is_named(bank_reference) else [reference, words, payer, payer_iban]
        said = re.sub(r"[\W_]", "", reference + words).upper()
        return Incoming(
            key=self._count("", [*facts, *own]),
            twin=self._count("twin", [*facts, said]) if said else "",
            kind=kind,
            iban=iban,
            currency=currency,
            amount_minor=amount_minor,
            booked_on=booked_on,
            reference=reference,
            words=words,
            payer=payer,
            payer_iban=payer_iban,
        )

    def _count(self, of: str, facts: Sequence[str]) -> str:
        alike = hashlib.sha256("\x1f".join(facts).encode()).hexdigest()
        self._seen[of + alike] = self._seen.get(of + alike, 0) + 1
        return f"{alike}:{self._seen[of + alike]}"


def is_named(reference: str) -> bool:
    """Say whether a bank names something by its reference, and does not only say that it has none."""
    return re.sub(r"\W", "", reference).upper() not in NO_REFERENCE
