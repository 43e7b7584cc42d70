"""A partner's sandbox: a twin for its developers, with its packages and with friends who are nobody.

What makes it harmless stands elsewhere: the database keeps its friends and its money apart, and what it would send is
held back (docs/decisions/0020). The handler at the end is what the owner's worker does for an operation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from catalog.models import Package, Price, Question
from crowd.simulated import RADIUS_M, simulate_friends
from developers.models import Endpoint, Key, KeyAct
from skills.selectors import usable_skills
from tenants.context import platform_context, tenant_context
from tenants.errors import IllegalTenantMove
from tenants.lifecycle.copying import copy_rows, count_on
from tenants.lifecycle.life_cycle import NOT_LEAVING, delete_sandbox, request_owner
from tenants.lifecycle.operations import Outcome, Progress, tell_nobody
from tenants.lifecycle.provisioning import provision_tenant
from tenants.models import Domain, Feature, OnSite, Operation, OperationKind, Tenant
from tenants.selectors import operations_of, sandbox_of, tenant_url
from tenants.services import lock_tenant
from tenants.settings.rules import LONGEST_SLUG, SANDBOXES
from tenants.settings.sellers import SellerKind
from tenants.settings.ways import ways_in

# The partner's settings that a sandbox has too. It has no quiet hours, for those who answer in it never sleep.
SAME = (
    *("legal_name", "tagline", "email", "phone", "address", "country_contacts", "reminders", "languages"),
    *("default_language", "countries", "currency", "sender_name", "reply_to", "brand_colour"),
    *(
        "accent_colour",
        "theme",
        "logo",
        "wave_size",
        "wave_minutes",
        "wave_minutes_by_hour",
        "contact_hours",
        "booking_days",
    ),
    *("visits_from", "visits_until", "newcomer_seat", "question_rest_minutes", "last_resort", "pro_surcharge_bp"),
    *("diagnosis_bp", "no_show_bp", "cancellation_fees", "commission_bp"),
)
# The packages, and who calls: all else of a sandbox begins anew with it.
CATALOGUE: tuple[type[Model], ...] = (Package, Price, Question)
CALLERS: tuple[type[Model], ...] = (Key, KeyAct, Endpoint)
INVOICE = "invoice"
# Nobody brings a card reader.
ON_SITE = "card_on_site"


@dataclass(frozen=True)
class Standing:
    """A partner's sandbox, if it has one, and what was last asked for about it."""

    sandbox: Tenant | None
    operation: Operation | None


def standing_of(partner: Tenant) -> Standing:
    """Return how things stand with a partner's sandbox (2 queries)."""
    with platform_context():
        asked = operations_of(partner).filter(kind=OperationKind.SANDBOX)
        return Standing(sandbox_of(partner.pk), asked.first())


def ask_for_sandbox(*, partner: Tenant, who: str, now: datetime) -> Operation:
    """Ask the owner's worker for a sandbox, or for a fresh one in the place of the present."""
    return request_owner(kind=OperationKind.SANDBOX, tenant=partner, who=who, now=now)


def make_sandbox(*, partner: Tenant, now: datetime, progress: Progress = tell_nobody) -> Tenant:
    """Make a partner's sandbox, or make it anew with today's packages; its keys and endpoints stay.

    Needs the owner's login. Raises UnableToCreateTenant, or TemplateOutOfDate; then all is as before.
    """
    with platform_context(), transaction.atomic():
        locked = lock_tenant(partner)
        former = sandbox_of(locked.pk)
        callers = _callers_of(former) if former else {}
        if former:
            delete_sandbox(sandbox=former)
        sandbox = provision_tenant(
            slug=_free_slug(locked), progress=progress, sandbox_of=locked, **_settings_of(locked)
        )
        copy_rows(CATALOGUE, source=locked.schema_name, target=sandbox.schema_name)
        with tenant_context(sandbox):
            _bring_back(callers, sandbox)
        skills = [skill.pk for skill in usable_skills(owner=locked.pk)]
        simulate_friends(
            sandbox_id=sandbox.pk,
            countries=sandbox.countries,
            languages=sandbox.languages,
            skill_ids=skills,
            now=now,
        )
    return sandbox


def delete_sandbox_of(partner: Tenant) -> None:
    """Take a partner's sandbox away, if it has one. Needs the owner's login."""
    with platform_context():
        sandbox = sandbox_of(partner.pk)
    if sandbox is not None:
        delete_sandbox(sandbox=sandbox)


def prepare_sandbox(operation: Operation, progress: Progress, now: datetime) -> Outcome:
    """Carry out an operation that makes a sandbox, or makes it anew."""
    if operation.tenant is None:
        raise IllegalTenantMove(NOT_LEAVING)
    sandbox = make_sandbox(partner=operation.tenant, now=now, progress=progress)
    return Outcome(operation.tenant, {"slug": sandbox.slug, "url": tenant_url(sandbox)})


def _settings_of(partner: Tenant) -> dict[str, Any]:
    return {name: getattr(partner, name) for name in SAME} | {
        "name": f"{partner.name[:70]} (Test)",
        # What is drawn says that nobody should pay it.
        "is_demo": True,
        "features": sorted({*partner.features, Feature.API}),
        "overflows": False,
        "own_waves": max(partner.own_waves, 1),
        "reach_m": RADIUS_M,
        "on_site_provider": OnSite.NOBODY,
        # Neither friends nor the platform sell to nobody.
        "sellers": {
            country: {part: value for part, value in parts.items() if part != "iban"} | {"kind": SellerKind.PARTNER}
            for country, parts in partner.sellers.items()
        },
        "ways_to_pay": {
            country: [way for way in ways_in(partner, country) if way != ON_SITE] or [INVOICE]
            for country in partner.countries
        },
    }


def _free_slug(partner: Tenant) -> str:
    """Return the sandbox's short name: the partner's, unless another one's sandbox was called so before."""
    wanted = f"{SANDBOXES}{partner.slug}"
    is_taken = Domain.objects.filter(domain=f"{wanted}.{settings.BASE_DOMAIN}").exists()
    return f"{SANDBOXES}{partner.pk}" if is_taken or len(wanted) > LONGEST_SLUG else wanted


def _callers_of(sandbox: Tenant) -> dict[type[Model], list[dict[str, Any]]]:
    with tenant_context(sandbox):
        return {model: list(model._default_manager.values()) for model in CALLERS}


def _bring_back(callers: Mapping[type[Model], Sequence[dict[str, Any]]], sandbox: Tenant) -> None:
    for model, rows in callers.items():
        about = {"tenant_id": sandbox.pk} if model is Endpoint else {}
        model._default_manager.bulk_create(model(**row | about) for row in rows)
    count_on(list(callers), schema=sandbox.schema_name)
