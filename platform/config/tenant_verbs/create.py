"""Create a partner."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings

from journeys.partner.onboard_partner import FirstManager, onboard_partner
from kernel.clock import now
from places.countries import COUNTRIES
from tenants.isolation.logins import become_owner
from tenants.selectors import tenant_url

HELP = "Make a partner that can be served at once, and invite its first manager."
LANGUAGES = [code for code, _ in settings.LANGUAGES]


def add_arguments(parser: ArgumentParser) -> None:
    """Take the slug, what the brand is, where it works, and whom to invite."""
    parser.add_argument("slug", help="short name; the address is SLUG and the platform's domain")
    parser.add_argument("--name", required=True, help="name of the brand")
    parser.add_argument("--legal-name", default="", help="name of the company, where it differs")
    parser.add_argument("--countries", required=True, help=f"such as DE,AT; there are {', '.join(COUNTRIES)}")
    parser.add_argument(
        "--languages", required=True, help=f"such as de,en, the default first; of {', '.join(LANGUAGES)}"
    )
    parser.add_argument("--currency", default="", help="currency of reports; the first country's where it is not given")
    parser.add_argument("--email", default="", help="contact address, shown to customers")
    parser.add_argument("--phone", default="", help="contact phone, shown to customers")
    parser.add_argument("--address", default="", help="postal address, shown to customers")
    parser.add_argument("--colour", default="#0a5c5c", help="brand colour such as #0a5c5c")
    parser.add_argument("--domain", default="", help="own host name; it is served once it is verified")
    parser.add_argument("--manager-email", required=True, help="the first manager gets an invitation")
    parser.add_argument("--manager-name", required=True, help="first and last name")


def handle(options: dict[str, Any], *, say: Callable[[str], None], who: str) -> None:
    """Create it, telling each step."""
    become_owner()
    begun = time.monotonic()
    first_name, _, last_name = options["manager_name"].partition(" ")
    languages, countries = _list(options["languages"]), _list(options["countries"])
    tenant = onboard_partner(
        slug=options["slug"],
        domain=options["domain"],
        manager=FirstManager(
            email=options["manager_email"],
            first_name=first_name,
            last_name=last_name,
            language=languages[0] if languages else "",
        ),
        who=who,
        now=now(),
        progress=lambda step, percent: say(f"{percent:>3} %  {step.replace('_', ' ')}"),
        name=options["name"],
        legal_name=options["legal_name"],
        countries=countries,
        currency=options["currency"] or _currency(countries),
        languages=languages,
        default_language=languages[0] if languages else "",
        email=options["email"],
        phone=options["phone"],
        address=options["address"],
        brand_colour=options["colour"],
    )
    say(f"{tenant.name} is at {tenant_url(tenant)} after {time.monotonic() - begun:.1f} s.")
    say(f"An invitation is on its way to {options['manager_email']}.")


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _currency(countries: list[str]) -> str:
    """Return the first country's currency; a country that is not ours is refused with the other settings."""
    country = COUNTRIES.get(countries[0]) if countries else None
    return country.currency if country else "EUR"
