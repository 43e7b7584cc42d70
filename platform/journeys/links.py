"""The addresses that lead from one host to another: a status page, a friend's job, a password, the ways in and back."""

from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation

from accounts.errors import LinkIsVoid
from accounts.models import User
from accounts.tokens import Purpose, password_token
from tenants.access.tokens import sign, unsign
from tenants.models import Tenant
from tenants.selectors import host_url, platform_url, tenant_url

PURPOSE = "order-status"
# An order is over long before; an old mail should not open a stranger's data for ever.
VALID_S = 180 * 24 * 3600

PAID = "paid-on-site"
PAID_VALID_S = 7 * 24 * 3600

WISH = "place-wish"
WISH_VALID_S = 7 * 24 * 3600

ATTENDANCE, CHECK_IN = "event-attendance", "event-check-in"
# Somebody may sign up long before the day.
ATTENDANCE_VALID_S = 400 * 24 * 3600

WELCOME = "friend-welcome"
WELCOME_VALID_S = 7 * 24 * 3600


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
    return tenant_url(tenant, order_path(order_uuid, language))


def order_path(order_uuid: UUID | str, language: str) -> str:
    """Return the path of an order's status page on the brand's host (no query). Run inside the tenant."""
    with translation.override(language):
        return reverse("storefront:order", settings.ROOT_URLCONF, [order_token(order_uuid)])


def booking_path(draft_id: UUID, language: str) -> str:
    """Return the path at which a customer goes on with a booking, on the brand's host (no query)."""
    with translation.override(language):
        return reverse("storefront:step", settings.ROOT_URLCONF, [draft_id, "questions"])


def read_paid_token(token: str) -> str:
    """Return the uuid of the order whose payment on site somebody comes back from. Run inside the tenant.

    Raises ``signing.BadSignature``, also where it is too old.
    """
    return unsign(token, purpose=PAID, max_age_s=PAID_VALID_S)


def paid_url(tenant: Tenant, order_uuid: UUID | str, language: str) -> str:
    """Return the absolute address to which whoever pays on site comes back. Run inside the tenant.

    It opens nothing of the order: it stands behind a code that friends and their customers scan.
    """
    with translation.override(language):
        path = reverse("storefront:paid", settings.ROOT_URLCONF, [sign(str(order_uuid), purpose=PAID)])
    return tenant_url(tenant, path)


def sumup_url() -> str:
    """Return the absolute address at which SumUp says that something has happened to a payment."""
    return platform_url(reverse("sumup_webhook", settings.PUBLIC_SCHEMA_URLCONF))


def booked_url(tenant: Tenant, draft_id: UUID | None, language: str) -> str:
    """Return the absolute address to which a customer comes back from paying: it tells a stranger nothing."""
    with translation.override(language):
        return tenant_url(tenant, reverse("storefront:done", settings.ROOT_URLCONF, [draft_id]))


def thread_url(tenant: Tenant, order_uuid: UUID | str, language: str) -> str:
    """Return the absolute address at which a customer reads and answers the friend. Run inside the tenant."""
    with translation.override(language):
        return tenant_url(tenant, reverse("storefront:messages", settings.ROOT_URLCONF, [order_token(order_uuid)]))


def job_thread_url(job_id: UUID | str, language: str) -> str:
    """Return the absolute address at which a friend reads and answers the customer."""
    with translation.override(language):
        return platform_url(reverse("friendhub:messages", settings.PUBLIC_SCHEMA_URLCONF, [job_id]))


def wish_url(tenant: Tenant, wish_id: UUID | str, language: str) -> str:
    """Return the absolute address where somebody confirms to wait for a package at a place. Run inside the tenant."""
    with translation.override(language):
        path = reverse("storefront:confirm_wish", settings.ROOT_URLCONF, [sign(str(wish_id), purpose=WISH)])
    return tenant_url(tenant, path)


def read_wish_token(token: str) -> str:
    """Return the id of the wish. Run inside the tenant.

    Raises ``signing.BadSignature``, also where it is too old.
    """
    return unsign(token, purpose=WISH, max_age_s=WISH_VALID_S)


def event_path(event_id: UUID | str, language: str) -> str:
    """Return the path that leads to the page of an event on the brand's host (no query)."""
    with translation.override(language):
        return reverse("storefront:event", settings.ROOT_URLCONF, [event_id])


def member_event_url(tenant: Tenant, event_id: UUID | str, language: str) -> str:
    """Return the absolute address that lets a friend into the community and leads to the page of an event."""
    with translation.override(language):
        wanted = reverse("storefront:event", settings.ROOT_URLCONF, [event_id])
        return _with_query(tenant_url(tenant, reverse("memberhub:enter_community", settings.ROOT_URLCONF)), next=wanted)


