"""Planting the demo's events: a page of events and two events for each brand, in each of its languages."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from cms.models import EventIndexPage, EventPage, HomePage
from demo.data import load
from kernel.wording.texts import pick
from tenants.context import tenant_context
from tenants.models import Tenant


def plant_events(tenants: Iterable[Tenant], *, now: datetime) -> int:
    """Plant the events of each brand that has no page of events yet; return how many."""
    return sum(_plant(tenant, now) for tenant in tenants)


def _plant(tenant: Tenant, now: datetime) -> int:
    events = load("events")["brands"].get(tenant.slug, [])
    with tenant_context(tenant), transaction.atomic():
        if EventIndexPage.objects.exists():
            return 0
        homes = {home.locale.language_code: home for home in HomePage.objects.select_related("locale")}
        # The page that is there first has the event's facts.
        languages = sorted(homes, key=lambda code: code != tenant.default_language)
        indexes = _in_languages(EventIndexPage, load("events")["index"], homes, languages, show_in_menus=True)
        for event in events:
            texts = load("events")["texts"][event["text"]] | {"slug": event["text"]}
            _in_languages(EventPage, texts, indexes, languages, **_facts(event, tenant, now))
    return len(events)


def _facts(event: dict[str, Any], tenant: Tenant, now: datetime) -> dict[str, Any]:
    chosen = {name: event[name] for name in ("place", "online_url", "capacity", "audience") if name in event}
    return chosen | {
        "start_day": (now + timedelta(days=event["days"])).date(),
        "start_time": event["start"],
        "end_time": event["end"],
        "time_zone": tenant.time_zone,
    }


def _in_languages(
    kind: type[EventIndexPage | EventPage],
    texts: dict[str, Any],
    parents: dict[str, Any],
    languages: Iterable[str],
    **fields: Any,
) -> dict[str, Any]:
    """Publish a page in each language below the parent of that language, as translations of each other."""
    made: dict[str, Any] = {}
    shared: dict[str, Any] = {}
    for code in languages:
        words = {name: pick(texts[name], code) for name in ("title", "introduction", "body") if name in texts}
        page = kind(slug=texts["slug"], locale=parents[code].locale, **words, **shared, **fields)
        made[code] = parents[code].add_child(instance=page)
        made[code].save_revision().publish()
        shared = {"translation_key": page.translation_key}
    return made
