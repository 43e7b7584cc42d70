"""How a bill is paid, as any paper shows it: Swiss QR-bill, EPC code, or bank details alone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from PIL import Image
from qrbill import QRBill
from schwifty import IBAN
from segno import make_qr
from segno.helpers import make_epc_qr

from kernel.files.pdf import as_data
from kernel.typed.ibans import SWISS_ACCOUNTS

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


@dataclass(frozen=True)
class Payable:
    """What is to be paid, in minor units, to which account, and by whom.

    ``payee`` and ``payer`` have name, street, postal_code, town and country, a payer's name may be in ``company``; a
    payer of whom not all is known is left out. ``number`` is that of the bill.
    """

    iban: str
    payee: Mapping[str, str]
    payer: Mapping[str, str]
    amount_minor: int
    currency: str
    reference: str
    number: str
    language: str

    @property
    def amount(self) -> str:
        """The amount in whole units."""
        return f"{self.amount_minor // 100}.{self.amount_minor % 100:02}"


class _NoCode:
    """What qrbill takes for the QR code, which lies under its drawing."""

    width = 1

    def save(self, out: BytesIO) -> None:
        """Write a path on which nothing is drawn."""
        out.write(b'<path d="M0,0">')


class _SwissBill(QRBill):  # type: ignore[misc]  # qrbill carries no types
    def qr_image(self) -> _NoCode:
        return _NoCode()


def payment_part(wanted: Payable) -> PaymentPart:
    """Return how something is paid, with a Swiss part or an EPC code where currency, account and payee allow it."""
    account = IBAN(wanted.iban)
    part = PaymentPart(account.formatted, account.bank_name or "", _grouped(wanted.reference))
    if wanted.currency == "CHF" and wanted.iban[:2] in SWISS_ACCOUNTS and _is_whole(wanted.payee):
        return replace(part, swiss=_swiss(wanted))
    if wanted.currency == "EUR":
        return replace(part, epc=_epc(wanted))
    return part


def drawn(part: PaymentPart | None) -> dict[str, Any]:
    """Return what templates show of it: ``part``, ``epc``, and for papers/swiss.html the rest."""
    swiss = part.swiss if part else None
    return {
        "part": part,
        "epc": as_data(part.epc.encode(), "image/svg+xml") if part and part.epc else "",
        "swiss": as_data(swiss.drawing.encode(), "image/svg+xml") if swiss else "",
        "swiss_code": as_data(swiss.code, "image/png") if swiss else "",
        "swiss_lines": swiss.lines if swiss else (),
    }


def _swiss(wanted: Payable) -> SwissPart:
    drawn_bill = _SwissBill(
        account=wanted.iban,
        creditor=_address(wanted.payee),
        debtor=_address(wanted.payer) if _is_whole(wanted.payer) else None,
        amount=wanted.amount,
        currency=wanted.currency,
        reference_number=wanted.reference,
        additional_information=wanted.number,
        language=wanted.language if wanted.language in LANGUAGES_OF_QR_BILL else "en",
    )
    out = StringIO()
    drawn_bill.as_svg(out)
    drawing = ElementTree.fromstring(out.getvalue())
    for background in drawing.findall(f"{SVG}rect"):
        drawing.remove(background)
    lines = []
    for group in list(drawing.iter(f"{SVG}g")):
        for found in group.findall(f"{SVG}text"):
            lines.append(_written(found))
            group.remove(found)
    return SwissPart(ElementTree.tostring(drawing, encoding="unicode"), _code(drawn_bill.qr_data()), tuple(lines))


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


def _epc(wanted: Payable) -> str:
    code = make_epc_qr(
        name=wanted.payee["name"][:EPC_NAME],
        iban=wanted.iban,
        amount=Decimal(wanted.amount),
        reference=wanted.reference,
        encoding="utf-8",
    )
    out = BytesIO()
    code.save(out, kind="svg", border=0, scale=4, xmldecl=False)
    return out.getvalue().decode()


def _is_whole(party: Mapping[str, str]) -> bool:
    return all(party.get(part) for part in ("name", "postal_code", "town", "country"))


def _address(party: Mapping[str, str]) -> dict[str, str]:
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


def _grouped(reference: str) -> str:
    """Write a reference in groups, as people copy it: by four, a Swiss one by five from its end."""
    if reference.startswith("RF"):
        return " ".join(reference[at : at + 4] for at in range(0, len(reference), 4))
    return " ".join([reference[:2], *(reference[at : at + 5] for at in range(2, len(reference), 5))])
