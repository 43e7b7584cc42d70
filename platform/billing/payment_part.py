"""How a bill is paid, as its paper shows it: Swiss QR-bill, EPC code, or bank details alone."""

import re
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO, StringIO
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from PIL import Image
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
SVG = "{http://www.w3.org/2000/svg}"
# Of qrbill's drawings.
UNITS_A_MM = 3.543307
BLACK_ON_WHITE = bytes.maketrans(b"\0\1", b"\xff\0")


@dataclass(frozen=True)
class Written:
    """A line of a drawing, apart from it: where its baseline begins, or ends where it is ``is_right``, and its size.

    All in millimetres.
    """

    text: str
    x: float
    y: float
    size: float
    is_bold: bool
    is_right: bool


@dataclass(frozen=True)
class SwissPart:
    """A Swiss QR-bill: its drawing as SVG, the QR code under it as PNG, and what is written on it.

    In an SVG each letter is set by itself and each module of a code is a path; both take longer than the whole bill.
    """

    drawing: str
    code: bytes
    lines: tuple[Written, ...]


@dataclass(frozen=True)
class PaymentPart:
    """What a bill shows about paying it; ``swiss``, or ``epc`` as SVG, or neither."""

    iban: str
    bank: str
    reference: str
    swiss: SwissPart | None = None
    epc: str = ""


class _NoCode:
    """What qrbill takes for the QR code, which lies under its drawing."""

    width = 1

    def save(self, out: BytesIO) -> None:
        """Write a path on which nothing is drawn."""
        out.write(b'<path d="M0,0">')


class _SwissBill(QRBill):  # type: ignore[misc]  # qrbill carries no types
    def qr_image(self) -> _NoCode:
        return _NoCode()


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


def _swiss(bill: Bill) -> SwissPart:
    language = bill.language if bill.language in LANGUAGES_OF_QR_BILL else "en"
    drawn = _SwissBill(
        account=bill.seller["iban"],
        creditor=_address(bill.payee),
        debtor=_address(bill.buyer),
        amount=_major(bill),
        currency=bill.currency,
        reference_number=bill.reference,
        additional_information=bill.number,
        language=language,
    )
    out = StringIO()
    drawn.as_svg(out)
    drawing = ElementTree.fromstring(out.getvalue())
    for background in drawing.findall(f"{SVG}rect"):
        drawing.remove(background)
    lines = []
    for group in list(drawing.iter(f"{SVG}g")):
        for found in group.findall(f"{SVG}text"):
            lines.append(_written(found))
            group.remove(found)
    return SwissPart(ElementTree.tostring(drawing, encoding="unicode"), _code(drawn.qr_data()), tuple(lines))


def _code(data: str) -> bytes:
    """Return a QR code of error correction M as PNG, a dot a module."""
    rows = make_qr(data, error="m", boost_error=False, encoding="utf-8").matrix
    picture = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows).translate(BLACK_ON_WHITE))
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _written(found: Element) -> Written:
    return Written(
        text=found.text or "",
        x=float(found.attrib["x"]) / UNITS_A_MM,
        y=float(found.attrib["y"]) / UNITS_A_MM,
        size=float(found.attrib["font-size"]) / UNITS_A_MM,
        is_bold=found.get("font-weight") == "bold",
        is_right=found.get("text-anchor") == "end",
    )


def _epc(bill: Bill) -> str:
    code = make_epc_qr(
        name=bill.payee["name"][:EPC_NAME],
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
