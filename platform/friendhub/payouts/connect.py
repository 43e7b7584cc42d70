"""The friend's way to an account at Stripe: chosen with the password, opened on Stripe's page, and given up."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.selectors import user_by_uuid
from crowd.selectors import country_of
from friendhub.access import FriendRequest, friend_required
from friendhub.answering import status_of, typed
from friendhub.payouts.forms import PasswordForm
from journeys.money.payouts.connect import check_account, choose_stripe, onboarding_page, stop_stripe
from kernel.clock import now
from kernel.web.limits import limited
from stripe_gateway.errors import NoStripeAccount, RefusedByStripe, UnableToReachStripe
from stripe_gateway.selectors import connect_account_of, takes_cards

# Nobody goes there so often in ten minutes; each time Stripe is called.
MOST, WHILE_S = 20, 600


@limited(of="stripe-account", most=MOST, within_s=WHILE_S)
@never_cache
@sensitive_post_parameters("password")
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: FriendRequest) -> HttpResponse:
    """Say what an account at Stripe is, and with the password lead to the page where it is opened."""
    if not takes_cards():
        raise Http404
    user = user_by_uuid(request.friend_id)
    assert user is not None, "a friend is signed in"
    form = PasswordForm(typed(request), user=user, request=request)
    if form.is_bound and form.is_valid():
        country = country_of(request.friend_id)
        choose_stripe(friend_id=request.friend_id, email=user.email, country=country, now=now())
        return _to_stripe(request)
    context = {"section": "profile", "part": "payouts", "form": form, "email": user.email}
    return render(request, "friendhub/payouts/stripe.html", context, status=status_of(form))


@limited(of="stripe-account", most=MOST, within_s=WHILE_S)
@never_cache
@friend_required
@require_safe
def go(request: FriendRequest) -> HttpResponse:
    """Lead to Stripe's page; Stripe itself sends here whoever comes with an address that is used or too old."""
    return _to_stripe(request)


@limited(of="stripe-account", most=MOST, within_s=WHILE_S)
@never_cache
@friend_required
@require_safe
def back(request: FriendRequest) -> HttpResponse:
    """Take up a friend who comes from Stripe, done or not, and say how the account stands."""
    is_asked = check_account(friend_id=request.friend_id, now=now())
    found = connect_account_of(request.friend_id)
    if found is not None and found.is_ready:
        messages.success(request, pgettext("friend", "Your Stripe account is ready. Your payouts go there."))
    elif not is_asked:
        messages.info(request, pgettext("friend", "Stripe can't be reached right now. We'll look again soon."))
    return redirect("friendhub:payouts")


@never_cache
@friend_required
@require_POST
def stop(request: FriendRequest) -> HttpResponse:
    """Pay the friend no more to the account at Stripe."""
    if stop_stripe(friend_id=request.friend_id, now=now()):
        messages.success(request, pgettext("friend", "Your payouts no longer go to Stripe."))
    return redirect("friendhub:payouts")


def _to_stripe(request: FriendRequest) -> HttpResponse:
    try:
        return redirect(onboarding_page(friend_id=request.friend_id, language=request.LANGUAGE_CODE, now=now()))
    except NoStripeAccount:
        return redirect("friendhub:payouts")
    except (UnableToReachStripe, RefusedByStripe):
        messages.error(request, pgettext("friend", "Stripe can't be reached right now. Please try again later."))
        return redirect("friendhub:payouts")
