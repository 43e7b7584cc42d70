"""From host name to schema and from URL to language."""

from collections.abc import Callable
from http import HTTPStatus

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import timezone, translation
from django_tenants.middleware.main import TenantMainMiddleware

from tenants.behind import is_behind
from tenants.context import current_tenant
from tenants.requests import Request

Handler = Callable[[HttpRequest], HttpResponse]

RETRY_AFTER_S = 60
# The brand's colours come from the platform's table, so the page that says "later" may have them.
COLOURS = "/theme/"


class TenantMiddleware(TenantMainMiddleware):
    """Enter the schema of the host, in its time zone, and leave it after the answer."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request; a connection that stays open must not carry the tenant over."""
        try:
            return super().__call__(request)
        finally:
            connection.set_schema_to_public()  # type: ignore[attr-defined]  # of django-tenants
            timezone.deactivate()

    def process_request(self, request: Request) -> HttpResponse | None:
        """Set ``request.tenant``; a host without a row is answered 404."""
        response = super().process_request(request)
        timezone.activate(request.tenant.time_zone)
        return response


class TenantLocaleMiddleware(LocaleMiddleware):
    """Django's choice of language, kept to the languages that the partner has."""

    def process_request(  # type: ignore[override]  # Django takes an answer here
        self, request: HttpRequest
    ) -> HttpResponse | None:
        """Choose by URL, cookie and browser; send a language that the partner lacks to its default."""
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
            query = request.META.get("QUERY_STRING", "")
            return HttpResponseRedirect(f"/{language}{rest}" + (f"?{query}" if query else ""))
        return None


class UpdateMiddleware:
    """Answer for a tenant whose schema lacks migrations; its pages would fail in the middle."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or say that the site is being updated, in the language chosen before."""
        tenant = current_tenant()
        if tenant is None or request.path_info.startswith(COLOURS) or not is_behind(tenant.schema_name):
            return self.get_response(request)
        answer = render(request, "updating.html", status=HTTPStatus.SERVICE_UNAVAILABLE)
        answer["Retry-After"] = str(RETRY_AFTER_S)
        answer["Cache-Control"] = "no-store"
        return answer
