"""What customers say of a friend, and what the friend says back: the list, one's own rating, a reply, a report."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from crowd.reputation import PRIOR_MEAN, PRIOR_WEIGHT, SHOWN_FROM
from crowd.selectors import criteria_of, friend_by_id, ratings_of, stars_of
from crowd.services import REPLY_CHANGES_FOR
from friendhub.access import FriendRequest, friend_required
from friendhub.answering import ask, typed
from friendhub.jobs.rating_forms import CustomerRatingForm, ReplyForm, ReportForm
from journeys.order.rating import moderate_ratings as moderation
from journeys.order.working.complete_job import rate_customer
from journeys.reads.friend_job import FriendJob, job_for_friend
from kernel.clock import now
from orders.states import Criterion

ON_A_PAGE = 20


@dataclass(frozen=True)
class Bar:
    """One line of the distribution."""

    stars: int
    count: int
    most: int


@never_cache
@friend_required
@require_safe
def ratings(request: FriendRequest) -> HttpResponse:
    """List what customers have said, with the number it comes to and how that arises."""
    counted = stars_of(request.friend_id)
    averages = criteria_of(request.friend_id, names=Criterion.values)
    page = Paginator(ratings_of(request.friend_id), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "profile",
        "reputation": friend_by_id(request.friend_id).reputation,
        "bars": [Bar(stars, count, max(counted.values()) or 1) for stars, count in counted.items()],
        "averages": [(label, averages[name]) for name, label in Criterion.choices if averages[name] is not None],
        "labels": Criterion.choices,
        "page": page,
        "prior_mean": PRIOR_MEAN,
        "prior_weight": PRIOR_WEIGHT,
        "shown_from": SHOWN_FROM,
        "changes_since": now() - REPLY_CHANGES_FOR,
    }
    return render(request, "friendhub/jobs/ratings.html", context)


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Rate the customer; nobody sees it before both have rated."""

    found, form = _job(request, job_id), CustomerRatingForm(typed(request))

    def send(**_values: Any) -> None:
        rate_customer(job_id=job_id, friend_id=request.friend_id, now=now(), **form.rating())

    if request.method != "POST" and not (found.ratings and found.ratings.may_rate):
        return redirect("friendhub:job", job_id)
    said = pgettext("friend", "Thank you. The customer sees your rating as soon as both of you have rated.")
    return _ask(request, found, form, "friendhub/jobs/rate_customer.html", send, said)


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Reply to a rating, once; for a day the reply can be changed."""

    found = _job(request, job_id)

    def send(text: str) -> None:
        moderation.reply_to_rating(job_id=job_id, friend_id=request.friend_id, text=text, now=now())

    if found.rating is None:
        return redirect("friendhub:job", job_id)
    said = pgettext("friend", "We've sent your reply to the customer.")
    form = ReplyForm(typed(request), initial={"text": found.rating.reply})
    return _ask(request, found, form, "friendhub/jobs/reply.html", send, said)


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Ask a person to look at the customer's words."""

    found = _job(request, job_id)

    def send(reason: str) -> None:
        moderation.report_as_friend(job_id=job_id, friend_id=request.friend_id, reason=reason, now=now())

    if not (found.ratings and found.ratings.other and found.ratings.other.shown_words):
        return redirect("friendhub:job", job_id)
    said = pgettext("friend", "Thank you. We'll look at this comment and tell you what we decided.")
    return _ask(request, found, ReportForm(typed(request)), "friendhub/jobs/report_words.html", send, said)


def _job(request: FriendRequest, job_id: UUID) -> FriendJob:
    return job_for_friend(job_id=job_id, friend_id=request.friend_id)


def _ask(
    request: FriendRequest, found: FriendJob, form: Form, template: str, send: Callable[..., None], said: str
) -> HttpResponse:
    """Ask something about a job's ratings, and lead back to the job."""
    context = {"section": "jobs", "found": found, "job": found.job, "labels": Criterion.choices}
    return ask(request, form, send, template=template, context=context, said=said)
