"""Signing up for an event, the guest's own page, and calendar files."""

from http import HTTPStatus
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from communities.selectors import member_of
from events.models import Event, SignUp
from events.selectors import coming_events, open_event, place_in_line, sign_up_by_id
from events.services import Guest
from journeys.calendar import events_file
from journeys.event.attend import confirm_guest, leave_event, sign_up_guest
from journeys.links import read_attendance_token
from kernel.clock import now
from kernel.web.answers import carries_secret
from kernel.web.limits import limited
from storefront.events.codes import draw_code
from storefront.events.forms import SignUpForm
from tenants.requests import Request

# Each one mails somebody; a school class behind one address signs up too.
SIGN_UPS, ANSWERS, LIMITED_S = 40, 60, 600
# What a calendar that reads the feed shows of the future.
IN_FEED = 200


@require_safe
def lead_to_page(request: Request, event_id: UUID) -> HttpResponse:
    """Lead to the page that tells of an event, in the language at hand where there is one."""
    event = open_event(event_id, is_friend=member_of(request.user) is not None)
    pages = list(Page.objects.live().filter(translation_key=event.pk).select_related("locale").order_by("path"))
    pages.sort(key=lambda page: page.locale.language_code != request.LANGUAGE_CODE)
    url = pages[0].get_url(request) if pages else None
    if url is None:
        raise Http404
    return redirect(url)


@require_safe
def calendar(request: Request, event_id: UUID) -> HttpResponse:
    """Give an event as a calendar file."""
    event = open_event(event_id, is_friend=member_of(request.user) is not None)
    return _calendar_file(request, [event], "event.ics")


@require_safe
def feed(request: Request) -> HttpResponse:
    """Give the public events that are still to come, for calendars that look again and again."""
    coming = coming_events(now=now(), is_friend=False, language=request.LANGUAGE_CODE)
    return _calendar_file(request, list(coming[:IN_FEED]), "events.ics")


@never_cache
@require_POST
@limited(of="event-sign-up", most=SIGN_UPS, within_s=LIMITED_S)
def sign_up(request: Request, event_id: UUID) -> HttpResponse:
    """Hold a seat or a place on the list, and say that a mail is coming; what is wrong comes back with its message."""
    event, form = open_event(event_id, is_friend=False), SignUpForm(request.POST)
    context = {"section": "events", "event": event, "form": form}
    if not form.is_valid():
        return render(request, "storefront/events/sign_up.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    guest = Guest(language=request.LANGUAGE_CODE, **form.cleaned_data)
    sign_up_guest(event_id=event.pk, guest=guest, tenant_id=request.tenant.pk, now=now())
    return render(request, "storefront/events/sign_up.html", context | {"email": guest.email})


@never_cache
@carries_secret
@require_safe
def attendance(request: Request, token: str) -> HttpResponse:
    """Show a guest where they stand and what they can do; opening it does nothing, for programs open links too."""
    found = _sign_up(token)
    context = {
        "section": "events",
        "token": token,
        "sign_up": found,
        "event": found.event,
        "has_begun": found.event.starts_at <= now(),
        "place": place_in_line(found) if found.is_waiting else 0,
        "code": draw_code(request.tenant, found) if found.is_going and found.confirmed_at else "",
    }
    return render(request, "storefront/events/attendance.html", context)


@carries_secret
@require_POST
@limited(of="event-answer", most=ANSWERS, within_s=LIMITED_S)
def confirm(request: Request, token: str) -> HttpResponse:
    """Confirm that the guest is coming, or waits."""
    confirm_guest(sign_up_id=_sign_up(token).pk, tenant_id=request.tenant.pk, now=now())
    return redirect("storefront:attendance", token)


@carries_secret
@require_POST
@limited(of="event-answer", most=ANSWERS, within_s=LIMITED_S)
def leave(request: Request, token: str) -> HttpResponse:
    """Give the seat back."""
    leave_event(sign_up_id=_sign_up(token).pk, tenant_id=request.tenant.pk, now=now())
    return redirect("storefront:attendance", token)


def _sign_up(token: str) -> SignUp:
    try:
        return sign_up_by_id(read_attendance_token(token))
    except (signing.BadSignature, SignUp.DoesNotExist) as error:
        raise Http404 from error


def _calendar_file(request: Request, events: list[Event], name: str) -> HttpResponse:
    content = events_file(events=events, tenant=request.tenant, language=request.LANGUAGE_CODE, now=now())
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
