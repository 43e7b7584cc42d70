"""A partner is born: row, host, schema, role and first rows in one transaction. Needs the owner's login.

The schema comes from the recorded template (``tenants.lifecycle.template``), so no migration runs here; what fails or
is killed leaves nothing behind, because all of it, the role included, is one transaction.
"""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from tenants.context import platform_context, tenant_context
from tenants.errors import UnableToCreateTenant
from tenants.isolation.names import TEMPLATE_SCHEMA, schema_name_for
from tenants.isolation.roles import app_login, grant_tenant
from tenants.lifecycle.operations import Progress, tell_nobody
from tenants.lifecycle.template import template_sql
from tenants.models import Domain, Tenant
from tenants.services import apply_theme, new_partner_faults


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


def register_tenant(slug: str, domain: str, fields: dict[str, Any]) -> Tenant:
    """Write the partner's row and its host; an own host waits for its verification.

    Raises UnableToCreateTenant with the faults by field.
    """
    if faults := new_partner_faults(slug=slug, domain=domain, fields=fields):
        raise UnableToCreateTenant(faults)
    tenant = Tenant(slug=slug, schema_name=schema_name_for(slug), **fields)
    apply_theme(tenant)
    try:
        with transaction.atomic():
            tenant.save()
            Domain.objects.create(domain=f"{slug}.{settings.BASE_DOMAIN}", tenant=tenant, is_primary=True)
    except IntegrityError as error:
        # Somebody was faster with the same name; the unique columns decide who is first.
        raise UnableToCreateTenant({"slug": _("This name is taken.")}) from error
    return tenant
