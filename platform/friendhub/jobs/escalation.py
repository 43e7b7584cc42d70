"""A friend hands a job over to a pro: what they found, what it costs, and the manager where no pro can be asked."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import npgettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from friendhub.access import FriendRequest, friend_required
from journeys.order.working.escalate_to_pro import (
    Prospect,
    ask_manager_for_pro,
    diagnosis_photo_for_friend,
    escalate_to_pro,
    prospect_of,
)
from journeys.reads.friend_job import FriendJob, job_for_friend
from kernel.clock import now
from kernel.errors import DomainError
from kernel.web.serving import as_jpeg
from orders.errors import IllegalOrderMove
from orders.escalations import MOST_PHOTOS
from orders.permits import may_escalate
from orders.photos import clean_photo

SHORTEST = 20


class PhotosInput(forms.FileInput):
    """A file input that takes several files at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return all files, not only the last one."""
        return files.getlist(name)


class PhotosField(forms.FileField):
    """Some photos, each checked and stripped of its metadata."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        """Return the photos as JPEGs."""
        uploads: list[UploadedFile] = [upload for upload in data or [] if upload]
        if len(uploads) > MOST_PHOTOS:
            message = npgettext_lazy("friend", "At most %(most)d photo.", "At most %(most)d photos.", MOST_PHOTOS)
            raise forms.ValidationError(message % {"most": MOST_PHOTOS})
        try:
            return [clean_photo(upload) for upload in uploads]
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


class EscalationForm(forms.Form):
    """What the friend found."""

    diagnosis = forms.CharField(
        label=pgettext_lazy("friend", "What did you find?"),
        help_text=pgettext_lazy(
            "friend",
            "The customer and the pro read it: what is broken, what you have tried, what is needed. No names, no phone "
            "numbers.",
        ),
        min_length=SHORTEST,
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        error_messages={
            "required": pgettext_lazy("friend", "Please write what you found."),
            "min_length": pgettext_lazy("friend", "Please write a little more, so that the pro can prepare."),
        },
    )
    photos = PhotosField(
        label=pgettext_lazy("friend", "Photos"),
        help_text=pgettext_lazy("friend", "Up to five. Do not show people or papers."),
        required=False,
        widget=PhotosInput({"accept": "image/*", "multiple": True}),
    )


class ManagerForm(forms.Form):
    """What the community manager should know."""

    words = forms.CharField(
        label=pgettext_lazy("friend", "What should the community manager know?"),
        max_length=500,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": pgettext_lazy("friend", "Please write what is needed.")},
    )


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def escalate(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Show what an escalation means for everybody, and send it to the customer; or tell the manager instead."""
    found = job_for_friend(job_id=job_id, friend_id=request.friend_id)
    if not may_escalate(found.order_state) or found.escalation is not None:
        raise IllegalOrderMove
    prospect = prospect_of(found.job, now=now())
    if prospect.obstacle is not None:
        return _tell_manager(request, found, prospect)
    if request.method != "POST":
        return _page(request, found, prospect, EscalationForm())
    form = EscalationForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, prospect, form)
    escalate_to_pro(job_id=job_id, friend_id=request.friend_id, now=now(), **form.cleaned_data)
    messages.success(request, pgettext("friend", "Sent. The customer has 72 hours to answer."))
    return redirect("friendhub:job", job_id)


@never_cache
@friend_required
@require_safe
@as_jpeg
def diagnosis_photo(request: FriendRequest, job_id: UUID, photo_id: int) -> bytes:
    """Show a photo of a diagnosis to a pro who was offered the job, and to who took it."""
    return diagnosis_photo_for_friend(job_id=job_id, friend_id=request.friend_id, photo_id=photo_id)


def _tell_manager(request: FriendRequest, found: FriendJob, prospect: Prospect) -> HttpResponse:
    """Say why no pro can be asked, and let the friend tell the community manager."""
    form = ManagerForm(request.POST or None)
    if not (form.is_bound and form.is_valid()):
        return _page(request, found, prospect, form)
    ask_manager_for_pro(job_id=found.job.pk, friend_id=request.friend_id, now=now(), **form.cleaned_data)
    messages.success(request, pgettext("friend", "The community manager has been notified and will look into it."))
    return redirect("friendhub:job", found.job.pk)


def _page(request: FriendRequest, found: FriendJob, prospect: Prospect, form: forms.Form) -> HttpResponse:
    context = {"section": "jobs", "found": found, "job": found.job, "prospect": prospect, "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "friendhub/jobs/escalate.html", context, status=status)
