"""Operators read why friends were asked or not, and answer friends who want a person to look at it (R25)."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from crowd.eligibility import Facts, LeftOut
from dispatch.errors import ReviewAnswered
from dispatch.fairness.explanations import (
    answered_reviews,
    find_jobs,
    holds,
    latest_jobs,
    places_of,
    review_by_id,
    review_figures,
    reviews_to_answer,
    waves_of,
)
from dispatch.models import DecisionReview, Job, Wave
from dispatch.selectors import job_by_id
from journeys.friend.review_decision import answer_review
from kernel.clock import now
from operators.access import OperatorRequest, operator_required

JOBS_A_PAGE = 20
ANSWERED_SHOWN = 20


class SearchForm(forms.Form):
    """Which job."""

    q = forms.CharField(label=gettext_lazy("Order number or partner"), required=False, max_length=80)


class AnswerForm(forms.Form):
    """The answer to a friend, with reasons."""

    was_right = forms.TypedChoiceField(
        label=gettext_lazy("Was the decision right?"),
        choices=[("yes", gettext_lazy("Yes, it was right")), ("no", gettext_lazy("No, it was wrong"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please say whether the decision was right.")},
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer with reasons"),
        help_text=gettext_lazy("The friend reads it, with your name."),
        max_length=2000,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": gettext_lazy("Please give the reasons.")},
    )


@operator_required
@require_safe
def jobs(request: OperatorRequest) -> HttpResponse:
    """Find a job by its order number or partner; without words, show where something happened last."""
    words = request.GET.get("q", "").strip()
    page = Paginator(find_jobs(words), JOBS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "jobs",
        "form": SearchForm(request.GET or None),
        "page": page,
        "words": words,
        "jobs": page if words else latest_jobs(JOBS_A_PAGE),
    }
    return render(request, "operators/decisions/jobs.html", context)


@operator_required
@require_safe
def job(request: OperatorRequest, job_id: UUID) -> HttpResponse:
    """Show who was considered for a job, who was left out and why, and whether a replay leads to the same."""
    try:
        found = job_by_id(job_id)
    except Job.DoesNotExist as error:
        raise Http404 from error
    context = {"section": "jobs", "job": found, "waves": [_wave(wave) for wave in waves_of(job_id)]}
    return render(request, "operators/decisions/job.html", context)


@operator_required
@require_safe
def reviews(request: OperatorRequest) -> HttpResponse:
    """List the reviews that wait, the most urgent first, and the latest that are answered."""
    context = {
        "section": "reviews",
        "waiting": reviews_to_answer(),
        "answered": answered_reviews()[:ANSWERED_SHOWN],
        "figures": review_figures(),
        "now": now(),
    }
    return render(request, "operators/decisions/reviews.html", context)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: OperatorRequest, review_id: UUID) -> HttpResponse:
    """Show a review with the wave it is about, and answer it."""
    try:
        found = review_by_id(review_id)
    except DecisionReview.DoesNotExist as error:
        raise Http404 from error
    form = AnswerForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            answer_review(review_id=review_id, who=str(request.operator), now=now(), **form.cleaned_data)
        except ReviewAnswered as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("We've sent the answer to the friend."))
        return redirect("operators:review", review_id)
    waves = [wave for wave in waves_of(found.considered.wave.job_id) if wave.pk == found.considered.wave_id]
    context = {"section": "reviews", "review": found, "form": form, "waves": [_wave(wave) for wave in waves]}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "operators/decisions/review.html", context, status=status)


def _wave(wave: Wave) -> dict[str, Any]:
    considered = list(wave.considered.all())
    return {
        "wave": wave,
        "holds": holds(wave),
        "rows": [
            (one, [LeftOut(reason).label for reason in one.left_out], Facts.from_json(one.facts)) for one in considered
        ],
        "asked": sum(bool(one.seat) for one in considered),
        "places": places_of(wave),
    }
