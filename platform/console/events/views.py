"""Events for managers: the list, the guests, the check-in by list or by the guest's code (R22)."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core import signing
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse_lazy
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from console.events.forms import CallOffForm, LetterForm
from console.permissions import LOOK_AFTER_EVENTS
from crowd.errors import UnableToCertify
from events.models import Event, SignUp
from events.selectors import all_events, guest_list, sign_up_by_id
from events.services import undo_check_in
from events.states import SignUpState
from journeys.event.announce import call_off_event, write_to_all
from journeys.event.attend import check_in_guest, erase_guest
from journeys.links import read_check_in_token
from kernel.clock import now
from kernel.files.spreadsheets import csv_file
from kernel.wording.dates import write_moment
from tenants.requests import Request

A_PAGE = 30


@never_cache
@permission_required(LOOK_AFTER_EVENTS, raise_exception=True)
@require_safe
def event_list(request: Request) -> HttpResponse:
    """List the events, the latest first."""
    page = Paginator(all_events(), A_PAGE).get_page(request.GET.get("p"))
    context = {
        "page_title": _("Events"),
        "header_icon": "calendar-alt",
        "rows": [(event, event.title_in(get_language() or "")) for event in page],
        "page": page,
        "elided": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "console/events/events.html", context)


@never_cache
@permission_required(LOOK_AFTER_EVENTS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: Request, event_id: UUID) -> HttpResponse:
    """Show an event with its guests; posted to, call it off."""
    found, form = _event(event_id), CallOffForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        call_off_event(event_id=found.pk, tenant_id=request.tenant.pk, now=now(), **form.cleaned_data)
        messages.success(request, _("The event has been cancelled, and everybody who signed up has been informed."))
        return redirect("event_guests", found.pk)
    return _show(request, found, form=form)


@never_cache
@permission_required(LOOK_AFTER_EVENTS, raise_exception=True)
@require_POST
def write_to_guests(request: Request, event_id: UUID) -> HttpResponse:
    """Send a message to all who have signed up."""
    found, form = _event(event_id), LetterForm(request.POST)
    if not form.is_valid():
        return _show(request, found, status=HTTPStatus.UNPROCESSABLE_ENTITY, letter_form=form)
    letter = write_to_all(
        event_id=found.pk, tenant_id=request.tenant.pk, who=str(request.user), now=now(), **form.cleaned_data
    )
    said = ngettext("Sent to %(count)s person.", "Sent to %(count)s people.", letter.recipients)
    messages.success(request, said % {"count": letter.recipients})
    return redirect("event_guests", found.pk)


def _show(request: Request, found: Event, *, status: int = HTTPStatus.OK, **shown: Form) -> HttpResponse:
    guests = guest_list(found)
    context = {
        "page_title": found.title_in(get_language() or "") or _("Event without a public page"),
        "header_icon": "calendar-alt",
        "event": found,
        "guests": guests,
        "taken": f"{found.seats_taken} / {found.capacity}" if found.capacity else found.seats_taken,
        "waiting": sum(one.is_waiting for one in guests),
        "came": sum(one.checked_in_at is not None for one in guests),
        "pages": Page.objects.filter(translation_key=found.pk).select_related("locale").order_by("path"),
        "is_over": found.ends_at <= now(),
        "letters": list(found.letters.order_by("-written_at")),
        "form": CallOffForm(),
        "letter_form": LetterForm(),
    }
    return render(request, "console/events/event.html", context | shown, status=status)


@never_cache
@permission_required(LOOK_AFTER_EVENTS, raise_exception=True)
@require_safe
def guests_as_csv(request: Request, event_id: UUID) -> HttpResponse:
    """Give the guest list as a file."""
    found = _event(event_id)
    lines: list[tuple[str, ...]] = [("name", "email", "state", "confirmed", "signed_up_at", "checked_in_at")]
    with timezone.override(found.zone):
        lines += [
            (
                one.name,
                one.email,
                one.state,
                "yes" if one.confirmed_at else "no",
                timezone.localtime(one.created_at).isoformat(timespec="minutes"),
                timezone.localtime(one.checked_in_at).isoformat(timespec="minutes") if one.checked_in_at else "",
            )
            for one in guest_list(found)
        ]
        return csv_file(f"guests-{found.pk}", lines, on=timezone.localdate(found.starts_at))


@never_cache
@permission_required(LOOK_AFTER_EVENTS, raise_exception=True)
@require_POST
def act_on_guest(request: Request, event_id: UUID, sign_up_id: UUID) -> HttpResponse:
    """Check a guest of the list in, take that back, or delete all that is known of them."""
    found = _guest(sign_up_id, event_id)
    if "erase" in request.POST:
        erase_guest(sign_up_id=found.pk, tenant_id=request.tenant.pk, now=now())
        messages.success(request, _("The guest's details have been deleted."))
    elif "undo" in request.POST:
        undo_check_in(sign_up_id=found.pk)
        messages.success(request, _("%(name)s is no longer checked in.") % {"name": found.name})
    else:
        _check_in(request, found)
    return redirect("event_guests", event_id)


@never_cache
@permission_required(LOOK_AFTER_EVENTS, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: Request, token: str) -> HttpResponse:
    """Show whose code a phone has read, and check them in by a button: a code that is read writes nothing by itself."""
    try:
        found = _guest(UUID(read_check_in_token(token)))
    except signing.BadSignature as error:
        raise Http404 from error
    if request.method == "POST":
        _check_in(request, found)
        return redirect("event_code", token)
    context = {
        "page_title": found.name,
        "header_icon": "calendar-alt",
        "guest": found,
        "event": found.event,
        "title": found.event.title_in(get_language() or ""),
        "state": SignUpState(found.state).label,
    }
    return render(request, "console/events/code.html", context)


def _check_in(request: Request, guest: SignUp) -> None:
    """Check somebody in and say so, or since when they are."""
    try:
        is_new = check_in_guest(
            sign_up_id=guest.pk,
            tenant=request.tenant,
            who=str(request.user),
            now=now(),
            arrived_at=_moment(request.POST.get("at", "")),
        )
    except UnableToCertify as error:
        said = _("%(name)s is checked in, but not certified.") % {"name": guest.name}
        messages.warning(request, f"{said} {error}")
        return
    if is_new:
        messages.success(request, _("%(name)s is checked in.") % {"name": guest.name})
        return
    with timezone.override(guest.event.zone):
        since = write_moment(guest.checked_in_at, "short_moment")
    messages.warning(
        request, _("This code was used before: %(name)s, %(since)s.") % {"name": guest.name, "since": since}
    )


def _moment(written: str) -> datetime | None:
    """Return what a phone has written down without a connection, if that is a moment."""
    try:
        found = parse_datetime(written)
    except ValueError:
        return None
    return found if found is not None and timezone.is_aware(found) else None


def _event(event_id: UUID) -> Event:
    try:
        return all_events().get(pk=event_id)
    except Event.DoesNotExist as error:
        raise Http404 from error


def _guest(sign_up_id: UUID, event_id: UUID | None = None) -> SignUp:
    try:
        found = sign_up_by_id(sign_up_id)
    except SignUp.DoesNotExist as error:
        raise Http404 from error
    if event_id not in (None, found.event_id):
        raise Http404
    return found


class EventsMenuItem(MenuItem):
    """A menu item for those who look after events."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this user may see guests."""
        return request.user.has_perm(LOOK_AFTER_EVENTS)


def menu_item() -> MenuItem:
    """Return the entry of the main menu."""
    return EventsMenuItem(gettext_lazy("Events"), reverse_lazy("events"), icon_name="calendar-alt", order=112)


urlpatterns = [
    path("events/", event_list, name="events"),
    path("events/<uuid:event_id>/", event, name="event_guests"),
    path("events/<uuid:event_id>/write/", write_to_guests, name="write_to_guests"),
    path("events/<uuid:event_id>/csv/", guests_as_csv, name="event_guests_csv"),
    path("events/<uuid:event_id>/guests/<uuid:sign_up_id>/", act_on_guest, name="event_guest"),
    path("events/check-in/<str:token>/", code, name="event_code"),
]
