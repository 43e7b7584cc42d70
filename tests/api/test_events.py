"""A partner's system reads public events and signs guests up, by the rules of the brand site (R22)."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from developers.kinds import Scope
from events.models import Event, SignUp
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.api.calls import Shop, faults_of, problem_of, token_for
from tests.cast import deliver
from tests.events.pages import guest_link, published, standing, write_event

GUEST = {"name": "Ada", "email": "ada@guests.example"}


@pytest.fixture
def event(manager_client: Client, nord: Tenant) -> Event:
    """Return a public event with one seat."""
    assert write_event(manager_client, nord, capacity="1").status_code == 302
    return published(nord)[1]


def test_public_events_are_listed_and_read(event: Event, shop: Shop, manager_client: Client, nord: Tenant) -> None:
    write_event(manager_client, nord, audience="friends", slug="friends")
    friends = published(nord, "friends")[1]

    [listed] = shop.get("events").json()["results"]

    assert listed == shop.get(f"events/{event.pk}").json()
    assert listed["title"] == "Repair evening"
    assert listed["starts_at"] == "2026-12-04T18:00:00+01:00"
    assert (listed["capacity"], listed["seats_left"], listed["is_called_off"]) == (1, 1, False)
    assert Client(headers={"host": "nord.localhost"}).get(listed["url"], follow=True).status_code == 200
    problem_of(shop.get(f"events/{friends.pk}"), 404, "no_such_event")


def test_hours_carry_the_offset_of_the_events_own_zone(shop: Shop, manager_client: Client, nord: Tenant) -> None:
    write_event(manager_client, nord, time_zone="America/New_York")

    [listed] = shop.get("events").json()["results"]

    assert (listed["starts_at"], listed["ends_at"]) == ("2026-12-04T18:00:00-05:00", "2026-12-04T20:00:00-05:00")


@pytest.mark.parametrize("path", ["/api/v1/events", "/en/events.ics"])
def test_many_events_take_no_more_queries_than_one(
    event: Event, shop: Shop, manager_client: Client, nord: Tenant, path: str
) -> None:
    counts = []
    shop.client.get(path)
    for slug in ("second", "third"):
        write_event(manager_client, nord, slug=slug)
        with CaptureQueriesContext(connection) as queries:
            assert shop.client.get(path).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_guest_is_signed_up_once_and_confirms_by_mail(
    event: Event, shop: Shop, visitor: Client, nord: Tenant
) -> None:
    path = f"events/{event.pk}/sign-ups"

    made = shop.send(path, GUEST, once="a")
    again = shop.send(path, GUEST, once="a")
    late = shop.send(path, {"name": "Ben", "email": "ben@guests.example"})

    assert (made.status_code, made.json()["state"], made.json()["is_confirmed"]) == (201, "going", False)
    assert again.json() == made.json()
    assert late.json()["state"] == "waiting"
    assert standing(nord) == {"Ada": "going", "Ben": "waiting"}
    [mail] = [mail for mail in deliver() if mail.to == ["ada@guests.example"]]
    visitor.post(f"{guest_link(mail)}confirm/")
    with tenant_context(nord):
        assert SignUp.objects.get(name="Ada").confirmed_at is not None


def test_what_is_wrong_is_pointed_at_and_a_key_may_do_only_what_it_may(event: Event, shop: Shop, nord: Tenant) -> None:
    path = f"events/{event.pk}/sign-ups"
    refused = problem_of(shop.send(path, {"name": "Ada", "email": "ada", "x": 1}), 422, "fields_not_right")
    assert set(faults_of(refused)) == {"#/email", "#/x"}

    reader = Shop(token_for(nord, Scope.EVENTS_READ))

    assert reader.get("events").status_code == 200
    problem_of(reader.send(path, GUEST), 403, "scope_missing")
    problem_of(Shop(token_for(nord, Scope.ORDERS_READ)).get("events"), 403, "scope_missing")
    assert standing(nord) == {}
