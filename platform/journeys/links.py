"""The addresses that mails lead to: an order's status page and a new password, by signed links, a friend's job."""

from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.tokens import Purpose, password_token
from tenants.models import Tenant
from tenants.selectors import platform_url, tenant_url
from tenants.tokens import sign, unsign

PURPOSE = "order-status"
# An order is over long before; an old mail should not open a stranger's data for ever.
VALID_S = 180 * 24 * 3600


def order_token(order_uuid: UUID | str) -> str:
    """Return the token of an order's status page. Run inside the tenant."""
    return sign(str(order_uuid), purpose=PURPOSE)


def read_order_token(token: str) -> str:
    """Return the uuid of the order. Run inside the tenant.

    Raises ``signing.SignatureExpired`` or ``signing.BadSignature``.
    """
    return unsign(token, purpose=PURPOSE, max_age_s=VALID_S)


def order_url(tenant: Tenant, order_uuid: UUID | str, language: str) -> str:
    """Return the absolute address of an order's status page. Run inside the tenant."""
    with translation.override(language):
        return tenant_url(tenant, reverse("storefront:order", settings.ROOT_URLCONF, [order_token(order_uuid)]))


def desk_url(tenant: Tenant, order_pk: int) -> str:
    """Return the absolute address of an order on the manager's desk."""
    return tenant_url(tenant, reverse("orders:inspect", settings.ROOT_URLCONF, [order_pk]))


def job_url(job_id: UUID | str, language: str) -> str:
    """Return the absolute address of a job for its friend."""
    with translation.override(language):
        return platform_url(reverse("friendhub:job", settings.PUBLIC_SCHEMA_URLCONF, [job_id]))


def password_url(tenant: Tenant | None, user: User, *, purpose: Purpose) -> str:
    """Return the absolute address where somebody chooses a password, once. Run inside the schema of the user.

    Without a tenant it is the platform's, for operators.
    """
    name = {Purpose.RESET: "account_choose_password", Purpose.INVITATION: "account_accept_invitation"}[purpose]
    urls = settings.PUBLIC_SCHEMA_URLCONF if tenant is None else settings.ROOT_URLCONF
    with translation.override(user.language):
        path = reverse(name, urls, [password_token(user, purpose=purpose)])
    return platform_url(path) if tenant is None else tenant_url(tenant, path)
