"""From host name to schema and from URL to language."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django_tenants.middleware.main import TenantMainMiddleware

from kernel.web.problems import is_api, problem
from tenants.context import current_tenant
from tenants.hosts.serving import has_test_key, sandbox_for, tenant_at
from tenants.migrating.behind import is_behind
from tenants.models import Domain, Tenant, TenantState
from tenants.requests import Request, is_served_while_closed
from tenants.selectors import tenant_url

Handler = Callable[[HttpRequest], HttpResponse]

SAFE = ("GET", "HEAD")
# A browser keeps a permanent redirect for ever unless told otherwise, and a partner may want its old name back.
KEEP_REDIRECT = "max-age=3600"
# When to come again: while an update runs, and while a partner is suspended.
RETRY_UPDATE_S = 60
RETRY_CLOSED_S = 24 * 3600
# Where the partner's staff signs in and works.
STAFFS_PATHS = ("/admin/", "/account/")
# Who runs a site, and what becomes of data, is to be read as long as the site answers at all.
LEGAL_PATHS = ("/imprint/", "/privacy/")
# The brand's colours come from the platform's table, so the page that says "later" may have them.
COLOURS = "/theme/"


class TenantMiddleware(TenantMainMiddleware):
    """Enter the schema of the host, in its time zone, and leave it after the answer."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request; a connection that stays open must not carry the tenant over."""
        if not _has_host(request):
            # No page of a brand: nobody knows whose it would be.
            return HttpResponseBadRequest("400", content_type="text/plain")
        connection.forget_schema()  # type: ignore[attr-defined]  # of our engine
        try:
            return super().__call__(request)
        finally:
            connection.set_schema_to_public()  # type: ignore[attr-defined]  # of django-tenants
            timezone.deactivate()

    @staticmethod
    def hostname_from_request(request: HttpRequest) -> str:
        """Return the host as it is; django-tenants takes a leading ``www.`` away, which is a host of its own."""
        return request.get_host().split(":")[0].lower()

    def get_tenant(self, domain_model: type[Domain], hostname: str) -> Tenant:
        """Find the tenant of a host; one that is not verified is as unknown as any other."""
        found = tenant_at(hostname)
        if found is None:
            raise domain_model.DoesNotExist
        tenant, is_primary = found
        tenant.is_at_primary_host = is_primary  # type: ignore[attr-defined]  # of this request only
        return tenant

    def process_request(self, request: Request) -> HttpResponse | None:
        """Set ``request.tenant``; a host without a row is answered 404."""
        response = super().process_request(request)
        _enter_sandbox(request)
        timezone.activate(request.tenant.time_zone)
        return response


class OwnDomainMiddleware:
    """Bind browsers to https at a partner's own domain alone: what lies below it is the partner's business."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set the header first; Django's own, which speaks for all hosts below, leaves it as it is."""
        response = self.get_response(request)
        if settings.SECURE_HSTS_SECONDS and request.is_secure() and not _is_platforms(request):
            response.headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        return response


class TenantLocaleMiddleware(LocaleMiddleware):
    """Django's choice of language, kept to the languages that the partner has."""

    def process_request(  # type: ignore[override]  # Django takes an answer here
        self, request: HttpRequest
    ) -> HttpResponse | None:
        """Choose by URL, cookie and browser; send a language that the partner lacks to its default.

        What is sent off, as by the button of an old mail, would get lost on the way: it is answered in the default.
        """
        super().process_request(request)
        tenant = current_tenant()
        if tenant is None or request.LANGUAGE_CODE in tenant.languages:
            return None
        language, path = tenant.default_language, request.path_info
        from_path = translation.get_language_from_path(path)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        if from_path:
            rest = path.removeprefix(f"/{from_path}")
            if request.method not in SAFE:
                request.path_info = f"/{language}{rest}"
                return None
            query = request.META.get("QUERY_STRING", "")
            return HttpResponseRedirect(f"/{language}{rest}" + (f"?{query}" if query else ""))
        return None

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:  # type: ignore[override]
        """Name the language of the answer; a program that is told that there is nothing is led to no page."""
        if not is_api(request):
            return super().process_response(request, response)  # type: ignore[return-value]  # Django's is as wide as all its answers
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        patch_vary_headers(response, ("Accept-Language",))
        return response


class PrimaryHostMiddleware:
    """Send readers of a partner's other hosts to the main one; what is sent off there is still taken."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Redirect permanently, with path and query; the health check answers on every host."""
        tenant = current_tenant()
        if (
            tenant is None
            or getattr(tenant, "is_at_primary_host", True)
            or request.method not in SAFE
            or request.path_info == "/health/"
        ):
            return self.get_response(request)
        response = HttpResponsePermanentRedirect(tenant_url(tenant, request.get_full_path()))
        response.headers["Cache-Control"] = KEEP_REDIRECT
        return response


class UpdateMiddleware:
    """Answer for a tenant whose schema lacks migrations; its pages would fail in the middle."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or say that the site is being updated, in the language chosen before."""
        tenant = current_tenant()
        if tenant is None or request.path_info.startswith(COLOURS) or not is_behind(tenant.schema_name):
            return self.get_response(request)
        answer: HttpResponse
        if is_api(request):
            message = gettext("This service is being updated. Please try again in a minute.")
            answer = problem(request, message, status=HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            answer = render(request, "updating.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        answer["Retry-After"] = str(RETRY_UPDATE_S)
        answer["Cache-Control"] = "no-store"
        return answer


class SuspensionMiddleware:
    """Show a notice instead of a brand site whose partner is suspended or leaving.

    Views that a job in flight needs are marked with ``tenants.requests.served_while_closed``; the admin stays open.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Answer with the notice unless the partner is active or the view is needed all the same."""
        tenant = current_tenant()
        if tenant is None or tenant.state == TenantState.ACTIVE:
            return None
        if is_served_while_closed(view) or _path(request).startswith(STAFFS_PATHS) or _path(request) in LEGAL_PATHS:
            return None
        # Not a 200: search engines shall keep the pages that they know and come again.
        response = render(request, "closed.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        # No fault of ours, so nothing for the log of faults.
        response._has_been_logged = True  # type: ignore[attr-defined]  # Django's own mark
        response.headers["Retry-After"] = str(RETRY_CLOSED_S)
        response.headers["Cache-Control"] = "no-store"
        return response


def _enter_sandbox(request: Request) -> None:
    """Serve a call with a test key inside the partner's sandbox; where there is none, nobody knows the key."""
    if not is_api(request) or not has_test_key(request):
        return
    connection.set_schema_to_public()  # type: ignore[attr-defined]  # of django-tenants
    request.tenant = sandbox_for(request.tenant.pk) or request.tenant
    connection.set_tenant(request.tenant)  # type: ignore[attr-defined]  # of django-tenants


def _has_host(request: HttpRequest) -> bool:
    """Say whether a request names a host, and in a way that is one."""
    try:
        return bool(request.META.get("HTTP_HOST")) and bool(request.get_host())
    except DisallowedHost:
        return False


def _is_platforms(request: HttpRequest) -> bool:
    """Say whether the host is the platform's to give."""
    return f".{TenantMiddleware.hostname_from_request(request)}".endswith(f".{settings.BASE_DOMAIN}")


def _path(request: HttpRequest) -> str:
    """Return the path without its language."""
    language = translation.get_language_from_path(request.path_info)
    return request.path_info.removeprefix(f"/{language}") if language else request.path_info
