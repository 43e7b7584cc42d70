"""A booking becomes an order, a job and four offers, or nothing at all (R11, R14, R18)."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from time_machine import Coordinates

from catalog.models import Package
from crowd.models import Friend
from crowd.services import refresh_candidates
from dispatch.models import Job, Offer
from journeys.order.booking.book_package import AllBusy, NotCovered, answer_place, book_package
from kernel.clock import now
from kernel.geo import on_sphere
from orders.errors import UnableToPlaceOrder
from orders.models import Order
from orders.services.orders import release_order
from orders.states import OrderState
from outbox.models import Message
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import ADA, Cast, book, complete_draft, register_friend


def test_order_job_and_four_offers_are_written_together(nord: Tenant, four_near: Cast) -> None:
    finn = register_friend("Finn", km=12, communities=[nord.pk])

    order = book(nord)

    assert order.state == OrderState.SEARCHING
    job = Job.objects.get(pk=order.placed_job_id)
    asked = set(job.offers.values_list("friend_id", flat=True))
    assert asked == {friend.pk for friend in four_near.values()}
    assert finn.pk not in asked
    assert order.price_minor == 4900
    assert order.price_minor == order.commission_minor + order.friend_minor
    assert order.vat_minor == 782


def test_offers_carry_the_distance_in_metres(nord: Tenant, four_near: Cast) -> None:
    book(nord)

    distances = list(Offer.objects.order_by("distance_m").values_list("distance_m", flat=True))
    for kilometres, distance in enumerate(distances, start=1):
        assert abs(distance - kilometres * 1000) < 700


def test_the_job_holds_nothing_that_names_the_customer(nord: Tenant, four_near: Cast) -> None:
    order = book(nord)

    row = Job.objects.filter(pk=order.placed_job_id).values().get()
    for value in (ADA["name"], ADA["email"], "1234567", ADA["street"]):
        assert value not in str(row)


def test_pressing_twice_places_one_order(nord: Tenant, four_near: Cast) -> None:
    with tenant_context(nord):
        draft = complete_draft()
        first = book_package(draft_id=draft.pk, language="en", now=now())
        second = book_package(draft_id=draft.pk, language="en", now=now())

    assert first.pk == second.pk
    assert Offer.objects.count() == 4


def test_placing_an_order_takes_23_queries(nord: Tenant, four_near: Cast) -> None:
    """Also in a process that has shown the managers' admin, which listens to models."""
    import_module("wagtail.admin.urls")
    with tenant_context(nord):
        draft = complete_draft()

        with CaptureQueriesContext(connection) as queries:
            book_package(draft_id=draft.pk, language="en", now=now())

    assert len(queries) <= 23, "\n".join(one["sql"] for one in queries)
    assert Offer.objects.count() == 4


def test_the_order_in_hand_is_the_order_in_the_database(nord: Tenant, four_near: Cast) -> None:
    order = book(nord)

    with tenant_context(nord):
        kept = Order.objects.get(pk=order.pk)
        names = [event.kind for event in kept.events.order_by("id")]
        assert {field.attname: getattr(order, field.attname) for field in Order._meta.concrete_fields} == {
            field.attname: getattr(kept, field.attname) for field in Order._meta.concrete_fields
        }
    assert names == ["placed", "wave_opened"]
    job = Job.objects.get(pk=order.placed_job_id)
    assert [event.kind for event in job.events.order_by("id")] == ["opened", "wave_opened"]
    assert (job.wave, job.community) == (1, nord.pk)


@pytest.mark.parametrize(
    ("step", "values", "field"),
    [
        ("questions", {"rooms": "3", "problem": "x"}, "provider"),
        ("questions", {"provider": "9", "rooms": "3", "problem": "x"}, "provider"),
        ("questions", {"provider": "1", "rooms": "0", "problem": "x"}, "rooms"),
        ("questions", {"provider": "1", "rooms": "many", "problem": "x"}, "rooms"),
        ("questions", {"provider": "1", "rooms": "3", "problem": "x" * 201}, "problem"),
        ("times", {"windows": []}, "windows"),
        ("times", {"windows": ["2026-11-23:2"]}, "windows"),
        ("times", {"windows": ["2027-11-23:2"]}, "windows"),
        ("times", {"windows": ["nonsense"]}, "windows"),
        ("contact", ADA | {"email": "ada"}, "email"),
        ("contact", ADA | {"phone": "12"}, "phone"),
        ("contact", ADA | {"street": " "}, "street"),
        ("payment", {"method": "gold"}, "method"),
    ],
)
def test_what_is_missing_or_wrong_is_said_by_step_and_nothing_is_written(
    nord: Tenant, four_near: Cast, step: str, values: dict[str, Any], field: str
) -> None:
    with tenant_context(nord):
        draft = complete_draft(**{step: values})

        with pytest.raises(UnableToPlaceOrder) as refusal:
            book_package(draft_id=draft.pk, language="en", now=now())

        assert list(refusal.value.fields[step]) == [field]
        assert not Order.objects.exists()
    assert not Job.objects.exists()
    assert not Message.objects.exists()


def test_the_database_refuses_to_dispatch_an_order_without_a_required_answer(
    inside_nord: Tenant, four_near: Cast
) -> None:
    order = book(inside_nord)
    Order.objects.filter(pk=order.pk).update(state=OrderState.DRAFT, job_id=None)
    order.refresh_from_db()
    order.answers.filter(question_key="rooms").delete()

    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        release_order(order=order, job_id=order.uuid, now=now())


def test_the_log_of_an_order_cannot_be_rewritten(inside_nord: Tenant, four_near: Cast) -> None:
    order = book(inside_nord)
    assert order.events.exists()

    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        order.events.update(kind="forged")


def test_a_place_without_friends_is_not_covered(inside_nord: Tenant, clock: Coordinates) -> None:
    package = Package.objects.get(slug="wifi-setup")

    with pytest.raises(NotCovered) as refused:
        answer_place(package=package, country="DE", postal_code="10115", now=now())

    assert not isinstance(refused.value, AllBusy)


@pytest.mark.parametrize(
    ("keeps_away", "are_busy"),
    [
        ({"open_jobs": F("max_open_jobs")}, True),
        ({"paused_until": F("waiting_since") + timedelta(days=1)}, True),
        ({"is_active": False}, False),
        ({"open_jobs": F("max_open_jobs"), "radius_m": 1_000, "position": on_sphere(52.6, 13.4)}, False),
    ],
    ids=["all have as many jobs as they want", "all are away", "none is active", "all are too far away as well"],
)
def test_where_those_who_could_come_are_busy_that_is_the_answer(
    inside_nord: Tenant, four_near: Cast, keeps_away: dict[str, Any], are_busy: bool
) -> None:
    package = Package.objects.get(slug="wifi-setup")
    assert answer_place(package=package, country="DE", postal_code="10115", now=now()).coverage.friends == 4

    with platform_context():
        Friend.objects.update(**keeps_away)
        refresh_candidates(Friend.objects.values_list("pk", flat=True))

    with pytest.raises(NotCovered) as refused:
        answer_place(package=package, country="DE", postal_code="10115", now=now())
    assert isinstance(refused.value, AllBusy) == are_busy


def test_the_answer_to_a_place_says_how_soon(inside_nord: Tenant, four_near: Cast) -> None:
    package = Package.objects.get(slug="wifi-setup")

    answer = answer_place(package=package, country="DE", postal_code=" 10115 ", now=now())

    assert answer.place.name.startswith("Berlin")
    assert answer.coverage.friends == 4
    assert answer.coverage.first_free_on == now().date()
