"""The customer says that the work is not done, and the friend that the rest is (R16)."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dispatch.errors import OfferNotYours
from friendhub.access import FriendRequest, friend_required
from friendhub.answering import ask, typed
from journeys.order.working.not_done import report_rest_done
from journeys.reads.friend_job import job_for_friend
from kernel.clock import now


class RestDoneForm(forms.Form):
    """What the friend did."""

    words = forms.CharField(
        label=pgettext_lazy("friend", "What did you do?"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": pgettext_lazy("friend", "Please write in a few words what you did.")},
    )


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def rest_done(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Say that the rest is done, which asks the customer once more."""
    found = job_for_friend(job_id=job_id, friend_id=request.friend_id)
    if found.objection is None:
        raise OfferNotYours

    def act(**words: str) -> None:
        report_rest_done(job_id=job_id, friend_id=request.friend_id, now=now(), **words)

    said = pgettext("friend", "Well done. The customer is asked to confirm.")
    context = {"section": "jobs", "job": found.job}
    template = "friendhub/jobs/disruptions/rest_done.html"
    return ask(request, RestDoneForm(typed(request)), act, template=template, context=context, said=said)
