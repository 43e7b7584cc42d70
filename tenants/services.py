"""Writes about partners."""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_tenants.utils import schema_exists

from kernel.web.themes import themes
from tenants.context import platform_context
from tenants.errors import SettingsChangedMeanwhile, UnableToChangeSettings, UnableToRequestOperation
from tenants.isolation.names import schema_name_for
from tenants.models import PUBLIC, Domain, Operation, OperationKind, SettingsChange, Tenant
from tenants.selectors import settings_version
from tenants.settings.rules import SETTINGS, host_fault, setting_faults, slug_fault
from tenants.settings.theming import mark_of, theme_css


def lock_tenant(tenant: Tenant) -> Tenant:
    """Lock the partner's row, which all who change something of it share, and return it as it is in the database."""
    return Tenant.objects.exclude(schema_name=PUBLIC).select_for_update().get(pk=tenant.pk)


def change_settings(*, tenant: Tenant, who: str, now: datetime, version: int | None = None, **fields: Any) -> Tenant:
    """Change some of the partner's settings, note who changed what, and return the partner as it is now.

    ``version`` is ``selectors.settings_version`` as it was when the form was opened. Values that stay as they are
    leave no trace. Raises SettingsChangedMeanwhile, or UnableToChangeSettings with the faults by field.
    """
    if unknown := set(fields) - set(SETTINGS):
        raise TypeError(f"no settings: {sorted(unknown)}")
    with platform_context(), transaction.atomic():
        locked = lock_settings(tenant, version)
        before = {name: getattr(locked, name) for name in fields}
        for name, value in fields.items():
            setattr(locked, name, value)
        changed = [name for name in fields if getattr(locked, name) != before[name]]
        if not changed:
            return locked
        if faults := setting_faults(locked, changed):
            raise UnableToChangeSettings(faults)
        apply_theme(locked)
        locked.save(update_fields=[*changed, "theme_css", "theme_hash"])
        SettingsChange.objects.bulk_create(
            SettingsChange(tenant=locked, at=now, who=who, field=name, before=before[name], after=getattr(locked, name))
            for name in changed
        )
    return locked


def request_operation(
    *,
    kind: str,
    who: str,
    now: datetime,
    tenant: Tenant | None = None,
    slug: str = "",
    request: dict[str, Any] | None = None,
) -> Operation:
    """Ask the owner's worker for something that only the database's owner can do, and return how to follow it.

    A creation names its ``slug`` and brings as ``request``: ``fields`` (settings of the new partner), ``domain`` (an
    own host name or nothing) and ``manager`` (``email``, ``first_name``, ``last_name``, ``language``).
    Raises UnableToRequestOperation with the faults by field.
    """
    # What goes wrong is told in the language of who asks.
    asked = {"language": get_language() or settings.LANGUAGE_CODE} | (request or {})
    with platform_context():
        if kind == OperationKind.CREATE and (faults := _creation_faults(slug, asked)):
            raise UnableToRequestOperation(faults)
        try:
            with transaction.atomic():
                return Operation.objects.create(
                    kind=kind,
                    tenant=tenant,
                    slug=tenant.slug if tenant else slug,
                    request=asked,
                    who=who,
                    created_at=now,
                )
        except IntegrityError as error:
            # The constraint says so where two ask at the same moment.
            raise UnableToRequestOperation({"slug": _("A partner of this name is being created already.")}) from error


def new_partner_faults(*, slug: str, domain: str, fields: dict[str, Any]) -> dict[str, str]:
    """Return what is wrong with a new partner's settings, its name and its own host (or none), by field."""
    faults = setting_faults(Tenant(**fields), {"name", "countries", "languages", "default_language", *fields})
    if "sandbox_of" not in fields and (fault := slug_fault(slug)):
        faults["slug"] = str(fault)
    elif _is_taken(f"{slug}.{settings.BASE_DOMAIN}") or schema_exists(schema_name_for(slug)):
        faults["slug"] = _("This name is taken.")
    if domain and (fault := host_fault(domain)):
        faults["domain"] = str(fault)
    elif domain and _is_taken(domain):
        faults["domain"] = _("This host name belongs to a partner already.")
    return faults


def ensure_platform_hosts() -> Tenant:
    """Create the row of the public schema with the hosts of start page and platform; running it twice is harmless."""
    public, _created = Tenant.objects.get_or_create(
        schema_name=PUBLIC,
        defaults={"slug": "platform", "name": "Quartett", "languages": [code for code, _name in settings.LANGUAGES]},
    )
    apply_themes()
    for host, is_primary in ((f"app.{settings.BASE_DOMAIN}", True), (settings.BASE_DOMAIN, False)):
        Domain.objects.get_or_create(domain=host, defaults={"tenant": public, "is_primary": is_primary})
    return public


def apply_themes() -> None:
    """Compute the colours anew of partners whose theme has other ones by now than those they were computed with."""
    for slug in themes():
        for tenant in Tenant.objects.filter(theme=slug).exclude(theme_css__startswith=mark_of(slug)).order_by("pk"):
            apply_theme(tenant)
            tenant.save(update_fields=["theme_css", "theme_hash"])


def wear(tenant: Tenant, theme: str) -> None:
    """Let the partner wear another theme, with its colours, for the time of a request; nothing is saved."""
    tenant.theme = theme
    apply_theme(tenant)


def apply_theme(tenant: Tenant) -> None:
    """Compute the AA-safe theme of the partner's colours; the caller saves it."""
    tenant.theme_css = theme_css(tenant.brand_colour, tenant.accent_colour or None, theme=tenant.theme)
    tenant.theme_hash = hashlib.sha256(tenant.theme_css.encode()).hexdigest()[:16]


def _is_taken(host: str) -> bool:
    return Domain.objects.filter(domain=host).exists()


def lock_settings(tenant: Tenant, version: int | None) -> Tenant:
    """Lock the partner whose settings somebody saw as ``version``.

    Raises SettingsChangedMeanwhile.
    """
    locked = lock_tenant(tenant)
    if version is not None and version != settings_version(locked):
        raise SettingsChangedMeanwhile
    return locked


def _creation_faults(slug: str, asked: dict[str, Any]) -> dict[str, str]:
    """Return what is wrong with the request for a new partner, by field; the manager's begin with ``manager_``."""
    faults = new_partner_faults(slug=slug, domain=asked.get("domain", ""), fields=asked.get("fields", {}))
    return faults | manager_faults(asked.get("manager", {}))


def manager_faults(manager: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with a new partner's first manager, by field."""
    faults = {}
    try:
        validate_email(manager.get("email", ""))
    except ValidationError as error:
        faults["manager_email"] = " ".join(error.messages)
    for name in ("first_name", "last_name"):
        if not manager.get(name, "").strip():
            faults[f"manager_{name}"] = _("Please enter the name of the first manager.")
    if manager.get("language") not in dict(settings.LANGUAGES):
        faults["manager_language"] = _("Please choose from the languages of the platform.")
    return faults
