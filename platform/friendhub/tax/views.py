"""A friend's details for the tax office, and what was reported (R19)."""

from dataclasses import fields
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from crowd.models import Friend
from crowd.pros import pro_of
from crowd.selectors import friend_by_id
from friendhub.access import FriendRequest, friend_required
from friendhub.answering import accepted, status_of, typed
from friendhub.tax.forms import SellerDataForm
from journeys.money.sellers.seller_data import enter_seller_data
from kernel.clock import now
from kernel.web.limits import limited
from payouts.ibans import masked as masked_iban
from tax.figures import QUARTERS, seller_of_row
from tax.kinds import BLOCK
from tax.models import SellerData
from tax.selectors import asked_of, is_touched, reported_of_friend, seller_data_of
from tax.services import Entered
from tax.tins import masked

# Nobody changes their tax details so often in ten minutes.
MOST, WHILE_S = 20, 600
FIELDS = {
    "not_a_tin": "tin",
    "birth_place_is_missing": "tin",
    "company_tin_is_missing": "tin",
    "not_a_birth_date": "born_on",
    "address_is_missing": "street",
}
KEPT = [field.name for field in fields(Entered)]


@limited(of="seller-data", most=MOST, within_s=WHILE_S)
@never_cache
@sensitive_post_parameters("tin")
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def seller_data(request: FriendRequest) -> HttpResponse:
    """Take the details, and show what was reported."""
    friend, known = friend_by_id(request.friend_id), seller_data_of(request.friend_id)
    form = SellerDataForm(typed(request), initial=_initial(friend, known), is_pro=pro_of(friend.pk) is not None)
    more = {"friend_id": friend.pk, "today": timezone.localdate(now()), "now": now()}
    if form.is_bound and accepted(form, _enter, FIELDS, **more):
        messages.success(request, pgettext("friend", "Your tax details have been saved. Thank you."))
        return redirect("friendhub:seller_data")
    asked = asked_of(friend.pk)
    context = {
        "section": "profile",
        "part": "payouts",
        "form": form,
        "known": known,
        "is_touched": is_touched(known.country if known else friend.country),
        "asks": is_touched(friend.country) or known,
        "asked": asked,
        "last_day": timezone.localdate(asked.asked_at + BLOCK) if asked else None,
        "reported": [_shown(one) for one in reported_of_friend(friend.pk)],
    }
    return render(request, "friendhub/tax/seller_data.html", context, status=status_of(form))


def _enter(*, friend_id: Any, today: Any, now: Any, **said: Any) -> SellerData:
    return enter_seller_data(friend_id=friend_id, entered=Entered(**said), today=today, now=now)


def _initial(friend: Friend, known: SellerData | None) -> dict[str, Any]:
    """Return what the form begins with: what was said, or what the platform knows anyway."""
    if known:
        return {name: getattr(known, name) for name in KEPT}
    return {
        "country": friend.country,
        "born_on": friend.born_on,
        "postal_code": friend.postal_code,
        "town": friend.town,
    }


def _shown(row: Any) -> dict[str, Any]:
    seller = seller_of_row(row.friend_id, row.currency, row.said)
    return {
        "year": row.report.year,
        "on": row.report.made_at,
        "currency": row.currency,
        "person": seller.person,
        "tin": masked(seller.person.tin),
        "iban": masked_iban(seller.person.iban) if seller.person.iban else "",
        "quarters": list(zip(QUARTERS, seller.quarters, strict=True)),
    }
