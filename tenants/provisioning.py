"""A partner is born: row, host, schema, role and first rows in one transaction. Needs the owner's login.

The schema comes from the recorded template (``tenants.template``), so no migration runs here; what fails or is killed
leaves nothing behind, because all of it, the role included, is one transaction.
"""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django_tenants.utils import schema_exists

from tenants.context import platform_context, tenant_context
from tenants.errors import UnableToCreateTenant
from tenants.models import Domain, Tenant
from tenants.names import TEMPLATE_SCHEMA, schema_name_for
from tenants.operations import Progress, tell_nobody
from tenants.roles import app_login, grant_tenant
from tenants.services import apply_theme
from tenants.template import template_sql

# Host names below the platform's domain that are, or may become, the platform's own.
RESERVED = frozenset(
    {"account", "admin", "api", "app", "auth", "autodiscover", "cdn", "console", "docs", "help", "internal"}
    | {"localhost", "login", "mail", "media", "monitor", "ns", "operators", "platform", "public", "root", "security"}
    | {"smtp", "start", "static", "status", "support", "system", "template", "test", "webmail", "www"}
)

RESERVED_NAME = _("This name is reserved. Please choose another one.")
TAKEN_NAME = _("This name is taken. Please choose another one.")
HOST_NAME = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def provision_tenant(*, slug: str, domain: str = "", progress: Progress = tell_nobody, **fields: Any) -> Tenant:
    """Make a partner that can be served at once, and return it.

    ``fields`` are columns of ``Tenant``. ``progress`` is told each step with the percentage done. Raises
    UnableToCreateTenant with what is wrong about which field, or TemplateOutOfDate; nothing is left behind then.
    """
    sql = template_sql()
    with platform_context(), transaction.atomic():
        progress("register", 5)
        tenant = register_tenant(slug, domain, fields)
        progress("schema", 15)
        make_schema(tenant.schema_name, sql)
        progress("rights", 60)
        grant_tenant(tenant.schema_name, app_login=app_login())
        progress("first_rows", 70)
        with tenant_context(tenant):
            for path in settings.TENANT_STARTERS:
                import_string(path)(tenant)
        progress("done", 100)
    return tenant


def make_schema(schema_name: str, sql: str) -> None:
    """Run the template's recording under another name."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = ''; SET LOCAL check_function_bodies = off")
        cursor.execute(sql.replace(TEMPLATE_SCHEMA, schema_name))
    # The next cursor must not trust the path that it remembers.
    connection.search_path_set_schemas = None  # type: ignore[attr-defined]  # of django-tenants


def fault_of_slug(slug: str) -> Promise | None:
    """Return what is wrong with a new partner's slug beyond its form, in words, or None."""
    if slug in RESERVED:
        return RESERVED_NAME
    if Tenant.objects.filter(slug=slug).exists() or schema_exists(schema_name_for(slug)):
        return TAKEN_NAME
    return None


def fault_of_domain(domain: str) -> Promise | None:
    """Return what is wrong with a new host name, in words, or None."""
    if domain and not HOST_NAME.fullmatch(domain):
        return _("Please enter a domain such as help.example.com, without https:// and without a path.")
    return _("This domain belongs to another partner.") if Domain.objects.filter(domain=domain).exists() else None


def register_tenant(slug: str, domain: str, fields: dict[str, Any]) -> Tenant:
    """Write the partner's row and its hosts.

    Raises UnableToCreateTenant with the faults by field.
    """
    tenant = Tenant(slug=slug, schema_name=schema_name_for(slug), **fields)
    host = f"{slug}.{settings.BASE_DOMAIN}"
    faults = _faults_of_columns(tenant)
    if "slug" not in faults and (fault := fault_of_slug(slug) or fault_of_domain(host)):
        faults["slug"] = fault
    if fault := fault_of_domain(domain):
        faults["domain"] = fault
    if faults:
        raise UnableToCreateTenant(faults)
    try:
        with transaction.atomic():
            tenant.save()
            Domain.objects.create(domain=host, tenant=tenant, is_primary=True)
    except IntegrityError as error:
        # Somebody was faster with the same name; the unique columns decide who is first.
        raise UnableToCreateTenant({"slug": TAKEN_NAME}) from error
    return tenant


def _faults_of_columns(tenant: Tenant) -> dict[str, str | Promise]:
    """Return what the columns' own rules say, by field; the schema's name is derived, so its faults are the slug's."""
    try:
        apply_theme(tenant)
        tenant.full_clean(validate_unique=False)
    except ValidationError as error:
        found = error.update_error_dict({})
        own = {name: " ".join(ValidationError(faults).messages) for name, faults in found.items()}
        if "schema_name" in own:
            own.setdefault("slug", own.pop("schema_name"))
        return {("brand_colour" if name == NON_FIELD_ERRORS else name): text for name, text in own.items()}
    return {}
