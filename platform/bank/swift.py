"""MT940 as banks write it: what came in, whole or not at all. The library ``mt-940`` reads one message.

A file holds several. Each must have its end and lead from its opening to its closing balance, those of a page between
as well.
"""

import re
from datetime import date
from typing import Any

import mt940
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from bank.errors import BrokenFile, IncompleteStatement
from bank.incoming import NAME, WORDS, Held, Incoming, Keys, Statement
from bank.states import FileKind

BEGINS = re.compile(r"(?m)^:20:")
SIGNS = {"C": 1, "RD": 1, "D": -1, "RC": -1}
# A credit that takes a debit back is no payment of a customer.
CREDIT = "C"
AN_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
GERMAN = re.compile(r"^(?P<bank>\d{8})/(?P<account>\d{1,10})")


def is_mt940(content: bytes) -> bool:
    """Say whether a file begins a message of this kind, whatever may be wrong with it."""
    return bool(re.search(rb"(?m)(^|\xff\xfe|\xfe\xff):20:", content[:2_000].replace(b"\x00", b"")))


def read_mt940(content: bytes) -> list[Statement]:
    """Return the statements of a file.

    Raises BrokenFile or IncompleteStatement; then nothing of it counts.
    """
    messages = BEGINS.split(_decoded(content))[1:]
    if not messages:
        raise BrokenFile
    keys: dict[str, Keys] = {}
    return [_statement(f":20:{message}", keys) for message in messages]


def _decoded(content: bytes) -> str:
    """Return the text: banks write UTF-8, or as they did before.

    Raises BrokenFile where it is neither.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(not one.isprintable() and one not in "\n\t\x01\x03" for one in text) or "\N{REPLACEMENT CHARACTER}" in text:
        raise BrokenFile
    return text


def _statement(message: str, keys: dict[str, Keys]) -> Statement:
    try:
        found = mt940.parse(message)
        balances = [
            next(
                found.data[name]
                for name in (f"final_{end}_balance", f"intermediate_{end}_balance")
                if name in found.data
            )
            for end in ("opening", "closing")
        ]
        account = str(found.data["account_identification"])
        amounts = [_signed(one.data) for one in found]
        opening, closing = (round(one.amount.amount * 100) for one in balances)
        opened_on, closed_on = (date(one.date.year, one.date.month, one.date.day) for one in balances)
    except StopIteration as error:
        raise BrokenFile from error
    except (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        raise BrokenFile from error
    if opening + sum(amounts) != closing:
        raise IncompleteStatement
    iban, currency = _iban(account), balances[0].amount.currency
    given = keys.setdefault(iban, Keys())
    payments = [
        _payment(one.data, amount, iban, currency, given)
        for one, amount in zip(found, amounts, strict=True)
        if one.data["status"] == CREDIT and amount > 0
    ]
    held = Held(currency, min(opened_on, closed_on), closed_on, opening, closing)
    return Statement(iban, payments, held)


def _payment(said: dict[str, Any], amount_minor: int, iban: str, currency: str, keys: Keys) -> Incoming:
    words = said.get("purpose") or said.get("transaction_details") or said.get("additional_purpose") or ""
    payer, payer_iban = _payer(str(said.get("applicant_name") or ""))
    day = said.get("entry_date") or said["date"]
    return keys.payment(
        kind=FileKind.MT940,
        iban=iban,
        currency=currency,
        amount_minor=amount_minor,
        booked_on=date(day.year, day.month, day.day),
        reference="",
        words=" ".join(words.split())[:WORDS],
        payer=payer[:NAME],
        payer_iban=payer_iban,
        bank_reference=str(said.get("bank_reference") or ""),
    )


def _signed(said: dict[str, Any]) -> int:
    """Return an amount in minor units, negative where money went.

    Raises ValueError where it has parts of a minor unit, KeyError for another mark than credit and debit.
    """
    minor = abs(said["amount"].amount) * 100
    if minor != minor.to_integral_value():
        raise ValueError(minor)
    return SIGNS[said["status"]] * int(minor)


def _iban(account: str) -> str:
    """Return the IBAN that an account is named by, or made of; the name itself where it is neither."""
    bare = re.sub(r"\s", "", account).upper()
    if found := AN_IBAN.search(bare):
        return found[0]
    if german := GERMAN.match(bare):
        try:
            return str(IBAN.generate("DE", bank_code=german["bank"], account_code=german["account"]))
        except SchwiftyException:
            return bare
    return bare


def _payer(name: str) -> tuple[str, str]:
    """Return who paid and from where; the library puts the account before the name."""
    found = AN_IBAN.match(name)
    for end in range(found.end() if found else 0, 14, -1):
        if IBAN(name[:end], allow_invalid=True).is_valid:
            return name[end:].strip(), name[:end]
    return name.strip(), ""
