"""The admin's colours, and the way to the staff's door."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from tenants.requests import Request
from tenants.settings.theming import admin_css

HOUR_S = 3600


@require_safe
@cache_control(max_age=HOUR_S, public=True)
def theme(request: Request) -> HttpResponse:
    """Give the admin the partner's colour."""
    return HttpResponse(admin_css(request.tenant.brand_colour), content_type="text/css; charset=utf-8")


@never_cache
def to_sign_in(request: Request) -> HttpResponse:
    """Lead from Wagtail's sign-in, which knows no second factor, to the staff's door; keep where they want to go."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return redirect_to_login(wanted if is_ours else reverse("wagtailadmin_home"), "account_login")
