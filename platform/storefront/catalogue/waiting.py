"""Waiting for a package at a place where nobody comes yet: leave an address, confirm it."""

from http import HTTPStatus

from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from journeys.links import read_wish_token
from journeys.order.booking.await_coverage import ask_to_hear
from kernel.clock import now
from kernel.web.limits import limited
from orders.models import PlaceWish
from orders.place_wishes import confirm_wish, wish_by_id
from storefront.catalogue.forms import PlaceForm, WishForm
from storefront.catalogue.views import LIMITED_S, package_or_404
from tenants.requests import Request

# Each one mails somebody.
WISHES = 10


@never_cache
@require_POST
@limited(of="place-wish", most=WISHES, within_s=LIMITED_S)
def wait_for_place(request: Request, slug: str) -> HttpResponse:
    """Keep the address and say that a mail is coming; a wrong one comes back with its message."""
    package = package_or_404(slug)
    place, form = PlaceForm(request.POST, countries=request.tenant.countries), WishForm(request.POST)
    context = {"package": package, "place": place, "form": form}
    request.order_country = place.shown_country
    if not (place.is_valid() and form.is_valid()):
        return render(request, "storefront/catalogue/waiting.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    ask_to_hear(
        tenant_id=request.tenant.pk,
        package=package,
        language=request.LANGUAGE_CODE,
        now=now(),
        **place.cleaned_data,
        **form.cleaned_data,
    )
    return render(request, "storefront/catalogue/waiting.html", context | {"email": form.cleaned_data["email"]})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request, token: str) -> HttpResponse:
    """Confirm by a button, for programs open links too."""
    try:
        wish = wish_by_id(read_wish_token(token))
    except (signing.BadSignature, PlaceWish.DoesNotExist) as error:
        raise Http404 from error
    if request.method == "POST":
        wish = confirm_wish(wish.pk, now=now())
    request.order_country = wish.country
    return render(request, "storefront/catalogue/waiting_confirmed.html", {"wish": wish, "package": wish.package})
