"""A friend's notices: the inbox, what they want to hear of and when, and the devices that take pushes."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crowd.selectors import friend_by_id
from friendhub.access import FriendRequest, friend_required
from friendhub.inbox.forms import DeviceForm, PreferenceForm
from journeys.friend.inbox import read_what_is_over
from journeys.friend.try_notices import send_trial
from kernel.clock import now
from kernel.errors import DomainError
from kernel.web.limits import limited
from notifications.client import public_key, push_is_on
from notifications.hours import LEAST_LEFT
from notifications.models import Notice
from notifications.selectors import devices_of, inbox_of, preference_of
from notifications.services import keep_preference, mark_all_read, mark_read, subscribe, unsubscribe
from places.countries import country_by_code

PAGE_SIZE = 30
TRIALS_AN_HOUR = 10
HOUR_S = 3600


@never_cache
@friend_required
@require_safe
def inbox(request: FriendRequest) -> HttpResponse:
    """List what the friend was told, the newest first."""
    read_what_is_over(request.friend_id, now=now())
    page = Paginator(inbox_of(request.friend_id), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "friendhub/inbox/notices.html", {"section": "notices", "page": page})


@never_cache
@friend_required
@require_POST
def read(request: FriendRequest, notice_id: int) -> HttpResponse:
    """Mark a notice as read and go where it leads."""
    try:
        notice = mark_read(friend_id=request.friend_id, notice_id=notice_id, now=now())
    except Notice.DoesNotExist as error:
        raise Http404 from error
    return redirect(notice.path or "friendhub:notices")


@never_cache
@friend_required
@require_POST
def read_all(request: FriendRequest) -> HttpResponse:
    """Mark all notices as read."""
    mark_all_read(friend_id=request.friend_id, now=now())
    return redirect("friendhub:notices")


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: FriendRequest) -> HttpResponse:
    """Let the friend choose channels and hours."""

    def keep(form: Form) -> None:
        keep_preference(friend_id=request.friend_id, **form.cleaned_data)

    if request.method != "POST":
        return _settings(request)
    form = PreferenceForm(request.POST, home_zone=_home_zone(request))
    return _settled(request, form, keep, pgettext("friend", "Your choice has been saved."), {"form": form})


@never_cache
@friend_required
@require_POST
def add_device(request: FriendRequest) -> HttpResponse:
    """Take the subscription that the browser has made for this device."""

    def add(form: Form) -> None:
        agent = request.headers.get("User-Agent", "")
        subscribe(friend_id=request.friend_id, user_agent=agent, now=now(), **form.cleaned_data)

    said = pgettext("friend", "Push is on for this device. Send yourself a test notification to see it.")
    form = DeviceForm(request.POST)
    return _settled(request, form, add, said, {"device_form": form})


@never_cache
@friend_required
@require_POST
def remove_device(request: FriendRequest, device_id: UUID) -> HttpResponse:
    """Send no more pushes to a device."""
    if not unsubscribe(friend_id=request.friend_id, device_id=device_id):
        raise Http404
    messages.success(request, pgettext("friend", "This device no longer gets push notifications."))
    return redirect("friendhub:notice_settings")


@never_cache
@friend_required
@require_POST
@limited(of="notice-trial", most=TRIALS_AN_HOUR, within_s=HOUR_S)
def send_test(request: FriendRequest) -> HttpResponse:
    """Send the friend a notice on every channel."""
    send_trial(friend_id=request.friend_id, now=now())
    if push_is_on() and devices_of(request.friend_id).exists():
        said = pgettext("friend", "We've sent your test notification: to your inbox, by email and by push.")
    else:
        said = pgettext("friend", "We've sent your test notification to your inbox and by email.")
    messages.success(request, said)
    return redirect("friendhub:notice_settings")


def _settled(
    request: FriendRequest, form: Form, act: Callable[[Form], None], said: str, context: dict[str, Any]
) -> HttpResponse:
    """Do what a form of the settings says where it is right, else show the settings again with what was typed."""
    if form.is_valid():
        try:
            act(form)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect("friendhub:notice_settings")
    return _settings(request, status=HTTPStatus.UNPROCESSABLE_ENTITY, **context)


def _settings(request: FriendRequest, *, status: int = HTTPStatus.OK, **context: Any) -> HttpResponse:
    preference = preference_of(request.friend_id)
    whole = {
        "section": "notices",
        "form": PreferenceForm.showing(preference, home_zone=_home_zone(request)),
        "devices": devices_of(request.friend_id),
        "push_is_on": push_is_on(),
        "public_key": public_key(),
        "least_left": int(LEAST_LEFT.total_seconds() // 60),
    }
    return render(request, "friendhub/inbox/notice_settings.html", whole | context, status=status)


def _home_zone(request: FriendRequest) -> str:
    return country_by_code(friend_by_id(request.friend_id).country).time_zone
