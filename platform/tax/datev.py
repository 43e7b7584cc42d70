"""The books as a DATEV posting batch: EXTF, header version 700, category 21, format version 13 with 125 columns. Pure.

The file is Windows-1252 with CRLF, amounts with a comma and never negative; "S" debits the account, and the contra
account is credited. A transaction with more than two entries becomes several lines that share the document field, so
that each account moves exactly as in the books. German, for that is what the program reads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from ledger.kinds import AccountKind, Event

ENCODING, LINE_END = "cp1252", "\r\n"
HEADER_VERSION, CATEGORY, FORMAT_VERSION = 700, 21, 13
ACCOUNT_DIGITS = 4
LONGEST_TEXT, LONGEST_FIELD = 60, 36


class Chart(NamedTuple):
    """A standard chart of accounts, and where each kind of account of ours stands in it."""

    code: str
    accounts: dict[AccountKind, int]


# What we owe friends, pros and partners is other people's money that passes through; an adviser may map it anew.
SKR03 = Chart(
    "03",
    {
        AccountKind.CUSTOMER: 1400,
        AccountKind.PARTNER: 1702,
        AccountKind.PLATFORM: 8400,
        AccountKind.FRIEND: 1700,
        AccountKind.PRO: 1701,
        AccountKind.VAT: 1776,
        AccountKind.STRIPE: 1361,
        AccountKind.SUMUP: 1362,
        AccountKind.BANK: 1200,
        AccountKind.CASH: 1363,
        AccountKind.UNDER_WAY: 1360,
        AccountKind.DISPUTED: 1364,
        AccountKind.VOUCHERS: 1703,
        AccountKind.FEES: 4970,
        AccountKind.GUARANTEE: 2400,
        AccountKind.BONUSES: 4600,
        AccountKind.ROUNDING: 2309,
    },
)
SKR04 = Chart(
    "04",
    {
        AccountKind.CUSTOMER: 1200,
        AccountKind.PARTNER: 3502,
        AccountKind.PLATFORM: 4400,
        AccountKind.FRIEND: 3500,
        AccountKind.PRO: 3501,
        AccountKind.VAT: 3806,
        AccountKind.STRIPE: 1461,
        AccountKind.SUMUP: 1462,
        AccountKind.BANK: 1800,
        AccountKind.CASH: 1463,
        AccountKind.UNDER_WAY: 1460,
        AccountKind.DISPUTED: 1464,
        AccountKind.VOUCHERS: 3503,
        AccountKind.FEES: 6855,
        AccountKind.GUARANTEE: 6930,
        AccountKind.BONUSES: 6600,
        AccountKind.ROUNDING: 6969,
    },
)
CHARTS = {chart.code: chart for chart in (SKR03, SKR04)}
# The automatic accounts 8400 and 4400 would take VAT out once more, which the books hold by itself (key 40 says so).
WITHOUT_AUTOMATIC = "40"
AUTOMATIC = (AccountKind.PLATFORM, AccountKind.VAT)

_INFO = tuple(f"Beleginfo - {part} {number}" for number in range(1, 9) for part in ("Art", "Inhalt"))
_MORE = tuple(f"Zusatzinformation - {part} {number}" for number in range(1, 21) for part in ("Art", "Inhalt"))
COLUMNS = (
    "Umsatz (ohne Soll/Haben-Kz)", "Soll/Haben-Kennzeichen", "WKZ Umsatz", "Kurs", "Basis-Umsatz", "WKZ Basis-Umsatz",
    "Konto", "Gegenkonto (ohne BU-Schlüssel)", "BU-Schlüssel", "Belegdatum", "Belegfeld 1", "Belegfeld 2", "Skonto",
    "Buchungstext", "Postensperre", "Diverse Adressnummer", "Geschäftspartnerbank", "Sachverhalt", "Zinssperre",
    "Beleglink", *_INFO, "KOST1 - Kostenstelle", "KOST2 - Kostenstelle", "Kost-Menge",
    "EU-Land u. UStID (Bestimmung)", "EU-Steuersatz (Bestimmung)", "Abw. Versteuerungsart", "Sachverhalt L+L",
    "Funktionsergänzung L+L", "BU 49 Hauptfunktionstyp", "BU 49 Hauptfunktionsnummer", "BU 49 Funktionsergänzung",
    *_MORE, "Stück", "Gewicht", "Zahlweise", "Forderungsart", "Veranlagungsjahr", "Zugeordnete Fälligkeit",
    "Skontotyp", "Auftragsnummer", "Buchungstyp", "USt-Schlüssel (Anzahlungen)", "EU-Land (Anzahlungen)",
    "Sachverhalt L+L (Anzahlungen)", "EU-Steuersatz (Anzahlungen)", "Erlöskonto (Anzahlungen)", "Herkunft-Kz",
    "Buchungs GUID", "KOST-Datum", "SEPA-Mandatsreferenz", "Skontosperre", "Gesellschaftername", "Beteiligtennummer",
    "Identifikationsnummer", "Zeichnernummer", "Postensperre bis", "Bezeichnung SoBil-Sachverhalt",
    "Kennzeichen SoBil-Buchung", "Festschreibung", "Leistungsdatum", "Datum Zuord. Steuerperiode", "Fälligkeit",
    "Generalumkehr (GU)", "Steuersatz", "Land", "Abrechnungsreferenz", "BVV-Position", "EU-Land u. UStID (Ursprung)",
    "EU-Steuersatz (Ursprung)", "Abw. Skontokonto",
)  # fmt: skip
# The columns whose values stand in quotes, filled or not, counted from 1.
QUOTED = frozenset(
    {2, 3, 6, 9, 11, 12, 14, 16, *range(20, 39), 40, 42, *range(48, 88), 91, 95, 96, 98, 102, 103, 105, 107, 109, 110,
     112, 118, 120, 121, 123}
)  # fmt: skip
WORDS = {
    Event.CARD_PAID: "Kartenzahlung",
    Event.INVOICE_PAID: "Rechnung bezahlt",
    Event.CASH_PAID: "Barzahlung an Friend",
    Event.FEE_CHARGED: "Zahlungsgebuehr",
    Event.JOB_DONE: "Auftrag erledigt",
    Event.COMMISSION_TAKEN: "Provision",
    Event.REFUND_PAID: "Erstattung",
    Event.CASH_NETTED: "Bargeld verrechnet",
    Event.PAYOUT_ORDERED: "Auszahlung beauftragt",
    Event.PAYOUT_CONFIRMED: "Auszahlung ausgefuehrt",
    Event.PAYOUT_TRANSFERRED: "Auszahlung ueber Stripe",
    Event.REVERSAL: "Storno",
}


@dataclass(frozen=True)
class Side:
    """An entry: a kind of account and an amount in minor units, debit positive."""

    kind: AccountKind
    amount_minor: int


@dataclass(frozen=True)
class Booked:
    """A transaction of the books with its entries."""

    number: int
    event: Event
    on: date
    about: str
    sides: Sequence[Side]


@dataclass(frozen=True)
class Line:
    """An amount from one account to another."""

    debit: AccountKind
    credit: AccountKind
    amount_minor: int


@dataclass(frozen=True)
class Batch:
    """What the head of the file says: whose books, of which month and currency, and who made it when."""

    adviser: int
    client: int
    chart: Chart
    since: date
    until: date
    currency: str
    title: str
    made_at: datetime


def write(batch: Batch, transactions: Iterable[Booked]) -> bytes:
    """Return the file: head, columns, and a line for each amount that moves from one account to another."""
    lines = [_head(batch), ";".join(COLUMNS)]
    lines += [
        _line(batch, one, line) for one in transactions for line in lines_of(one.sides) if line.debit != line.credit
    ]
    return (LINE_END.join(lines) + LINE_END).encode(ENCODING, errors="replace")


def lines_of(sides: Sequence[Side]) -> list[Line]:
    """Return the amounts by which a transaction moves its accounts, two at a time, in the order of its entries."""
    debits = [(one.kind, one.amount_minor) for one in sides if one.amount_minor > 0]
    owing = [(one.kind, -one.amount_minor) for one in sides if one.amount_minor < 0]
    lines = []
    while debits and owing:
        (debit, owed), (credit, due) = debits[0], owing[0]
        amount = min(owed, due)
        lines.append(Line(debit, credit, amount))
        debits[:1] = [(debit, owed - amount)] if owed > amount else []
        owing[:1] = [(credit, due - amount)] if due > amount else []
    return lines


def _head(batch: Batch) -> str:
    def text(value: object) -> str:
        return f'"{value}"'

    made = f"{batch.made_at:%Y%m%d%H%M%S}{batch.made_at.microsecond // 1000:03}"
    begins = f"{batch.since.year}0101"
    parts = (
        text("EXTF"), HEADER_VERSION, CATEGORY, text("Buchungsstapel"), FORMAT_VERSION, made, "", text("QU"), text(""),
        text(""), batch.adviser, batch.client, begins, ACCOUNT_DIGITS, f"{batch.since:%Y%m%d}", f"{batch.until:%Y%m%d}",
        text(_clean(batch.title, 30)), text(""), 1, 0, 0, text(batch.currency), "", text(""), "", "",
        text(batch.chart.code), "", "", text(""), text(""),
    )  # fmt: skip
    return ";".join(str(part) for part in parts)


def _line(batch: Batch, one: Booked, line: Line) -> str:
    accounts = batch.chart.accounts
    words = " ".join((WORDS.get(one.event, one.event.value.replace("_", " ")), one.about))
    key = WITHOUT_AUTOMATIC if {line.debit, line.credit} & set(AUTOMATIC) else ""
    values = {
        1: f"{line.amount_minor // 100},{line.amount_minor % 100:02}",
        2: "S",
        3: batch.currency,
        7: accounts[line.debit],
        8: accounts[line.credit],
        9: key,
        10: f"{one.on:%d%m}",
        11: str(one.number),
        14: _clean(words, LONGEST_TEXT),
        114: 0,
    }
    cells = (str(values.get(place, "")) for place in range(1, len(COLUMNS) + 1))
    return ";".join(f'"{cell}"' if place in QUOTED else cell for place, cell in enumerate(cells, start=1))


def _clean(words: str, most: int) -> str:
    """Return words that neither end a cell nor a line."""
    return " ".join(words.replace('"', "'").replace(";", ",").split())[:most]
