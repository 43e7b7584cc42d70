"""A friend's profile and availability: shown and changed."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crowd.availability import add_exception, coming_exceptions, remove_exception, set_week
from crowd.models import Friend
from crowd.onboarding import METRES_A_KM
from crowd.profiles import declarable_skills, declared_skill_ids, skills_by_test
from crowd.selectors import certificates_of, friend_by_id
from crowd.services import pause_friend
from friendhub.access import FriendRequest, friend_required
from friendhub.answering import accepted, status_of
from friendhub.profile.forms import ExceptionForm, PauseForm, ProfileForm, WeekForm, week_rows
from journeys.reads.friend_profile import change_profile, pause_through_day, photo_of_friend
from kernel.clock import now
from kernel.slots import DAYS_A_WEEK, PARTS_A_DAY, Part
from kernel.web.serving import as_jpeg
from places.countries import country_by_code

EXCEPTION_FIELDS = {
    "exception_ends_before_it_starts": "ends_on",
    "exception_is_over": "ends_on",
    "exceptions_overlap": "starts_on",
    "too_far_ahead": "ends_on",
}


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: FriendRequest) -> HttpResponse:
    """Show the profile as a form, or take what was changed."""
    friend = friend_by_id(request.friend_id)
    form = _profile_form(request, friend)
    fields = {"limit_below_open_jobs": "max_open_jobs"}
    if form.is_bound and accepted(form, change_profile, fields, friend_id=friend.pk):
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, pgettext("friend", "Your profile has been saved."))
            if not certificates_of(friend.pk, today=now().date()):
                messages.warning(request, pgettext("friend", "Your profile names no skill, so you get no offers."))
            return redirect("friendhub:profile")
    context = {
        "section": "profile",
        "part": "edit",
        "form": form,
        "friend": friend,
        "after_a_test": skills_by_test(friend.pk),
    }
    return render(request, "friendhub/profile/profile_edit.html", context, status=status_of(form))


@never_cache
@friend_required
@require_safe
@as_jpeg
def photo(request: FriendRequest) -> bytes | None:
    """Show the friend's own photo."""
    return photo_of_friend(request.friend_id)


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def availability(request: FriendRequest) -> HttpResponse:
    """Show week, exceptions and pause; take the week."""
    form = WeekForm(request.POST) if request.method == "POST" else WeekForm()
    if form.is_bound and accepted(form, set_week, {}, friend_id=request.friend_id):
        messages.success(request, pgettext("friend", "Your weekly hours have been saved."))
        if not form.cleaned_data["week"]:
            messages.warning(request, pgettext("friend", "Your week is empty, so you get no offers."))
        return redirect("friendhub:availability")
    return _availability(request, ExceptionForm(), PauseForm())


@never_cache
@friend_required
@require_POST
def add(request: FriendRequest) -> HttpResponse:
    """Take an exception."""
    form = ExceptionForm(request.POST)
    if accepted(form, add_exception, EXCEPTION_FIELDS, friend_id=request.friend_id, now=now()):
        messages.success(request, pgettext("friend", "The exception has been saved."))
        return redirect("friendhub:availability")
    return _availability(request, form, PauseForm())


@never_cache
@friend_required
@require_POST
def remove(request: FriendRequest, exception_id: int) -> HttpResponse:
    """Take an exception away."""
    remove_exception(friend_id=request.friend_id, exception_id=exception_id)
    messages.success(request, pgettext("friend", "The exception has been removed."))
    return redirect("friendhub:availability")


@never_cache
@friend_required
@require_POST
def pause(request: FriendRequest) -> HttpResponse:
    """Begin a pause, or change its end."""
    form = PauseForm(request.POST)
    fields = {"pause_is_over": "last_day"}
    if accepted(form, pause_through_day, fields, friend_id=request.friend_id, now=now()):
        messages.success(request, pgettext("friend", "You have paused. You get no offers until then."))
        return redirect("friendhub:availability")
    return _availability(request, ExceptionForm(), form)


@never_cache
@friend_required
@require_POST
def resume(request: FriendRequest) -> HttpResponse:
    """End a pause."""
    pause_friend(friend_id=request.friend_id, until=None)
    messages.success(request, pgettext("friend", "Welcome back. You'll get offers again."))
    return redirect("friendhub:availability")


def _profile_form(request: FriendRequest, friend: Friend) -> ProfileForm:
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    return ProfileForm(
        *bound,
        skills=declarable_skills(friend.pk),
        has_photo=bool(friend.photo),
        initial={
            "about": friend.about,
            "phone": friend.phone,
            "country": friend.country,
            "postal_code": friend.postal_code,
            "radius_km": round(friend.radius_m / METRES_A_KM),
            "travel_mode": friend.travel_mode,
            "max_open_jobs": friend.max_open_jobs,
            "languages": friend.languages,
            "skill_ids": declared_skill_ids(friend.pk),
            "language": friend.language,
        },
    )


def _availability(request: FriendRequest, exception_form: Form, pause_form: Form) -> HttpResponse:
    friend, moment = friend_by_id(request.friend_id), now()
    refused = next((form for form in (exception_form, pause_form) if form.errors), None)
    is_paused = friend.paused_until is not None and friend.paused_until > moment
    context: dict[str, Any] = {
        "section": "profile",
        "part": "availability",
        "friend": friend,
        "week": week_rows({place: bool(friend.free_week & (1 << place)) for place in range(DAYS_A_WEEK * PARTS_A_DAY)}),
        "part_names": [part.label for part in Part],
        "exceptions": [
            (one, [part.label for part in Part if one.parts & (1 << part)])
            for one in coming_exceptions(friend.pk, today=moment.date())
        ],
        "paused_until": friend.paused_until if is_paused else None,
        "exception_form": exception_form,
        "pause_form": pause_form,
        # The summary of faults is about the form that has them.
        "form": refused,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    with timezone.override(country_by_code(friend.country).time_zone):
        return render(request, "friendhub/profile/availability.html", context, status=status)
