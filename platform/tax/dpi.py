"""A report in the OECD's DPI XML schema (v1.0, urn:oecd:ties:dpi:v1), which Member States take for DAC7. Pure.

Amounts are whole units of the currency, as the schema wants them, half a unit upwards. What is paid is *net* of
commission; fees are the commission with its VAT. No tax is withheld.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from tax.figures import QUARTERS, Person, Seller
from tax.kinds import ReportedKind, ReportKind

DPI, STF = "urn:oecd:ties:dpi:v1", "urn:oecd:ties:dpistf:v1"
VERSION = "1.0"
MESSAGE_TYPE = "DAC7"
# Named again with the same id: the operator was reported before.
RESENT = "OECD0"
PRIVATE_ADDRESS, BUSINESS_ADDRESS = "OECD302", "OECD303"
UNKNOWN_TIN = "NOTIN"
MINOR_UNITS = 100
_HALF = MINOR_UNITS // 2


@dataclass(frozen=True)
class Operator:
    """The platform towards the tax office that it reports to. ``country`` is where it is registered for that."""

    name: str
    country: str
    tin: str
    street: str
    postal_code: str
    town: str
    business_name: str
    residence: str


@dataclass(frozen=True)
class Said:
    """What a message says of a seller under an id, and the id of what it takes the place of."""

    ref: str
    kind: ReportedKind
    corrects: str
    seller: Seller


@dataclass(frozen=True)
class Message:
    """A message to the tax office. ``operator_ref`` is the id of the operator's part, new in a year's first message."""

    ref: str
    kind: ReportKind
    year: int
    made_at: datetime
    operator: Operator
    operator_ref: str
    is_first: bool


def write(message: Message, sellers: Iterable[Said]) -> bytes:
    """Return the message with its sellers as XML, UTF-8."""
    ElementTree.register_namespace("dpi", DPI)
    ElementTree.register_namespace("stf", STF)
    root = Element(f"{{{DPI}}}DPI_OECD", {"version": VERSION})
    _head(_dpi(root, "MessageSpec"), message)
    body = _dpi(root, "DPIBody")
    _operator(_dpi(body, "PlatformOperator"), message)
    for one in sellers:
        _seller(_dpi(body, "ReportableSeller"), one)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def whole(minor: int) -> int:
    """Return an amount in whole units, half a unit upwards in size."""
    units = (abs(minor) + _HALF) // MINOR_UNITS
    return -units if minor < 0 else units


def _head(head: Element, message: Message) -> None:
    country = message.operator.country
    for name, text in (
        ("SendingEntityIN", message.operator.tin),
        ("TransmittingCountry", country),
        ("ReceivingCountry", country),
        ("MessageType", MESSAGE_TYPE),
        ("MessageRefId", message.ref),
        ("MessageTypeIndic", message.kind.value),
        ("ReportingPeriod", f"{message.year}-12-31"),
        ("Timestamp", f"{message.made_at:%Y-%m-%dT%H:%M:%SZ}"),
    ):
        _dpi(head, name, text)


def _operator(part: Element, message: Message) -> None:
    operator = message.operator
    _dpi(part, "ResCountryCode", operator.residence)
    _dpi(part, "TIN", operator.tin, issuedBy=operator.country)
    _dpi(part, "Name", operator.name)
    if operator.business_name:
        _dpi(part, "PlatformBusinessName", operator.business_name)
    address = _dpi(part, "Address", legalAddressType=BUSINESS_ADDRESS)
    _address(address, operator.residence, operator.street, operator.postal_code, operator.town)
    # Resident in the Union, or else registered there for reporting.
    _dpi(part, "Nexus", "RPONEX1" if operator.residence == operator.country else "RPONEX5")
    _dpi(part, "AssumedReporting", "false")
    _spec(part, ReportedKind.NEW.value if message.is_first else RESENT, message.operator_ref)


def _seller(part: Element, one: Said) -> None:
    person = one.seller.person
    standard = _dpi(_dpi(_dpi(part, "Identity"), "EntitySeller" if person.company else "IndividualSeller"), "Standard")
    if person.company:
        _company(_dpi(standard, "EntSellerID"), person)
    else:
        _person(_dpi(standard, "IndSellerID"), person)
    if person.iban:
        account = _dpi(standard, "FinancialIdentifier")
        _dpi(account, "Identifier", person.iban, AccountNumberType="IBAN")
        _dpi(account, "AccountHolderName", person.holder)
    _figures(_dpi(_dpi(part, "RelevantActivities"), "PersonalServices"), one.seller)
    _spec(part, one.kind.value, one.ref, one.corrects)


def _person(part: Element, person: Person) -> None:
    _dpi(part, "ResCountryCode", person.country)
    if person.tin:
        _dpi(part, "TIN", person.tin, issuedBy=person.country)
    else:
        _dpi(part, "TIN", UNKNOWN_TIN, unknown="true")
    if person.vat_id:
        _dpi(part, "VAT", person.vat_id)
    name = _dpi(part, "Name")
    _dpi(name, "FirstName", person.first_name)
    _dpi(name, "LastName", person.last_name)
    _address(
        _dpi(part, "Address", legalAddressType=PRIVATE_ADDRESS),
        person.country, person.street, person.postal_code, person.town,
    )  # fmt: skip
    birth = _dpi(part, "BirthInfo")
    _dpi(birth, "BirthDate", person.born_on.isoformat())
    if person.birth_town and person.birth_country:
        place = _dpi(birth, "BirthPlace")
        _dpi(place, "City", person.birth_town)
        _dpi(_dpi(place, "CountryInfo"), "CountryCode", person.birth_country)


def _company(part: Element, company: Person) -> None:
    _dpi(part, "ResCountryCode", company.country)
    _dpi(part, "TIN", company.tin, issuedBy=company.country)
    if company.register_number:
        _dpi(part, "IN", company.register_number, issuedBy=company.country)
    if company.vat_id:
        _dpi(part, "VAT", company.vat_id)
    _dpi(part, "Name", company.company)
    _address(
        _dpi(part, "Address", legalAddressType=BUSINESS_ADDRESS),
        company.country, company.street, company.postal_code, company.town,
    )  # fmt: skip


def _address(part: Element, country: str, street: str, postal_code: str, town: str) -> None:
    _dpi(part, "CountryCode", country)
    fixed = _dpi(part, "AddressFix")
    for name, text in (("Street", street), ("PostCode", postal_code), ("City", town)):
        if text:
            _dpi(fixed, name, text)


def _figures(part: Element, seller: Seller) -> None:
    money = {"currCode": seller.currency}
    quarters = list(zip(QUARTERS, seller.quarters, strict=True))
    consideration = _dpi(part, "Consideration")
    for number, one in quarters:
        _dpi(consideration, f"ConsQ{number}", str(whole(one.consideration_minor)), **money)
    activities = _dpi(part, "NumberOfActivities")
    for number, one in quarters:
        _dpi(activities, f"NumbQ{number}", str(one.jobs))
    fees = _dpi(part, "Fees")
    for number, one in quarters:
        _dpi(fees, f"FeesQ{number}", str(whole(one.fees_minor)), **money)
    taxes = _dpi(part, "Taxes")
    for number in QUARTERS:
        _dpi(taxes, f"TaxQ{number}", "0", **money)


def _spec(part: Element, kind: str, ref: str, corrects: str = "") -> None:
    spec = _dpi(part, "DocSpec")
    for name, text in (("DocTypeIndic", kind), ("DocRefId", ref), ("CorrDocRefId", corrects)):
        if text:
            SubElement(spec, f"{{{STF}}}{name}").text = text


def _dpi(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    made = SubElement(parent, f"{{{DPI}}}{name}", attributes)
    if text:
        made.text = text
    return made
