"""Account statements as banks write them, in camt.053."""

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
