"""An event's facts and the way to sign up, inside pages."""

import json
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from communities.models import Member
from communities.selectors import member_of
from events.models import Event
from events.selectors import place_in_line, sign_up_of_friend
from events.wording import write_when, write_where, write_zone
from kernel.clock import now
from kernel.wording.dates import write_moment
from storefront.events.codes import draw_code
from storefront.events.forms import SignUpForm
from tenants.requests import Request
from tenants.selectors import tenant_url

register = template.Library()

# As Django's json_script does: nothing in the data can end the element that holds it.
_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.filter
def event_when(event: Event) -> str:
    """Write from when to when it lasts."""
    return write_when(event)


@register.filter
def event_zone(event: Event) -> str:
    """Say by whose clock."""
    return write_zone(event)


@register.filter
def event_clock(at: datetime, event: Event) -> str:
    """Write a moment by the clock of the event's place."""
    with timezone.override(event.zone):
        return write_moment(at, "short_moment")


@register.filter
def event_where(event: Event) -> str:
    """Write where it is."""
    return write_where(event)


@register.inclusion_tag("storefront/events/parts/facts.html")
def event_facts(event: Event) -> dict[str, Any]:
    """Show when and where an event is, and how many seats are left."""
    return {"event": event}


@register.inclusion_tag("storefront/events/parts/sign_up.html", takes_context=True)
def event_sign_up(context: dict[str, Any], event: Event) -> dict[str, Any]:
    """Show the form to sign up, to a member of the community a button, or why nobody can."""
    request = context["request"]
    shown = {
        "csrf_token": context.get("csrf_token", ""),
        "event": event,
        "has_begun": event.starts_at <= now(),
        "member": member_of(request.user),
        "form": context.get("form") or SignUpForm(),
    }
    return shown | _standing(request, event, shown["member"])


def _standing(request: Request, event: Event, member: Member | None) -> dict[str, Any]:
    """Return where a member stands with an event."""
    standing = sign_up_of_friend(event, member.friend_id) if member else None
    if standing is None:
        return {"standing": None}
    if standing.is_waiting:
        return {"standing": standing, "place": place_in_line(standing)}
    return {"standing": standing, "code": draw_code(request.tenant, standing)}


@register.simple_tag(takes_context=True)
def event_for_machines(context: dict[str, Any], event: Event, title: str, summary: str) -> SafeString:
    """Describe an event as schema.org does (JSON-LD); a block of data, which no browser runs."""
    request, brand = context["request"], context["brand"]
    places = [
        *([{"@type": "Place", "name": event.place, "address": event.place}] if event.place else []),
        *([{"@type": "VirtualLocation", "url": request.build_absolute_uri(request.path)}] if event.online_url else []),
    ]
    mode = {(True, False): "Offline", (False, True): "Online"}.get((bool(event.place), bool(event.online_url)), "Mixed")
    said = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": title,
        "description": summary,
        "url": request.build_absolute_uri(request.path),
        "startDate": event.starts_at.astimezone(event.zone).isoformat(),
        "endDate": event.ends_at.astimezone(event.zone).isoformat(),
        "eventStatus": f"https://schema.org/Event{'Cancelled' if event.called_off_at else 'Scheduled'}",
        "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode",
        "location": places[0] if len(places) == 1 else places,
        "organizer": {"@type": "Organization", "name": brand.legal_name, "url": tenant_url(request.tenant)},
    }
    if event.capacity is not None:
        said |= {"maximumAttendeeCapacity": event.capacity, "remainingAttendeeCapacity": event.seats_left}
    content = mark_safe(json.dumps(said, ensure_ascii=False).translate(_ESCAPES))  # noqa: S308  # escaped above
    return format_html('<script type="application/ld+json">{}</script>', content)
