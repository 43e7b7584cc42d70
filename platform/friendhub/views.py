"""Views of the friends' app: sign-in, offers, a job from offer to report, profile."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.methods import method_by_code
from crowd.onboarding import is_joining
from crowd.selectors import certificates_of, friend_by_id
from dispatch.selectors import jobs_of, open_offers, past_offers
from dispatch.states import JobState, OfferState
from friendhub.access import FriendRequest, friend_required
from friendhub.forms import DateForm, DeclineForm, ReportForm, SignInForm
from friendhub.hand_over import HANDS_OVER
from journeys import accept_offer as answering
from journeys.aftermath import aftermath_for_friend
from journeys.agree_date import accept_date_as_friend, contact_customer, propose_date_as_friend
from journeys.complete_job import complete_job
from journeys.enter_community import communities_of_friend
from journeys.friend_job import FriendJob, job_for_friend, photo_for_friend
from journeys.offered_brands import offer_cards
from kernel.clock import now
from kernel.errors import DomainError
from notifications.services import forget_device
from orders.states import OrderState, Side

OPEN_STATES = {OrderState.ACCEPTED, OrderState.CONTACTED, OrderState.SCHEDULED}


class SignIn(LoginView):
    """Sign in with mail address and password."""

    template_name = "friendhub/sign_in.html"
    authentication_form = SignInForm
    next_page = "friendhub:offers"
    redirect_authenticated_user = True

    def form_invalid(self, form: Form) -> HttpResponse:
        """Answer 422, as every form does."""
        return self.render_to_response(self.get_context_data(form=form), status=HTTPStatus.UNPROCESSABLE_ENTITY)


class SignOut(LogoutView):
    """Sign out; the device that the form names gets no more pushes."""

    next_page = "friendhub:sign_in"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Forget the device while it is known whose it is."""
        if request.user.is_authenticated:
            forget_device(friend_id=request.user.uuid, endpoint=request.POST.get("endpoint", ""))
        return super().post(request, *args, **kwargs)


@never_cache
@friend_required
@require_safe
def offers(request: FriendRequest) -> HttpResponse:
    """List the open offers, nearest first, and what became of the last ones; newcomers see what is left to do."""
    if not request.htmx and is_joining(request.friend_id):
        return redirect("friendhub:joining")
    context = {
        "section": "offers",
        "offers": offer_cards(open_offers(request.friend_id, now=now())),
        "past": past_offers(request.friend_id, now=now()),
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
    context = {
        "section": "profile",
        "part": "profile",
        "friend": friend_by_id(request.friend_id),
        "certificates": certificates_of(request.friend_id, today=now().date()),
        "communities": communities_of_friend(request.friend_id, language=request.LANGUAGE_CODE),
    }
    return render(request, "friendhub/profile.html", context)


@never_cache
@friend_required
@require_safe
def job(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Show a job: the brief before acceptance, everything after it."""
    found = job_for_friend(job_id=job_id, friend_id=request.friend_id)
    template = "friendhub/parts/job.html" if request.htmx else "friendhub/job.html"
    return render(request, template, _context(found))


@never_cache
@friend_required
@require_safe
def photo(request: FriendRequest, job_id: UUID, answer_id: int) -> HttpResponse:
    """Show a photo of the customer to a friend who was offered the job."""
    content = photo_for_friend(job_id=job_id, friend_id=request.friend_id, answer_id=answer_id)
    return HttpResponse(content, content_type="image/jpeg")


@never_cache
@friend_required
@require_POST
def accept(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Take the job; who comes second is told so."""
    answering.accept_offer(job_id=job_id, friend_id=request.friend_id, now=now())
    messages.success(request, pgettext("friend", "The job is yours. Please contact the customer within 12 hours."))
    return redirect("friendhub:job", job_id)


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Say no, with a reason."""

    def no(reason: str, note: str) -> None:
        answering.decline_offer(job_id=job_id, friend_id=request.friend_id, reason=reason, note=note, now=now())

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
    pays_on_site = method_by_code(_job(request, job_id).job.payment_method).is_on_site

    def form_of(data: Any = None) -> Form:
        return ReportForm(data, pays_on_site=pays_on_site)

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
    """Show a form about a job; do what it says where it is right, else show it again with what was typed."""
    found = _job(request, job_id)
    form = form_of(request.POST) if request.method == "POST" else form_of()
    if form.is_bound and form.is_valid():
        try:
            act(**form.cleaned_data)
        except DomainError as error:
            if error.status != HTTPStatus.UNPROCESSABLE_ENTITY:
                raise
            form.add_error(next(iter(form.fields)), str(error))
        else:
            messages.success(request, said)
            return redirect(back) if back else redirect("friendhub:job", job_id)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, template, _context(found) | {"form": form}, status=status)


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
        "is_open": offer.state == OfferState.OPEN and offer.expires_at > moment and job.state == JobState.SEARCHING,
        "is_countered": offer.state == OfferState.COUNTERED
        and offer.expires_at > moment
        and job.state == JobState.SEARCHING,
        "is_arranging": found.order_state in OPEN_STATES,
        "may_report": found.order_state in OPEN_STATES - {OrderState.ACCEPTED},
        "may_hand_over": found.order_state in HANDS_OVER and found.escalation is None and not job.needs_pro,
        "customer_pays_minor": job.price_minor + found.diagnosis_minor,
        "friend_side": Side.FRIEND,
        "aftermath": aftermath_for_friend(found, now=moment),
    }
