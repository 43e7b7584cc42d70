"""Views of the friends' app: sign-in, offers, a job from offer to report, profile."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import npgettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Kind
from billing.methods import method_by_code
from crowd.hindrances import hindrances
from crowd.onboarding import is_joining
from crowd.selectors import certificates_of, facts_of, friend_by_id, memberships_of
from dispatch.errors import OfferAlreadyTaken, OfferExpired
from dispatch.permits import may_answer, may_decide
from dispatch.selectors import jobs_of, open_offers, past_offers
from dispatch.states import JobState, OfferState
from friendhub.access import FriendRequest, View, friend_required
from friendhub.answering import ask, status_of, typed
from friendhub.forms import DateForm, DeclineForm, ReportForm, SignInForm
from journeys.friend.enter_community import communities_of_friend, leave_sites
from journeys.friend.inbox import read_about_job
from journeys.order.accept_offer import accept_offer, decline_offer
from journeys.order.agree_date import accept_date_as_friend, contact_customer, propose_date_as_friend
from journeys.order.complete_job import complete_job
from journeys.order.hide_contact import hide_in_profile
from journeys.reads.aftermath import aftermath_for_friend
from journeys.reads.friend_job import FriendJob, job_for_friend, photo_for_friend
from journeys.reads.offered_brands import offer_cards
from kernel.clock import now
from kernel.serving import as_jpeg
from notifications.services import forget_device
from orders.permits import may_arrange, may_close, may_hand_over
from orders.selectors import closes_early
from orders.states import Side


class SignIn(LoginView):
    """Sign in with mail address and password."""

    template_name = "friendhub/sign_in.html"
    authentication_form = SignInForm
    next_page = "friendhub:offers"
    redirect_authenticated_user = True

    def form_invalid(self, form: Form) -> HttpResponse:
        """Answer 422, as every form does, or 429."""
        return self.render_to_response(self.get_context_data(form=form), status=status_of(form))


class SignOut(LogoutView):
    """Sign out; the device that the form names gets no more pushes."""

    next_page = "friendhub:sign_in"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Forget the device and end the sessions on partners' sites while it is known whose they are."""
        if request.user.is_authenticated:
            forget_device(friend_id=request.user.uuid, endpoint=request.POST.get("endpoint", ""))
            if request.user.kind == Kind.FRIEND:
                leave_sites(friend_id=request.user.uuid)
        return super().post(request, *args, **kwargs)


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
    return render(request, "friendhub/parts/offers.html" if request.htmx else "friendhub/offers.html", context)


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
    return render(request, "friendhub/jobs.html", context)


@never_cache
@friend_required
@require_safe
def profile(request: FriendRequest) -> HttpResponse:
    """Show what the platform knows of the friend."""
    friend = friend_by_id(request.friend_id)
    context = {
        "section": "profile",
        "part": "profile",
        "friend": friend,
        "about": hide_in_profile(friend.about),
        "certificates": certificates_of(request.friend_id, today=now().date()),
        "communities": communities_of_friend(request.friend_id, language=request.LANGUAGE_CODE),
    }
    return render(request, "friendhub/profile.html", context)


@never_cache
@friend_required
@require_safe
def job(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Show a job: the brief before acceptance, everything after it."""
    found = _job(request, job_id)
    read_about_job(request.friend_id, job_id, now=now())
    template = "friendhub/parts/job.html" if request.htmx else "friendhub/job.html"
    return render(request, template, _context(found))


@never_cache
@friend_required
@require_safe
@as_jpeg
def photo(request: FriendRequest, job_id: UUID, answer_id: int) -> bytes:
    """Show a photo of the customer to a friend who was offered the job."""
    return photo_for_friend(job_id=job_id, friend_id=request.friend_id, answer_id=answer_id)


def unless_gone(view: View) -> View:
    """Show the job with what has become of it where its offer is gone in the meantime, with the status of the error."""

    @wraps(view)
    def guarded(request: FriendRequest, job_id: UUID, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, job_id, *args, **kwargs)
        except (OfferAlreadyTaken, OfferExpired) as error:
            found = _job(request, job_id)
            if found.is_mine:
                raise
            return render(request, "friendhub/job.html", _context(found), status=error.status)

    return guarded


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
    return _ask(request, job_id, DeclineForm, "friendhub/decline.html", no, said, back="friendhub:offers")


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
    return _ask(request, job_id, DateForm, "friendhub/propose_date.html", propose, said)


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
    found = _job(request, job_id)
    pays_on_site = method_by_code(found.job.payment_method).is_on_site
    is_early = closes_early(found.agreed, time_zone=found.tenant.time_zone, now=now())

    def form_of(data: QueryDict | None) -> Form:
        return ReportForm(data, pays_on_site=pays_on_site, is_early=is_early)

    def close(**values: Any) -> None:
        complete_job(job_id=job_id, friend_id=request.friend_id, now=now(), **({"is_paid": False} | values))

    said = pgettext("friend", "Well done. The customer has been asked to confirm and rate.")
    return _ask(request, job_id, form_of, "friendhub/report.html", close, said)


def _ask(
    request: FriendRequest,
    job_id: UUID,
    form_of: Callable[..., Form],
    template: str,
    act: Callable[..., None],
    said: str,
    back: str = "",
) -> HttpResponse:
    """Ask something about a job, and lead to it or ``back``."""
    context = _context(_job(request, job_id))
    return ask(request, form_of(typed(request)), act, template=template, context=context, said=said, back=back)


def _job(request: FriendRequest, job_id: UUID) -> FriendJob:
    return job_for_friend(job_id=job_id, friend_id=request.friend_id)


def _context(found: FriendJob) -> dict[str, Any]:
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
        "may_hand_over": may_hand_over(found.order_state) and found.escalation is None and not job.needs_pro,
        "customer_pays_minor": job.price_minor + found.diagnosis_minor,
        "friend_side": Side.FRIEND,
        "aftermath": aftermath_for_friend(found, now=moment),
    }
