"""A friend's jobs: the list, and a job from contact to report."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.methods import CASH
from dispatch.selectors import jobs_of
from dispatch.states import JobState
from friendhub.access import FriendRequest, friend_required
from friendhub.jobs.forms import DateForm, ReportForm
from friendhub.jobs.page import ask_about, context_of, job_of
from journeys.friend.inbox import read_about_job
from journeys.order.working.agree_date import accept_date_as_friend, contact_customer, propose_date_as_friend
from journeys.order.working.complete_job import complete_job
from journeys.reads.friend_job import photo_for_friend
from kernel.clock import now
from kernel.web.serving import as_jpeg
from orders.selectors import closes_early


@never_cache
@friend_required
@require_safe
def jobs(request: FriendRequest) -> HttpResponse:
    """List the friend's own jobs."""
    mine = list(jobs_of(request.friend_id))
    context = {
        "section": "jobs",
        "open": [job for job in mine if job.state == JobState.ASSIGNED],
        "closed": [job for job in mine if job.state != JobState.ASSIGNED],
    }
    return render(request, "friendhub/jobs/jobs.html", context)


@never_cache
@friend_required
@require_safe
def job(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Show a job: the brief before acceptance, everything after it."""
    found = job_of(request, job_id)
    unread = read_about_job(request.friend_id, job_id, now=now())
    template = "friendhub/jobs/parts/job.html" if request.htmx else "friendhub/jobs/job.html"
    return render(request, template, {**context_of(found), "unread_notices": unread})


@never_cache
@friend_required
@require_safe
@as_jpeg
def photo(request: FriendRequest, job_id: UUID, answer_id: int) -> bytes:
    """Show a photo of the customer to a friend who was offered the job."""
    return photo_for_friend(job_id=job_id, friend_id=request.friend_id, answer_id=answer_id)


@never_cache
@friend_required
@require_POST
def contact(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Note that the customer was contacted, which stops the clock."""
    contact_customer(job_id=job_id, friend_id=request.friend_id, now=now())
    messages.success(request, pgettext("friend", "Noted: you are in contact with the customer."))
    return redirect("friendhub:job", job_id)


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose_date(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Propose or counter a date."""

    def propose(**values: Any) -> None:
        propose_date_as_friend(job_id=job_id, friend_id=request.friend_id, now=now(), **values)

    said = pgettext("friend", "We've sent your proposed appointment to the customer.")
    return ask_about(request, job_id, DateForm, "friendhub/jobs/propose_date.html", propose, said)


@never_cache
@friend_required
@require_POST
def accept_date(request: FriendRequest, job_id: UUID, appointment_id: int) -> HttpResponse:
    """Agree to the customer's date."""
    accept_date_as_friend(job_id=job_id, friend_id=request.friend_id, appointment_id=appointment_id, now=now())
    messages.success(request, pgettext("friend", "The appointment is confirmed. You get a calendar entry by email."))
    return redirect("friendhub:job", job_id)


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Close the job with a report."""
    found = job_of(request, job_id)
    pays_cash = found.job.payment_method == CASH.code
    agreed_at = found.agreed.starts_at if found.agreed else None
    is_early = closes_early(agreed_at, time_zone=found.tenant.time_zone, now=now())

    def form_of(data: QueryDict | None) -> Form:
        return ReportForm(data, pays_cash=pays_cash, is_early=is_early)

    def close(**values: Any) -> None:
        complete_job(job_id=job_id, friend_id=request.friend_id, now=now(), **({"is_paid": False} | values))

    said = pgettext("friend", "Well done. The customer has been asked to confirm and rate.")
    return ask_about(request, job_id, form_of, "friendhub/jobs/report.html", close, said)
