"""Sellers whose accounts are the examples of the official documents, and orders that are done and billed."""

from typing import Any

from kernel.clock import now
from tenants.models import Tenant
from tenants.services import change_settings

# SIX's example of a QR-IBAN, and the examples of the registry of IBANs.
QR_IBAN = "CH4431999123000889012"
IBANS = {
    "CH": "CH9300762011623852957",
    "DE": "DE89370400440532013000",
    "AT": "AT611904300234573201",
    "PL": "PL61109010140000071219812874",
}
SEATS = {
    "CH": {"name": "Süd Technik AG", "street": "Bahnhofstrasse 12a", "postal_code": "8001", "town": "Zürich"},
    "DE": {"name": "Nord Technik GmbH", "street": "Invalidenstraße 4", "postal_code": "10115", "town": "Berlin"},
    "AT": {"name": "Ost Technik GmbH", "street": "Mariahilfer Straße 1", "postal_code": "1060", "town": "Wien"},
    "PL": {
        "name": "Wschód Łączność Sp. z o.o.",
        "street": "ul. Żurawia 3",
        "postal_code": "00-515",
        "town": "Warszawa",
    },
}
VAT_IDS = {"CH": "CHE-123.456.788 MWST", "DE": "DE136695976", "AT": "ATU13585627", "PL": "PL8567346215"}


def seller(country: str, **parts: Any) -> dict[str, Any]:
    """Return a seller of a country, as the setting keeps it."""
    usual = {"country": country, "vat_id": VAT_IDS[country], "iban": IBANS[country]}
    return SEATS[country] | usual | parts


def name_sellers(tenant: Tenant, **more: Any) -> Tenant:
    """Give a partner a seller in each of the four countries."""
    sellers = {country: seller(country, **more) for country in SEATS}
    return change_settings(tenant=tenant, who="Olga", now=now(), sellers=sellers)
