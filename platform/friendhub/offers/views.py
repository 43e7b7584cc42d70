"""Offers: the list, and yes or no to one of them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import npgettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from crowd.hindrances import hindrances
from crowd.onboarding import is_joining
from crowd.selectors import facts_of
from friendhub.access import FriendRequest, friend_required, with_friend
from friendhub.jobs.page import ask_about, unless_gone
from friendhub.offers.forms import DeclineForm
from journeys.friend.inbox import friend_with_inbox
from journeys.order.finding.accept_offer import accept_offer, decline_offer
from journeys.reads.offered_brands import offers_for_friend
from kernel.clock import now
from payouts.cash_limits import most_minor


@never_cache
@with_friend(lambda friend_id: friend_with_inbox(friend_id, now=now()))
@require_safe
def offers(request: FriendRequest) -> HttpResponse:
    """List the open offers, nearest first, and what became of the last ones; newcomers see what is left to do."""
    friend, moment = request.friend, now()
    if not request.htmx and is_joining(friend):
        return redirect("friendhub:joining")
    found = offers_for_friend(friend.pk, now=moment)
    reached_by = [membership.community for membership in friend.memberships.all()]
    context = {
        "section": "offers",
        "friend": friend,
        "offers": found.cards,
        "past": found.past,
        "cashless": [(currency, most_minor(currency)) for currency in friend.cashless_in],
        "near_cash_limit": [(currency, most_minor(currency)) for currency in friend.cash_limit_near_in],
        "hindrances": hindrances(facts_of(friend, now=moment), communities=reached_by, now=moment),
        "unread_notices": friend.unread_notices,  # type: ignore[attr-defined]  # annotated
    }
    return render(
        request, "friendhub/offers/parts/offers.html" if request.htmx else "friendhub/offers/offers.html", context
    )


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
@unless_gone
def accept(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Take the job; who comes second is told so. Who only looks, after signing in anew for instance, sees the job."""
    if request.method != "POST":
        return redirect("friendhub:job", job_id)
    job = accept_offer(job_id=job_id, friend_id=request.friend_id, now=now())
    hours = job.terms.contact_hours
    said = npgettext(
        "friend",
        "The job is yours. Please contact the customer within %(count)d hour.",
        "The job is yours. Please contact the customer within %(count)d hours.",
        hours,
    )
    messages.success(request, said % {"count": hours})
    return redirect("friendhub:job", job_id)


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
@unless_gone
def decline(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Say no, with a reason."""

    def no(reason: str, note: str) -> None:
        decline_offer(job_id=job_id, friend_id=request.friend_id, reason=reason, note=note, now=now())

    said = pgettext("friend", "Declined. Saying no never costs you anything.")
    return ask_about(request, job_id, DeclineForm, "friendhub/offers/decline.html", no, said, back="friendhub:offers")
