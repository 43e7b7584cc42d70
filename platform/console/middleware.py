"""The Content-Security-Policy of the managers' admin."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Wagtail's admin prints inline scripts and styles without a nonce; everything else is as strict as on the brand site.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)


class AdminPolicyMiddleware:
    """Set the policy on answers of the admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the header to answers below ``/admin/``."""
        response = self.get_response(request)
        if request.path_info.startswith("/admin/"):
            response.headers["Content-Security-Policy"] = POLICY
        return response
