"""The demo's brands have two events each, in all their languages, that people can sign up for."""

import pytest

from cms.models import EventPage
from demo.data import load
from demo.events import plant_events
from events.models import Event
from kernel.clock import now
from tenants.context import tenant_context
from tenants.lifecycle.provisioning import provision_tenant

LANGUAGES = ["de", "fr", "it", "en"]


@pytest.mark.usefixtures("owner")
def test_a_brand_has_two_events_in_each_of_its_languages_and_is_planted_once() -> None:
    tenant = provision_tenant(
        slug="alpenfunk",
        name="Alpenfunk",
        legal_name="Alpenfunk (Demo)",
        email="hello@alpenfunk.example",
        is_demo=True,
        languages=LANGUAGES,
        default_language="de",
        countries=["CH"],
        brand_colour="#3d2c8d",
    )

    assert plant_events([tenant], now=now()) == 2
    assert plant_events([tenant], now=now()) == 0

    with tenant_context(tenant):
        assert EventPage.objects.live().count() == 2 * len(LANGUAGES)
        for event in Event.objects.prefetch_related("texts"):
            assert {text.language for text in event.texts.all()} == set(LANGUAGES)
            assert event.time_zone == "Europe/Zurich"
            assert event.starts_at > now()
            assert event.title_in("fr") != event.title_in("de")


def test_every_text_is_there_in_five_languages() -> None:
    data = load("events")
    for brand in data["brands"].values():
        assert {event["text"] for event in brand} <= set(data["texts"])
    for texts in (data["index"], *data["texts"].values()):
        for words in (value for value in texts.values() if isinstance(value, dict)):
            assert set(words) == {"de", "en", "fr", "it", "pl"}
