"""What a friend can do about a job that does not go as planned: give it back, log attempts, report who was missing."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dispatch.errors import OfferNotYours
from dispatch.states import Channel, GiveBackReason
from friendhub.access import FriendRequest, friend_required
from friendhub.answering import ask, typed
from journeys.order.finding.pass_on_job import ask_me_again, give_back_job
from journeys.order.working.no_show import report_no_show_as_friend
from journeys.order.working.unreachable import log_attempt, report_unreachable
from journeys.reads.disruptions import disruptions_for_friend
from journeys.reads.friend_job import FriendJob, job_for_friend
from kernel.clock import now

REASONS = {
    GiveBackReason.ILL: pgettext_lazy("friend", "I am ill"),
    GiveBackReason.NO_DATE: pgettext_lazy("friend", "We have found no appointment that suits both"),
    GiveBackReason.TOO_HARD: pgettext_lazy("friend", "It is more difficult than described"),
    GiveBackReason.CUSTOMER_ABSENT: pgettext_lazy("friend", "I cannot reach the customer"),
    GiveBackReason.OTHER: pgettext_lazy("friend", "Another reason"),
}
CHANNELS = {
    Channel.PHONE: pgettext_lazy("friend", "Phone"),
    Channel.SMS: pgettext_lazy("friend", "Text message"),
    Channel.MAIL: pgettext_lazy("friend", "Email"),
    Channel.MESSENGER: pgettext_lazy("friend", "Messenger"),
    Channel.VISIT: pgettext_lazy("friend", "At the door"),
}


class GiveBackForm(forms.Form):
    """Why the job goes back; the manager reads it, the customer does not."""

    reason = forms.ChoiceField(
        label=pgettext_lazy("friend", "Why do you give it back?"),
        choices=list(REASONS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": pgettext_lazy("friend", "Please choose a reason.")},
    )
    words = forms.CharField(
        label=pgettext_lazy("friend", "A comment for the community manager"), required=False, max_length=300
    )


class AttemptForm(forms.Form):
    """How the friend has tried to reach the customer."""

    channel = forms.ChoiceField(
        label=pgettext_lazy("friend", "How did you try?"),
        choices=list(CHANNELS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": pgettext_lazy("friend", "Please choose how you tried.")},
    )
    note = forms.CharField(
        label=pgettext_lazy("friend", "Note"),
        help_text=pgettext_lazy(
            "friend", "For example: voicemail, nobody at home. Please don't include names or numbers."
        ),
        required=False,
        max_length=200,
    )


class NoShowForm(forms.Form):
    """What happened at the agreed time."""

    words = forms.CharField(
        label=pgettext_lazy("friend", "What happened?"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": pgettext_lazy("friend", "Please say in a few words what happened.")},
    )


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Give the job back, with a reason."""

    def act(reason: str, words: str) -> None:
        give_back_job(job_id=job_id, friend_id=request.friend_id, reason=reason, words=words, now=now())

    said = pgettext("friend", "Given back. Other friends are being asked, and the customer has been informed.")
    return _ask(request, job_id, GiveBackForm, "give_back", act, said)


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Log that the customer was tried."""

    def act(channel: str, note: str) -> None:
        log_attempt(job_id=job_id, friend_id=request.friend_id, channel=channel, note=note, now=now())

    return _ask(request, job_id, AttemptForm, "attempt", act, pgettext("friend", "Your attempt has been logged."))


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def no_show(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Report that the customer was not there."""

    def act(words: str) -> None:
        report_no_show_as_friend(job_id=job_id, friend_id=request.friend_id, words=words, now=now())

    said = pgettext(
        "friend", "Reported. The community manager decides what happens next; the customer has been informed."
    )
    return _ask(request, job_id, NoShowForm, "no_show", act, said)


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def unreachable(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """End the job because the customer cannot be reached."""

    def act() -> None:
        report_unreachable(job_id=job_id, friend_id=request.friend_id, now=now())

    said = pgettext("friend", "The job has ended. What you are owed has been noted.")
    return _ask(request, job_id, forms.Form, "unreachable", act, said)


@never_cache
@friend_required
@require_POST
def ask_again(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Be asked once more if the job comes up again, or not."""
    wants = request.POST.get("wants") == "1"
    ask_me_again(job_id=job_id, friend_id=request.friend_id, wants=wants, now=now())
    if wants:
        messages.success(request, pgettext("friend", "If the job comes up again, we'll ask you."))
    else:
        messages.success(request, pgettext("friend", "We won't ask you about this job again."))
    return redirect("friendhub:job", job_id)


def _ask(
    request: FriendRequest,
    job_id: UUID,
    form_of: Callable[..., forms.Form],
    step: str,
    act: Callable[..., None],
    said: str,
) -> HttpResponse:
    """Ask something about the friend's own job, and lead back to it."""
    found, form = _own_job(request, job_id), form_of(typed(request))
    context = {
        "section": "jobs",
        "job": found.job,
        "step": step,
        "disruptions": disruptions_for_friend(found, now=now()),
    }
    return ask(request, form, act, template=f"friendhub/jobs/disruptions/{step}.html", context=context, said=said)


def _own_job(request: FriendRequest, job_id: UUID) -> FriendJob:
    found = job_for_friend(job_id=job_id, friend_id=request.friend_id)
    if not found.is_mine:
        raise OfferNotYours
    return found
