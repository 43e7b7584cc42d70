"""How a bill is paid, as its paper shows it: Swiss QR-bill, EPC code, or bank details alone."""

import re
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO, StringIO

from qrbill import QRBill
from schwifty import IBAN
from segno import make_qr
from segno.helpers import make_epc_qr

from billing.kinds import BillKind
from billing.models import Bill
from tenants.settings.sellers import SWISS_ACCOUNTS

LANGUAGES_OF_QR_BILL = {"de", "en", "fr", "it"}
# A number at the end of a line of an address, with what may stand behind it: 12 · 12a · 12/4 · 12 m. 4
HOUSE = re.compile(r"^(?P<street>.*\D[\s,]+)(?P<house>\d+\s?[a-zA-Z]?(?:[/-]\d+\w?)*)$")
# What the codes can hold.
NAME, STREET, HOUSE_NUMBER, POSTAL_CODE, TOWN = 70, 70, 16, 16, 35
EPC_NAME = 70


@dataclass(frozen=True)
class PaymentPart:
    """What a bill shows about paying it; ``swiss`` and ``epc`` are pictures as SVG, one of them or neither."""

    iban: str
    bank: str
    reference: str
    swiss: str = ""
    epc: str = ""


class _QrCode:
    """A QR code of error correction M as qrbill takes it: how many modules wide, and saved as the path of an SVG.

    Dark modules that stand side by side are one rectangle: to set one for each module takes most of a bill's time.
    """

    def __init__(self, data: str) -> None:
        self.rows = [bytes(row) for row in make_qr(data, error="m", boost_error=False, encoding="utf-8").matrix]
        self.width = len(self.rows)

    def save(self, out: BytesIO) -> None:
        """Write the path."""
        dark = ((y, *run.span()) for y, row in enumerate(self.rows) for run in re.finditer(rb"\x01+", row))
        out.write(f'<path d="{"".join(f"M{left},{y}h{right - left}v1H{left}z" for y, left, right in dark)}">'.encode())


class _SwissBill(QRBill):  # type: ignore[misc]  # qrbill carries no types
    def qr_image(self) -> _QrCode:
        return _QrCode(self.qr_data())


def payment_part(bill: Bill) -> PaymentPart | None:
    """Return how to pay a bill; None where there is nothing to be paid, or the seller has no account."""
    iban = bill.seller["iban"]
    if bill.kind != BillKind.INVOICE or not iban or not bill.gross_minor:
        return None
    account = IBAN(iban)
    part = PaymentPart(account.formatted, account.bank_name or "", _grouped(bill.reference))
    if bill.currency == "CHF" and iban[:2] in SWISS_ACCOUNTS:
        return PaymentPart(part.iban, part.bank, part.reference, swiss=_swiss(bill))
    if bill.currency == "EUR":
        return PaymentPart(part.iban, part.bank, part.reference, epc=_epc(bill))
    return part


def _swiss(bill: Bill) -> str:
    language = bill.language if bill.language in LANGUAGES_OF_QR_BILL else "en"
    drawn = _SwissBill(
        account=bill.seller["iban"],
        creditor=_address(bill.seller),
        debtor=_address(bill.buyer),
        amount=_major(bill),
        currency=bill.currency,
        reference_number=bill.reference,
        additional_information=bill.number,
        language=language,
    )
    drawn.font_family = "Liberation Sans,Figtree"
    out = StringIO()
    drawn.as_svg(out)
    return out.getvalue()


def _epc(bill: Bill) -> str:
    code = make_epc_qr(
        name=bill.seller["name"][:EPC_NAME],
        iban=bill.seller["iban"],
        amount=Decimal(_major(bill)),
        reference=bill.reference,
        encoding="utf-8",
    )
    out = BytesIO()
    code.save(out, kind="svg", border=0, scale=4, xmldecl=False)
    return out.getvalue().decode()


def _address(party: dict[str, str]) -> dict[str, str]:
    """Return a structured address, as Swiss bills want it since November 2025."""
    found = HOUSE.match(party["street"])
    street, house = (found["street"].rstrip(" ,"), found["house"]) if found else (party["street"], "")
    return {
        "name": (party.get("company") or party["name"])[:NAME],
        "street": street[:STREET],
        "house_num": house[:HOUSE_NUMBER],
        "pcode": party["postal_code"][:POSTAL_CODE],
        "city": party["town"][:TOWN],
        "country": party["country"],
    }


def _major(bill: Bill) -> str:
    return f"{bill.gross_minor // 100}.{bill.gross_minor % 100:02}"


def _grouped(reference: str) -> str:
    """Write a reference in groups, as people copy it: by four, a Swiss one by five from its end."""
    if reference.startswith("RF"):
        return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))
    return " ".join([reference[:2], *(reference[at : at + 5] for at in range(2, len(reference), 5))])