def attendance_url(tenant: Tenant, sign_up_id: UUID | str, language: str) -> str:
    """Return the absolute address where a guest confirms, sees or cancels a sign-up. Run inside the tenant."""
    with translation.override(language):
        path = reverse("storefront:attendance", settings.ROOT_URLCONF, [sign(str(sign_up_id), purpose=ATTENDANCE)])
    return tenant_url(tenant, path)


def read_attendance_token(token: str) -> str:
    """Return the id of the sign-up. Run inside the tenant.

    Raises ``signing.BadSignature``, also where it is too old.
    """
    return unsign(token, purpose=ATTENDANCE, max_age_s=ATTENDANCE_VALID_S)


def check_in_url(tenant: Tenant, sign_up_id: UUID | str) -> str:
    """Return the absolute address behind a guest's code: managers check in there. Run inside the tenant."""
    token = sign(str(sign_up_id), purpose=CHECK_IN)
    return tenant_url(tenant, reverse("event_code", settings.ROOT_URLCONF, [token]))


def read_check_in_token(token: str) -> str:
    """Return the id of the sign-up that a code is of. Run inside the tenant.

    Raises ``signing.BadSignature``, also where it is too old.
    """
    return unsign(token, purpose=CHECK_IN, max_age_s=ATTENDANCE_VALID_S)


def package_url(tenant: Tenant, slug: str, language: str) -> str:
    """Return the absolute address of a package."""
    with translation.override(language):
        return tenant_url(tenant, reverse("storefront:package", settings.ROOT_URLCONF, [slug]))


def desk_url(tenant: Tenant, order_pk: int) -> str:
    """Return the absolute address of an order on the manager's desk."""
    return tenant_url(tenant, reverse("orders:inspect", settings.ROOT_URLCONF, [order_pk]))


def rating_desk_url(tenant: Tenant, order_uuid: UUID | str) -> str:
    """Return the absolute address of an order's ratings in the managers' admin."""
    return tenant_url(tenant, reverse("ratings_of_order", settings.ROOT_URLCONF, [order_uuid]))


def job_url(job_id: UUID | str, language: str) -> str:
    """Return the absolute address of a job for its friend."""
    with translation.override(language):
        return platform_url(reverse("friendhub:job", settings.PUBLIC_SCHEMA_URLCONF, [job_id]))


def why_url(language: str) -> str:
    """Return the absolute address of a friend's page of decisions and demand."""
    return _on_platform("friendhub:why", language)


def review_url(review_id: UUID | str, language: str) -> str:
    """Return the absolute address of a review for operators."""
    with translation.override(language):
        return platform_url(reverse("operators:review", settings.PUBLIC_SCHEMA_URLCONF, [review_id]))


def password_url(tenant: Tenant | None, user: User, *, purpose: Purpose) -> str:
    """Return the absolute address where somebody chooses a password, once. Run inside the schema of the user.

    Without a tenant it is the platform's, for operators.
    """
    name = {Purpose.RESET: "account_choose_password", Purpose.INVITATION: "account_accept_invitation"}[purpose]
    urls = settings.PUBLIC_SCHEMA_URLCONF if tenant is None else settings.ROOT_URLCONF
    with translation.override(user.language):
        path = reverse(name, urls, [password_token(user, purpose=purpose)])
    return platform_url(path) if tenant is None else tenant_url(tenant, path)


def welcome_url(friend_id: UUID | str, language: str) -> str:
    """Return the absolute address where who signed up as a friend confirms the mail address. Run on the platform."""
    with translation.override(language):
        path = reverse("friendhub:follow_link", settings.PUBLIC_SCHEMA_URLCONF, [sign(str(friend_id), purpose=WELCOME)])
    return platform_url(path)


def friend_password_url(user: User) -> str:
    """Return the absolute address where a friend chooses a new password, once and for an hour. Run on the platform."""
    with translation.override(user.language):
        token = password_token(user, purpose=Purpose.RESET)
        path = reverse("friendhub:follow_password_link", settings.PUBLIC_SCHEMA_URLCONF, [token])
    return platform_url(path)


def read_welcome_token(token: str) -> UUID:
    """Return which friend a token is for. Run on the platform.

    Raises LinkIsVoid.
    """
    try:
        return UUID(unsign(token, purpose=WELCOME, max_age_s=WELCOME_VALID_S))
    except signing.BadSignature as error:
        raise LinkIsVoid from error


def sign_up_url(language: str, *, partner: str = "") -> str:
    """Return the absolute address where somebody becomes a friend, by way of a partner's site where one is named."""
    url = _on_platform("friendhub:join", language)
    return _with_query(url, partner=partner) if partner else url


def joining_url(language: str) -> str:
    """Return the absolute address of the page that shows a new friend what is done and what waits."""
    return _on_platform("friendhub:joining", language)


