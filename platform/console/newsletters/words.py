"""How newsletters are named in the admin."""

from django.utils.translation import get_language_info

from tenants.models import Tenant


def language_choices(tenant: Tenant) -> list[tuple[str, str]]:
    """Return the partner's languages with their names in the reader's."""
    return [(code, get_language_info(code)["name_translated"]) for code in tenant.languages]
