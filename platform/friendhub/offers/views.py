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
from crowd.selectors import facts_of, friend_by_id, memberships_of
from dispatch.selectors import open_offers, past_offers
from friendhub.access import FriendRequest, friend_required
from friendhub.jobs.page import ask_about, unless_gone
from friendhub.offers.forms import DeclineForm
from journeys.order.accept_offer import accept_offer, decline_offer
from journeys.reads.offered_brands import offer_cards
from kernel.clock import now


@never_cache
@friend_required
@require_safe
def offers(request: FriendRequest) -> HttpResponse:
    """List the open offers, nearest first, and what became of the last ones; newcomers see what is left to do."""
    if not request.htmx and is_joining(request.friend_id):
        return redirect("friendhub:joining")
    friend, moment = friend_by_id(request.friend_id), now()
    facts = facts_of(friend, now=moment)
    context = {
        "section": "offers",
        "friend": friend,
        "offers": offer_cards(open_offers(friend.pk, now=moment)),
        "past": past_offers(friend.pk, now=moment),
        "hindrances": hindrances(facts, communities=memberships_of(friend.pk), now=moment),
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
