"""What every page about one job needs: the job, its context, and a way to ask something about it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render

from billing.methods import method_by_code
from dispatch.errors import OfferAlreadyTaken, OfferExpired
from dispatch.permits import may_answer, may_decide
from dispatch.states import OfferState
from friendhub.access import FriendRequest, View
from friendhub.answering import ask, typed
from journeys.reads.disruptions import disruptions_for_friend
from journeys.reads.friend_job import FriendJob, job_for_friend
from kernel.clock import now
from orders.permits import may_arrange, may_close, may_escalate, may_propose_extra
from orders.states import Side


def unless_gone(view: View) -> View:
    """Show the job with what has become of it where its offer is gone in the meantime, with the status of the error."""

    @wraps(view)
    def guarded(request: FriendRequest, job_id: UUID, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, job_id, *args, **kwargs)
        except (OfferAlreadyTaken, OfferExpired) as error:
            found = job_of(request, job_id)
            if found.is_mine:
                raise
            return render(request, "friendhub/jobs/job.html", context_of(found), status=error.status)

    return guarded


def ask_about(
    request: FriendRequest,
    job_id: UUID,
    form_of: Callable[..., Form],
    template: str,
    act: Callable[..., None],
    said: str,
    back: str = "",
) -> HttpResponse:
    """Ask something about a job, and lead to it or ``back``."""
    context = context_of(job_of(request, job_id))
    return ask(request, form_of(typed(request)), act, template=template, context=context, said=said, back=back)


def job_of(request: FriendRequest, job_id: UUID) -> FriendJob:
    """Return the job as this friend may see it."""
    return job_for_friend(job_id=job_id, friend_id=request.friend_id)


def context_of(found: FriendJob) -> dict[str, Any]:
    """Return what the page of a job shows."""
    moment = now()
    offer, job = found.offer, found.job
    return {
        "section": "jobs" if found.is_mine else "offers",
        "found": found,
        "badge": found.brand,
        "offer": offer,
        "job": job,
        "method": method_by_code(job.payment_method),
        "is_open": may_decide(offer, job, now=moment),
        "is_countered": offer.state == OfferState.COUNTERED and may_answer(offer, job, now=moment),
        "is_arranging": may_arrange(found.order_state),
        "may_report": may_close(found.order_state),
        "may_propose_extra": may_propose_extra(found.order_state) and found.extra is None,
        "may_escalate": may_escalate(found.order_state) and found.escalation is None and not job.needs_pro,
        "customer_pays_minor": job.split.after_diagnosis(found.diagnosis_minor).price_minor,
        "friend_side": Side.FRIEND,
        "disruptions": disruptions_for_friend(found, now=moment),
    }
