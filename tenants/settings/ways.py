"""Which ways to pay a partner offers in a country; billing.methods says what each of them means."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from places.countries import COUNTRIES
from tenants.models import Tenant

_ALL = frozenset(COUNTRIES)
# Where customers have each way, by its code, in the order in which they are offered.
WAYS: Mapping[str, frozenset[str]] = {
    "twint": frozenset({"CH"}),
    "blik": frozenset({"PL"}),
    "p24": frozenset({"PL"}),
    "eps": frozenset({"AT"}),
    "card": _ALL,
    "sepa_debit": frozenset({"DE", "AT"}),
    "card_on_site": _ALL,
    "cash": _ALL,
    "invoice": _ALL,
}
# How an order is paid of which the customer pays nothing; nobody chooses it.
PARTNER_PAYS = "partner"
# What is offered in a country of which the partner has said nothing.
USUAL = ("card", "card_on_site", "cash", "invoice")
# Those that need no payment provider.
OFFLINE = frozenset({"cash", "invoice"})


def ways_there(country: str) -> tuple[str, ...]:
    """Return the ways that customers have in a country."""
    return tuple(way for way, countries in WAYS.items() if country in countries)


def ways_in(tenant: Tenant, country: str) -> tuple[str, ...]:
    """Return the ways that a partner offers in a country."""
    chosen = tenant.ways_to_pay.get(country, USUAL)
    return tuple(way for way in ways_there(country) if way in chosen)


def ways_fault(country: str, ways: Sequence[str]) -> str:
    """Return what is wrong with the ways chosen for a country; nothing where nothing is."""
    if set(ways) - set(ways_there(country)):
        return _("Please choose from the ways to pay in this country.")
    if settings.STRIPE_KEY:
        return "" if ways else _("Please choose at least one way to pay.")
    return "" if OFFLINE.intersection(ways) else _("Please choose cash or invoice: online payment is not set up.")
