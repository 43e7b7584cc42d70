"""Planting the demo's partners: tenant, schema, catalogue, pages, manager. Each step is skipped where it is done."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from accounts.models import User
from catalog.models import Package, Price, Question
from cms.services import Words, invite_manager, plant_site
from demo.data import load
from places.countries import COUNTRIES
from skills.services import define_skill
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.services import create_tenant, migrate_tenant

PASSWORD = "quartett-demo"
LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
TENANT_FIELDS = ("email", "phone", "languages", "default_language", "countries", "own_waves", "tagline")

Say = Callable[[str], None]


def plant_skills() -> None:
    """Define the tree of skills."""
    for group in load("skills")["group"]:
        parent = define_skill(slug=group["slug"], names=group["names"])
        for leaf in group["leaves"]:
            define_skill(
                slug=leaf["slug"],
                names=leaf["names"],
                parent=parent,
                needs_certificate=leaf.get("needs_certificate", False),
            )


def plant_partners(*, say: Say, now: datetime) -> list[Tenant]:
    """Plant every partner of brands.toml and return them."""
    return [_plant(slug, brand, say) for slug, brand in load("brands").items()]


def manager_email(slug: str) -> str:
    """Return the sign-in of a demo partner's manager."""
    return f"manager@{slug}.example"


def _plant(slug: str, brand: dict[str, Any], say: Say) -> Tenant:
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        say(slug)
        tenant = create_tenant(
            slug=slug,
            name=brand["name"],
            legal_name=brand["legal_name"],
            is_demo=True,
            brand_colour=brand["colour"],
            accent_colour=brand["accent"],
            logo=f"quartett/brands/{slug}.svg",
            **{name: brand[name] for name in TENANT_FIELDS},
        )
    with tenant_context(tenant):
        is_planted = _has_tables() and Package.objects.exists()
    if not is_planted:
        migrate_tenant(tenant)
        with tenant_context(tenant), transaction.atomic():
            _plant_catalogue(tenant, brand["packages"])
            plant_site(tenant=tenant, hostname=f"{slug}.{settings.BASE_DOMAIN}", words=_words(tenant))
            if not User.objects.filter(email=manager_email(slug)).exists():
                invite_manager(
                    email=manager_email(slug),
                    password=PASSWORD,
                    first_name="Maja",
                    last_name=brand["name"],
                    language=tenant.default_language,
                )
    return tenant


def _has_tables() -> bool:
    return Package._meta.db_table in connection.introspection.table_names()


def _plant_catalogue(tenant: Tenant, slugs: list[str]) -> None:
    packages, questions = load("packages"), load("questions")
    for place, slug in enumerate(slugs):
        data = packages[slug]
        package = Package.objects.create(
            slug=slug,
            icon=data["icon"],
            minutes=data["minutes"],
            skills=data["skills"],
            sort_order=place,
            **_columns(data, tenant, "name", "summary", "included", "not_included"),
        )
        Price.objects.bulk_create(
            [
                Price(
                    package=package, country=code, currency=COUNTRIES[code].currency, amount_minor=data["prices"][code]
                )
                for code in tenant.countries
            ]
        )
        for position, key in enumerate(data["questions"]):
            _plant_question(package, key, questions[key], position, tenant)


def _plant_question(package: Package, key: str, data: dict[str, Any], position: int, tenant: Tenant) -> None:
    options = {code: "\n".join(texts) for code, texts in data.get("options", {}).items()}
    Question.objects.create(
        package=package,
        key=key,
        kind=data["kind"],
        is_required=data["required"],
        min_value=data.get("min"),
        max_value=data.get("max"),
        max_length=data.get("max_length", 500),
        sort_order=position,
        **_columns(data | {"options": options, "help": data.get("help", {})}, tenant, "label", "help", "options"),
    )


def _columns(data: dict[str, Any], tenant: Tenant, *fields: str) -> dict[str, str]:
    """Return the translated columns in the partner's languages."""
    return {f"{field}_{code}": data[field].get(code, "") for field in fields for code in tenant.languages}


def _words(tenant: Tenant) -> Words:
    pages = load("pages")
    slugs = ("packages", "imprint", "privacy")
    return Words(
        headline=tenant.tagline,
        introduction=pages["introduction"],
        titles={slug: pages[slug]["title"] for slug in slugs},
        bodies={
            slug: {
                code: text.format(name=tenant.name, legal=tenant.legal_name)
                for code, text in pages[slug]["body"].items()
            }
            for slug in slugs
        },
    )
