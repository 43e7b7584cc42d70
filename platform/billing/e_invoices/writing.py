"""A bill's files for machines, each written when it is drawn. What writes them is loaded late: it takes its time."""

from functools import cache
from importlib import import_module, resources
from types import ModuleType

from defusedxml import ElementTree

from billing.e_invoices.wanted import Format, formats_of
from billing.models import Bill
from kernel.files.pdf import Embedded
from tenants.models import Tenant
from tenants.settings.contacts import Contact, contact_for

NAME_IN_PDF = "factur-x.xml"
LEVEL = "EN 16931"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
FX = "{urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#}"


def embedded_in(bill: Bill, tenant: Tenant) -> Embedded | None:
    """Return the Factur-X that lies in the PDF of a bill; None where machines do not read it so.

    Raises an exception where the official schema refuses it.
    """
    if Format.FACTUR_X not in formats_of(bill, contact=_contact(bill, tenant)):
        return None
    return Embedded(
        name=NAME_IN_PDF,
        content=_loaded("cii").factur_x(bill),
        description="Factur-X",
        relationship="Alternative",
        made_at=bill.issued_at,
        metadata=_metadata(),
    )


def file_for_machines(bill: Bill, tenant: Tenant) -> bytes:
    """Return the bill as a file of its own, XRechnung or FA(3); nothing where nobody wants one.

    Raises an exception where the official schema refuses it.
    """
    contact = _contact(bill, tenant)
    formats = formats_of(bill, contact=contact)
    content = b""
    if Format.X_RECHNUNG in formats:
        content = _loaded("cii").x_rechnung(bill, contact=contact)
    elif Format.FA3 in formats:
        content = _loaded("fa3").fa3(bill)
    return content


def _contact(bill: Bill, tenant: Tenant) -> Contact:
    return contact_for(tenant, order=bill.country)


@cache
def _loaded(name: str) -> ModuleType:
    return import_module(f"billing.e_invoices.{name}")


@cache
def _metadata() -> bytes:
    """Return what a PDF says of the Factur-X in it: the library's own words, for our level."""
    rdf = ElementTree.parse(resources.files("facturx") / "xmp/Factur-X_extension_schema.xmp").getroot()
    for level in rdf.iter(f"{FX}ConformanceLevel"):
        level.text = LEVEL
    return b"".join(ElementTree.tostring(said) for said in rdf.iter(f"{RDF}Description"))
