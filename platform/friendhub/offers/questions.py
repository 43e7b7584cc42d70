"""Before a friend decides: ask the customer, and accept with other times (R18)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dispatch.errors import OfferAlreadyTaken, OfferExpired, UnableToProposeTimes
from dispatch.offering.other_times import MOST_TIMES, fault_of_times
from dispatch.offering.ready_questions import READY_QUESTIONS
from dispatch.permits import may_answer
from dispatch.selectors import time_zone_of
from dispatch.states import OfferState
from friendhub import answering
from friendhub.access import FriendRequest, friend_required
from friendhub.answering import typed
from friendhub.jobs.page import unless_gone
from journeys.order.finding.accept_other_times import propose_other_times, withdraw_other_times
from journeys.order.talking.ask_customer import answer_photo_for_friend, ask_customer
from journeys.order.talking.report_text import report_text_as_friend
from journeys.reads.friend_job import FriendJob, job_for_friend
from kernel.clock import now
from kernel.web.limits import Limit
from kernel.web.meant import MeantForm
from kernel.web.serving import as_jpeg

# More than three open ones about a job nobody has anyway; this is against writing without end.
QUESTIONS = Limit("job-questions", most=20, within_s=3600)
REPORTS = Limit("text-reports", most=10, within_s=3600)
MOMENT = "%Y-%m-%dT%H:%M"
HAS_HIDDEN = pgettext_lazy(
    "friend",
    "We have hidden contact details in your message. Once the job is yours, you can call each other.",
)


class AskForm(forms.Form):
    """A ready-made question, own words, or both."""

    ready = forms.ChoiceField(
        label=pgettext_lazy("friend", "What would you like to know?"),
        required=False,
        choices=[*READY_QUESTIONS.items(), ("", pgettext_lazy("friend", "Something else"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=pgettext_lazy("friend", "In your own words"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": pgettext_lazy("friend", "Please write at most 500 characters.")},
    )


class TextReportForm(forms.Form):
    """Which text tells too much."""

    words = forms.CharField(
        label=pgettext_lazy("friend", "Which text tells who the customer is, and how?"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": pgettext_lazy("friend", "Please give a reason.")},
    )


class OtherTimesForm(MeantForm):
    """Up to three times and a word to the customer; what is right is said by dispatch.offering.other_times."""

    note = forms.CharField(label=pgettext_lazy("friend", "Message to the customer"), required=False, max_length=300)
    meant_label = pgettext_lazy("friend", "Yes, I mean these times")

    PLACES = ("first", "second", "third")
    LABELS = (
        pgettext_lazy("friend", "First time"),
        pgettext_lazy("friend", "Second time"),
        pgettext_lazy("friend", "Third time"),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for place, label in zip(self.PLACES, self.LABELS, strict=True):
            wrong = pgettext("friend", "Please enter a date and a time.")
            self.fields[place] = forms.DateTimeField(
                label=label,
                required=place == "first",
                input_formats=[MOMENT],
                widget=forms.DateTimeInput({"type": "datetime-local", "step": 300}, format=MOMENT),
                error_messages={"required": wrong, "invalid": wrong},
            )
        self.order_fields([*self.PLACES, "note"])

    def clean(self) -> dict[str, Any]:
        """Add the rule's messages to the fields they are about."""
        super().clean()
        if not self.errors:
            self.add_faults(fault_of_times(self.times(), now=now()))
        return self.cleaned_data

    def times(self) -> list[datetime]:
        """Return the times that were filled in, in their order."""
        return [self.cleaned_data[place] for place in self._filled_in()]

    def add_faults(self, faults: Mapping[int, str]) -> None:
        """Add messages by the place of a time among those that were filled in."""
        filled_in = self._filled_in() or list(self.PLACES)
        for place, message in faults.items():
            self.add_error(filled_in[min(place, len(filled_in)) - 1], message)

    def _filled_in(self) -> list[str]:
        return [place for place in self.PLACES if self.cleaned_data.get(place)]


assert len(OtherTimesForm.PLACES) == MOST_TIMES


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
@unless_gone
def ask(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Ask the customer something before deciding."""
    found, form = _live(request, job_id), AskForm(typed(request))

    def send(**question: str) -> None:
        QUESTIONS.count(str(request.friend_id))
        _say_hidden(request, ask_customer(job_id=job_id, friend_id=request.friend_id, now=now(), **question))

    said = pgettext("friend", "We've sent your question. You'll be notified when there is an answer.")
    return _do(request, found, form, "friendhub/offers/ask.html", send, said)


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
@unless_gone
def propose_times(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Accept with other times, or change those that were proposed."""
    found = _live(request, job_id)
    # People write and read times on the clock of the place of work.
    with timezone.override(time_zone_of(found.job)):
        proposed = dict(zip(OtherTimesForm.PLACES, found.times, strict=False))
        form = OtherTimesForm(typed(request), initial=proposed)

        def send(note: str, is_meant: bool, **_times: datetime | None) -> None:
            try:
                has_hidden = propose_other_times(
                    job_id=job_id,
                    friend_id=request.friend_id,
                    times=form.times(),
                    note=note,
                    is_meant=is_meant,
                    now=now(),
                )
            except UnableToProposeTimes as error:
                form.add_faults(error.faults)
            else:
                _say_hidden(request, has_hidden)

        said = pgettext("friend", "The customer is asked to choose. Nothing is decided until then.")
        return _do(request, found, form, "friendhub/offers/other_times.html", send, said)


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def report_text(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Report a text that tells who the customer is."""
    found, form = _live(request, job_id), TextReportForm(typed(request))

    def send(**report: str) -> None:
        REPORTS.count(str(request.friend_id))
        report_text_as_friend(job_id=job_id, friend_id=request.friend_id, now=now(), **report)

    said = pgettext("friend", "Thank you. A community manager looks at it.")
    return _do(request, found, form, "friendhub/offers/report_text.html", send, said)


@never_cache
@friend_required
@require_POST
@unless_gone
def withdraw_times(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Take proposed times back."""
    withdraw_other_times(job_id=job_id, friend_id=request.friend_id, now=now())
    messages.success(request, pgettext("friend", "Your times have been withdrawn. That never costs you anything."))
    return redirect("friendhub:offers")


@never_cache
@friend_required
@require_safe
@as_jpeg
def photo(request: FriendRequest, job_id: UUID, question_id: UUID) -> bytes:
    """Show the photo of an answer to a friend whom the job was offered to."""
    return answer_photo_for_friend(job_id=job_id, friend_id=request.friend_id, question_id=question_id)


def _live(request: FriendRequest, job_id: UUID) -> FriendJob:
    """Return the job of a live offer.

    Raises OfferNotYours, OfferAlreadyTaken or OfferExpired, so that nobody writes in vain.
    """
    found = job_for_friend(job_id=job_id, friend_id=request.friend_id)
    if found.offer.state == OfferState.TAKEN:
        raise OfferAlreadyTaken
    if not may_answer(found.offer, found.job, now=now()):
        raise OfferExpired
    return found


def _say_hidden(request: FriendRequest, has_hidden: bool) -> None:
    if has_hidden:
        messages.info(request, HAS_HIDDEN)


def _do(
    request: FriendRequest, found: FriendJob, form: forms.Form, template: str, send: Callable[..., None], said: str
) -> HttpResponse:
    """Ask what the customer should read, and lead back to the job."""
    context = {"section": "offers", "found": found, "job": found.job, "offer": found.offer}
    return answering.ask(request, form, send, template=template, context=context, said=said)
