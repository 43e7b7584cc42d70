"""Account statements as banks write them, in camt.053 and in MT940."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.billing.sellers import IBANS

OPENING = 100_000


@dataclass(frozen=True)
class In:
    """A payment that came in, in minor units."""

    amount: int
    reference: str = ""
    words: str = ""
    payer: str = "Ada Lovelace"
    bank_reference: str = ""
    day: str = "2026-11-24"


def camt(
    *payments: In, iban: str = IBANS["DE"], currency: str = "EUR", paid_out: int = 0, closing: int | None = None,
    version: str = "08",
) -> bytes:  # fmt: skip
    """Return a statement with payments in and one payment out; ``closing`` where the bank's sum is another."""
    balance = OPENING + sum(one.amount for one in payments) - paid_out if closing is None else closing
    status = "<Sts>BOOK</Sts>" if version == "02" else "<Sts><Cd>BOOK</Cd></Sts>"
    entries = [_entry(one, currency, status, version) for one in payments]
    if paid_out:
        entries.append(_plain(paid_out, "DBIT", currency, status))
    space = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{space}">'
        "<BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr><Stmt><Id>1</Id>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>{currency}</Ccy></Acct>"
        f"{_balance('OPBD', OPENING, currency)}{_balance('CLBD', balance, currency)}{''.join(entries)}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def batch(*parts: In, iban: str = IBANS["DE"], currency: str = "EUR") -> bytes:
    """Return a statement in which the bank has put payments together into one entry."""
    whole = camt(In(sum(one.amount for one in parts), bank_reference="B-1"), iban=iban, currency=currency).decode()
    details = "".join(
        f'<TxDtls><Amt Ccy="{currency}">{_major(one.amount)}</Amt>{_details(one, "08")}</TxDtls>' for one in parts
    )
    begin, end = whole.index("<NtryDtls>"), whole.index("</NtryDtls>")
    return f"{whole[:begin]}<NtryDtls>{details}{whole[end:]}".encode()


def _entry(one: In, currency: str, status: str, version: str) -> str:
    head = _plain(one.amount, "CRDT", currency, status, one.day, one.bank_reference).removesuffix("</Ntry>")
    return f"{head}<NtryDtls><TxDtls>{_details(one, version)}</TxDtls></NtryDtls></Ntry>"


def _plain(
    amount: int, side: str, currency: str, status: str, day: str = "2026-11-24", bank_reference: str = ""
) -> str:
    named = f"<AcctSvcrRef>{bank_reference}</AcctSvcrRef>" if bank_reference else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{_major(amount)}</Amt><CdtDbtInd>{side}</CdtDbtInd>{status}'
        f"<BookgDt><Dt>{day}</Dt></BookgDt>{named}</Ntry>"
    )


def _details(one: In, version: str) -> str:
    name = f"<Nm>{escape(one.payer)}</Nm>"
    payer = name if version == "02" else f"<Pty>{name}</Pty>"
    structured = f"<Strd><CdtrRefInf><Ref>{one.reference}</Ref></CdtrRefInf></Strd>" if one.reference else ""
    said = f"<Ustrd>{escape(one.words)}</Ustrd>" if one.words else ""
    return f"<RltdPties><Dbtr>{payer}</Dbtr></RltdPties><RmtInf>{said}{structured}</RmtInf>"


def _balance(code: str, amount: int, currency: str) -> str:
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{_major(amount)}</Amt>'
        "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-24</Dt></Dt></Bal>"
    )


def _major(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02}"


def mt940(
    *payments: In, account: str = IBANS["DE"], currency: str = "EUR", paid_out: int = 0, closing: int | None = None
) -> bytes:
    """Return a message with payments in and one payment out, as German banks write it."""
    balance = OPENING + sum(one.amount for one in payments) - paid_out if closing is None else closing
    lines = [":20:STARTUMSE", f":25:{account}", ":28C:00001/001", f":60F:C261123{currency}{_comma(OPENING)}"]
    for one in payments:
        lines += [
            f":61:{_short(one.day)}CR{_comma(one.amount)}NTRFNONREF//{one.bank_reference or 'NONREF'}",
            _said(one),
        ]
    if paid_out:
        lines += [f":61:{_short('2026-11-24')}DR{_comma(paid_out)}NMSCNONREF", ":86:005?00LASTSCHRIFT?20SVWZ+Miete"]
    return "\r\n".join([*lines, f":62F:C261124{currency}{_comma(balance)}", "-", ""]).encode()


def _said(one: In) -> str:
    """Return what is said about a payment, in pieces of 27 characters, wherever they break a word."""
    words = f"SVWZ+{one.words or one.reference}"
    pieces = [words[at : at + 27] for at in range(0, len(words), 27)]
    fields = "".join(f"?{20 + place}{piece}" for place, piece in enumerate(pieces))
    return f":86:166?00GUTSCHRIFT{fields}?30DEUTDEFF?32{one.payer}"


def _short(day: str) -> str:
    return f"{day[2:4]}{day[5:7]}{day[8:10]}{day[5:7]}{day[8:10]}"


def _comma(amount: int) -> str:
    return _major(amount).replace(".", ",")
