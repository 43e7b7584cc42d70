"""The friend's page on which they and their customer write to each other."""

from http import HTTPStatus
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from friendhub.access import FriendRequest, friend_required
from journeys.order.talking.write_to_each_other import photo_for_friend, thread_for_friend, write_as_friend
from journeys.reads.friend_job import job_for_friend
from kernel.clock import now
from kernel.errors import DomainError
from kernel.web.limits import Limit
from kernel.web.serving import as_jpeg
from orders.photos import clean_photo
from orders.states import Side

# More than people write who have each other's number; this is against writing without end.
MESSAGES = Limit("thread", most=60, within_s=3600)


class MessageForm(forms.Form):
    """Words, a photo, or both. The photo is re-encoded here, so nothing of where and when it was taken is left."""

    words = forms.CharField(
        label=pgettext_lazy("friend", "Your message"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": pgettext_lazy("friend", "Please write at most 2,000 characters.")},
    )
    photo = forms.FileField(
        label=pgettext_lazy("friend", "Photo"),
        required=False,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_photo(self) -> bytes:
        """Return the photo as a JPEG without metadata, or nothing."""
        upload = self.cleaned_data.get("photo")
        if not upload:
            return b""
        try:
            return clean_photo(upload)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def messages(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Show what was written, and send a message; a live part asks with ``since`` and hears 204 where nothing is new."""
    found = job_for_friend(job_id=job_id, friend_id=request.friend_id)
    form = MessageForm(request.POST or None, request.FILES or None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                MESSAGES.count(str(request.friend_id))
                write_as_friend(job_id=job_id, friend_id=request.friend_id, now=now(), **form.cleaned_data)
            except DomainError as error:
                if error.status == HTTPStatus.NOT_FOUND:
                    raise
                form.add_error("words", str(error))
                status = HTTPStatus(error.status)
            else:
                return redirect("friendhub:messages", job_id)
    seen = thread_for_friend(job_id=job_id, friend_id=request.friend_id, now=now())
    if request.htmx and request.GET.get("since") == seen.version:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    template = "friendhub/jobs/parts/messages.html" if request.htmx else "friendhub/jobs/messages.html"
    context = {"section": "jobs", "job": found.job, "thread": seen, "form": form, "own_side": Side.FRIEND}
    return render(request, template, context, status=status)


@never_cache
@friend_required
@require_safe
@as_jpeg
def photo(request: FriendRequest, job_id: UUID, message_id: int) -> bytes:
    """Show a photo that one of the two has sent."""
    return photo_for_friend(job_id=job_id, friend_id=request.friend_id, message_id=message_id)
