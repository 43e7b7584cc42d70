"""camt.053 as banks write it: what came in, whole or not at all. Versions 02 to 13 differ in places this reads through.

Debits are left out, and so are entries that are not booked yet. Nothing of a file is believed before its entries lead
from the opening to the closing balance.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bank.errors import BrokenFile, IncompleteStatement, NotAStatement
from bank.incoming import NAME, WORDS, Held, Incoming, Keys, Statement, is_named
from bank.states import FileKind


def read_camt(content: bytes) -> list[Statement]:
    """Return the statements of a file.

    Raises BrokenFile, NotAStatement or IncompleteStatement; then nothing of it counts.
    """
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, ValueError, LookupError) as error:
        # Another format than XML is told from XML that is cut off by how it begins.
        is_xml = content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
        raise (BrokenFile if is_xml and not isinstance(error, DefusedXmlException) else NotAStatement) from error
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    found = root.findall("BkToCstmrStmt/Stmt")
    if root.tag != "Document" or not found:
        raise NotAStatement
    try:
        return [_statement(one) for one in found]
    except (InvalidOperation, ValueError) as error:
        raise NotAStatement from error


def _statement(stated: Element) -> Statement:
    iban = _text(stated, "Acct/Id/IBAN")
    if not iban:
        raise NotAStatement
    booked = [entry for entry in stated.findall("Ntry") if _is_booked(entry)]
    held = _held(stated, booked)
    keys = Keys()
    payments = [
        one for entry in booked if _sign(entry) > 0 and not _is_reversal(entry) for one in _payments(entry, iban, keys)
    ]
    return Statement(iban, payments, held)


def _held(stated: Element, booked: list[Element]) -> Held | None:
    """Return both balances; None where one of them is missing, which then says nothing of the entries.

    Raises IncompleteStatement where entries are missing.
    """
    balances = {_text(balance, "Tp/CdOrPrtry/Cd"): balance for balance in stated.findall("Bal")}
    opening, closing = balances.get("OPBD", balances.get("PRCD")), balances.get("CLBD")
    if opening is None or closing is None:
        return None
    opening_minor, closing_minor = (_sign(one) * _minor(one.find("Amt")) for one in (opening, closing))
    if opening_minor + sum(_sign(entry) * _minor(entry.find("Amt")) for entry in booked) != closing_minor:
        raise IncompleteStatement
    amount, opened_on, closed_on = closing.find("Amt"), _day(opening, "Dt"), _day(closing, "Dt")
    assert amount is not None, "it was read"
    if opened_on is None or closed_on is None:
        return None
    return Held(amount.get("Ccy", ""), min(opened_on, closed_on), closed_on, opening_minor, closing_minor)


def _day(element: Element, path: str) -> date | None:
    """Return a day, of which a bank gives the moment too."""
    said = _text(element, f"{path}/Dt") or _text(element, f"{path}/DtTm")
    return date.fromisoformat(said[:10]) if said else None


def _payments(entry: Element, iban: str, keys: Keys) -> Iterator[Incoming]:
    """Yield what an entry holds: one payment, or each of a batch whose parts the bank names."""
    parts = entry.findall("NtryDtls/TxDtls")
    whole = _minor(entry.find("Amt"))
    amounts = [_minor(_amount_of(part)) if _amount_of(part) is not None else 0 for part in parts]
    if len(parts) < 2 or sum(amounts) != whole:
        yield _payment(entry, parts[0] if len(parts) == 1 else Element("TxDtls"), whole, iban, 0, keys)
        return
    for place, (part, amount) in enumerate(zip(parts, amounts, strict=True)):
        yield _payment(entry, part, amount, iban, place, keys)


def _payment(entry: Element, part: Element, amount_minor: int, iban: str, place: int, keys: Keys) -> Incoming:
    amount = entry.find("Amt")
    named = (_text(part, "Refs/AcctSvcrRef"), _text(entry, "AcctSvcrRef"))
    bank_reference = next((one for one in named if is_named(one)), "")
    currency = amount.get("Ccy", "") if amount is not None else ""
    booked_on = date.fromisoformat((_text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm"))[:10])
    reference = _text(part, "RmtInf/Strd/CdtrRefInf/Ref").replace(" ", "")
    said = [one.text or "" for one in part.findall("RmtInf/Ustrd")] or [_text(entry, "AddtlNtryInf")]
    words = " ".join(" ".join(said).split())[:WORDS]
    payer = (_text(part, "RltdPties/Dbtr/Nm") or _text(part, "RltdPties/Dbtr/Pty/Nm"))[:NAME]
    payer_iban = _text(part, "RltdPties/DbtrAcct/Id/IBAN")
    return keys.payment(
        kind=FileKind.CAMT,
        iban=iban,
        currency=currency,
        amount_minor=amount_minor,
        booked_on=booked_on,
        reference=reference,
        words=words,
        payer=payer,
        payer_iban=payer_iban,
        bank_reference=bank_reference,
        place=place,
    )


def _amount_of(part: Element) -> Element | None:
    found = part.find("Amt")
    return found if found is not None else part.find("AmtDtls/TxAmt/Amt")


def _minor(amount: Element | None) -> int:
    """Return an amount in minor units.

    Raises ValueError where it is none, or has parts of a minor unit.
    """
    if amount is None:
        raise ValueError("an amount is missing")
    minor = Decimal((amount.text or "").strip()) * 100
    if not minor.is_finite() or minor < 0 or minor != minor.to_integral_value():
        raise ValueError(amount.text)
    return int(minor)


def _sign(element: Element) -> int:
    """Return 1 for a credit and -1 for a debit.

    Raises ValueError for anything else.
    """
    return (1, -1)[("CRDT", "DBIT").index(_text(element, "CdtDbtInd"))]


def _is_booked(entry: Element) -> bool:
    return (_text(entry, "Sts/Cd") or _text(entry, "Sts")) == "BOOK"


def _is_reversal(entry: Element) -> bool:
    return _text(entry, "RvslInd") in {"true", "1"}


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
