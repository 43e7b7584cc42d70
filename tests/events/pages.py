"""Events as managers write them in Wagtail, and guests who sign up on the pages."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.test import Client

from cms.models import EventIndexPage, EventPage, HomePage
from events.models import Event, SignUp
from kernel.clock import now
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import deliver
from tests.responses import Response

# What the editor of Wagtail sends for a text.
TEXT = json.dumps({"entityMap": {}, "blocks": [{"key": "a", "text": "Bring your router.", "type": "unstyled",
                   "depth": 0, "inlineStyleRanges": [], "entityRanges": []}]})  # fmt: skip
NO_PHOTOS = {"photos-count": "0"}


def event_fields(**changed: Any) -> dict[str, Any]:
    """Return what a manager types: an evening in ten days, for two guests."""
    day = (now() + timedelta(days=10)).date()
    fields = {
        "title": "Repair evening",
        "slug": "repair-evening",
        "introduction": "We repair together.",
        "body": TEXT,
        "start_day": day.isoformat(),
        "start_time": "18:00",
        "end_day": "",
        "end_time": "20:00",
        "time_zone": "Europe/Berlin",
        "place": "Invalidenstr. 1, Berlin",
        "online_url": "",
        "capacity": "2",
        "audience": "public",
    }
    return fields | NO_PHOTOS | changed


def events_page(tenant: Tenant, language: str = "en") -> EventIndexPage:
    """Return a partner's page of events in a language, made where it is missing. Run inside the tenant."""
    home = HomePage.objects.get(locale__language_code=language)
    found = EventIndexPage.objects.child_of(home).first()
    return found or home.add_child(instance=EventIndexPage(title="Events", slug="events", locale=home.locale))


def write_event(manager: Client, tenant: Tenant, *, publish: bool = True, **changed: Any) -> Response:
    """Write an event in the editor and publish it, or keep it as a draft."""
    with tenant_context(tenant):
        parent = events_page(tenant)
    act = {"action-publish": "1"} if publish else {}
    return manager.post(f"/admin/pages/add/cms/eventpage/{parent.pk}/", event_fields(**changed) | act)


def change_event(manager: Client, tenant: Tenant, page_id: int, **changed: Any) -> Response:
    """Change an event in the editor and publish it."""
    return manager.post(f"/admin/pages/{page_id}/edit/", event_fields(**changed) | {"action-publish": "1"})


def published(tenant: Tenant, slug: str = "repair-evening") -> tuple[EventPage, Event]:
    """Return the page of an event and its facts."""
    with tenant_context(tenant):
        page = EventPage.objects.get(slug=slug)
        return page, Event.objects.get(pk=page.translation_key)


def sign_up(visitor: Client, event: Event, name: str) -> Response:
    """Sign up on the event's page."""
    fields = {"name": name, "email": f"{name.lower()}@guests.example"}
    return visitor.post(f"/en/event/{event.pk}/sign-up/", fields)


def guest_link(mail: Any) -> str:
    """Return the path of the guest's own page that a mail leads to."""
    return re.findall(r"http://nord\.localhost\S*?(/en/attendance/[^/\s]+/)", mail.body)[0]


def come(visitor: Client, event: Event, name: str) -> str:
    """Sign up and confirm by the mail's link; return the path of the guest's own page, all mails being delivered."""
    answer = sign_up(visitor, event, name)
    assert answer.status_code == 200, answer.content.decode()
    [mail] = deliver()
    link = guest_link(mail)
    assert visitor.post(f"{link}confirm/").status_code == 302
    deliver()
    return link


def standing(tenant: Tenant) -> Mapping[str, str]:
    """Return where everybody stands, by name."""
    with tenant_context(tenant):
        return dict(SignUp.objects.values_list("name", "state"))
