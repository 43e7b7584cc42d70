"""Planting the demo's partners: tenant, schema, catalogue, pages, manager. Each step is skipped where it is done."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.groups import MANAGERS
from accounts.services import add_staff
from catalog.starter import clear_catalogue, plant_package
from cms.services import rewrite_page
from demo.data import load
from kernel.wording.texts import pick
from tenants.context import tenant_context
from tenants.lifecycle.provisioning import provision_tenant
from tenants.models import Tenant
from tenants.settings.ways import ways_there

PASSWORD = "quartett-demo"
TENANT_FIELDS = (
    *("email", "phone", "address", "country_contacts", "sellers"),
    *("languages", "default_language", "countries", "own_waves", "tagline"),
)

Say = Callable[[str], None]


def plant_partners(*, say: Say, now: datetime) -> list[Tenant]:
    """Plant every partner of brands.toml and return them."""
    return [_plant(slug, brand, say) for slug, brand in load("brands").items()]


def manager_email(slug: str) -> str:
    """Return the sign-in of a demo partner's manager."""
    return f"manager@{slug}.example"


def _plant(slug: str, brand: dict[str, Any], say: Say) -> Tenant:
    found = Tenant.objects.filter(slug=slug).first()
    if found is not None:
        return found
    say(slug)
    with transaction.atomic():
        tenant = provision_tenant(
            slug=slug,
            name=brand["name"],
            legal_name=brand["legal_name"],
            is_demo=True,
            theme=brand["theme"],
            brand_colour=brand["colour"],
            accent_colour=brand["accent"],
            logo=f"quartett/brands/{slug}.svg",
            ways_to_pay={country: list(ways_there(country)) for country in brand["countries"]},
            **{name: brand[name] for name in TENANT_FIELDS},
        )
        with tenant_context(tenant):
            clear_catalogue()
            for place, package in enumerate(brand["packages"]):
                plant_package(
                    slug=package,
                    sort_order=place,
                    countries=tenant.countries,
                    languages=tenant.languages,
                    is_open=True,
                )
            imprint = load("imprint")["body"]
            bodies = {code: pick(imprint, code).format(legal=tenant.legal_name) for code in imprint}
            rewrite_page(slug="imprint", bodies=bodies)
            add_staff(
                email=manager_email(slug),
                password=PASSWORD,
                first_name="Maja",
                last_name=brand["name"],
                language=tenant.default_language,
                group_name=MANAGERS,
            )
    return tenant