def pro_url(language: str) -> str:
    """Return the absolute address of a friend's page about being a pro."""
    return _on_platform("friendhub:pro", language)


def payouts_url(language: str) -> str:
    """Return the absolute address of a friend's payouts."""
    return _on_platform("friendhub:payouts", language)


def seller_data_url(language: str) -> str:
    """Return the absolute address of a friend's tax details and of what was reported."""
    return _on_platform("friendhub:seller_data", language)


def handbook_url(language: str) -> str:
    """Return the absolute address of the friends' handbook."""
    return _on_platform("friendhub:handbook", language)


def earnings_url(slug: str, language: str) -> str:
    """Return the absolute address of the page that says what each job of a brand pays."""
    with translation.override(language):
        return platform_url(reverse("friendhub:earnings", settings.PUBLIC_SCHEMA_URLCONF, args=[slug]))


def friends_app_url(language: str) -> str:
    """Return the absolute address of the friends' app."""
    return _on_platform("friendhub:offers", language)


def notices_url(language: str) -> str:
    """Return the absolute address of a friend's notices."""
    return _on_platform("friendhub:notices", language)


def notice_settings_url(language: str) -> str:
    """Return the absolute address where a friend chooses what they hear of and when."""
    return _on_platform("friendhub:notice_settings", language)


def certificates_url(language: str) -> str:
    """Return the absolute address of a friend's tests and certificates."""
    return _on_platform("friendhub:tests", language)


def begin_entry_url(host: str, language: str) -> str:
    """Return the address at which a friend begins to enter a community."""
    with translation.override(language):
        return host_url(host, reverse("memberhub:enter_community", settings.ROOT_URLCONF))


def ask_entry_url(*, host: str, state_hash: str, language: str) -> str:
    """Return the platform's address that lets a signed-in friend into the community at a host."""
    return _with_query(_on_platform("friendhub:enter_community", language), host=host, state=state_hash)


def arrive_url(*, host: str, code: str, language: str) -> str:
    """Return the address at which a friend arrives in a community."""
    with translation.override(language):
        path = reverse("memberhub:arrive_in_community", settings.ROOT_URLCONF)
    return _with_query(host_url(host, path), code=code)


def begin_support_url(host: str) -> str:
    """Return the address at which an operator begins to enter a partner's admin."""
    return host_url(host, reverse("support_enter", settings.ROOT_URLCONF))


def ask_support_url(*, host: str, state_hash: str, language: str) -> str:
    """Return the platform's address that lets a signed-in operator into the admin at a host."""
    return _with_query(_on_platform("operators:enter_support", language), host=host, state=state_hash)


def arrive_for_support_url(*, host: str, code: str) -> str:
    """Return the address at which an operator arrives in a partner's admin."""
    return _with_query(host_url(host, reverse("support_arrive", settings.ROOT_URLCONF)), code=code)


def support_accesses_url(tenant: Tenant) -> str:
    """Return the absolute address of the list of support accesses in a partner's admin."""
    return tenant_url(tenant, reverse("support_accesses", settings.ROOT_URLCONF))


def settings_url(tenant: Tenant) -> str:
    """Return the absolute address of the settings in a partner's admin."""
    return tenant_url(tenant, reverse("partner_settings", settings.ROOT_URLCONF))


def endpoint_url(tenant: Tenant, endpoint_uuid: UUID) -> str:
    """Return the absolute address of the page of an endpoint in a partner's admin."""
    return tenant_url(tenant, reverse("webhook", settings.ROOT_URLCONF, [endpoint_uuid]))


def own_invoices_url(tenant: Tenant) -> str:
    """Return the absolute address of the invoices of the platform in a partner's admin."""
    return tenant_url(tenant, reverse("own_invoices", settings.ROOT_URLCONF))


def documents_url(tenant: Tenant) -> str:
    """Return the absolute address of the documents that wait in a partner's admin."""
    return tenant_url(tenant, reverse("friend_documents", settings.ROOT_URLCONF))


def document_desk_url(language: str) -> str:
    """Return the absolute address of the documents that wait for the operators."""
    return _on_platform("operators:documents", language)


def card_desk_url(language: str) -> str:
    """Return the absolute address of the card payments that wait for the operators."""
    return _on_platform("operators:payments", language)


def reconciliation_url(language: str) -> str:
    """Return the absolute address of the differences between the books and what others say."""
    return _on_platform("operators:reconciliation", language)


def _on_platform(name: str, language: str) -> str:
    with translation.override(language):
        return platform_url(reverse(name, settings.PUBLIC_SCHEMA_URLCONF))


def _with_query(url: str, **query: str) -> str:
    return f"{url}?{urlencode(query)}"
