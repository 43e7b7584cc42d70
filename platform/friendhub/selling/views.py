"""A friend says as whom they sell (R19)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from crowd.models import Friend, SellerProfile
from crowd.pros import pro_of
from crowd.selectors import friend_by_id
from crowd.selling import enter_seller_profile, seller_profile_of
from friendhub.access import FriendRequest, friend_required
from friendhub.answering import accepted, status_of, typed
from friendhub.selling.forms import SellingForm
from journeys.reads.selling_partners import selling_partners
from kernel.clock import now
from kernel.web.limits import limited
from tax.selectors import seller_data_of

# Nobody changes these details so often in ten minutes.
MOST, WHILE_S = 20, 600
FIELDS = {"seller_details_are_missing": "street", "vat_id_is_missing": "vat_id", "not_a_vat_id": "vat_id"}
KEPT = ("name", "street", "postal_code", "town", "country", "vat_id", "is_small_business")


@limited(of="selling", most=MOST, within_s=WHILE_S)
@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def selling(request: FriendRequest) -> HttpResponse:
    """Take the details that papers in the friend's name need."""
    friend, known = friend_by_id(request.friend_id), seller_profile_of(request.friend_id)
    form = SellingForm(typed(request), initial=_initial(friend, known))
    if form.is_bound and accepted(form, enter_seller_profile, FIELDS, friend_id=friend.pk, now=now()):
        messages.success(request, pgettext("friend", "Your details as a seller have been saved."))
        return redirect("friendhub:selling")
    context = {
        "section": "profile",
        "part": "payouts",
        "form": form,
        "known": known,
        "partners": selling_partners(friend),
    }
    return render(request, "friendhub/selling/selling.html", context, status=status_of(form))


def _initial(friend: Friend, known: SellerProfile | None) -> dict[str, Any]:
    """Return what the form begins with: what was said, or what the platform knows anyway."""
    if known:
        return {name: getattr(known, name) for name in KEPT} | {"agrees": True}
    pro, tax = pro_of(friend.pk), seller_data_of(friend.pk)
    return {
        "name": pro.company if pro else str(friend),
        "street": tax.street if tax else "",
        "postal_code": tax.postal_code if tax else friend.postal_code,
        "town": tax.town if tax else friend.town,
        "country": friend.country,
        "vat_id": pro.vat_id if pro else "",
    }
