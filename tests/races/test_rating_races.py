"""Both sides rate at the same moment: the ratings are published exactly once (R13)."""

import threading
from collections import Counter
from datetime import timedelta

import pytest

from crowd.models import Friend, Rating
from journeys.order.rating.publish_ratings import publish_ratings
from journeys.order.working.complete_job import rate_completion, rate_customer
from kernel.clock import now
from orders.models import CustomerReview, Order, Review
from outbox.models import Message
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import book, register_friend
from tests.races.test_races import in_threads
from tests.ratings import finish

pytestmark = pytest.mark.race

ROUNDS = 15


@pytest.fixture
def ben(committed: Tenant) -> Friend:
    """Return a friend who may have any number of jobs."""
    ben = register_friend("Ben", km=1, communities=[committed.pk])
    Friend.objects.update(max_open_jobs=1000)
    return ben


def booked(tenant: Tenant) -> Order:
    """Book for days that lie ahead of the real clock."""
    days = [(now() + timedelta(days=ahead)).date().isoformat() for ahead in (2, 3)]
    return book(tenant, times={"windows": [f"{day}:2" for day in days]})


def test_both_rate_at_once_and_it_is_published_once(committed: Tenant, ben: Friend) -> None:
    orders = [finish(booked(committed), ben) for _round in range(ROUNDS)]
    rounds = threading.Barrier(2)

    def rate_all(place: int) -> None:
        for order in orders:
            rounds.wait()
            if place:
                rate_customer(job_id=order.placed_job_id, friend_id=ben.pk, stars=4, criteria={}, words="", now=now())
            else:
                with tenant_context(committed):
                    rate_completion(order_uuid=order.uuid, tenant_id=committed.pk, stars=5, words="", now=now())

    assert in_threads(2, rate_all) == [None, None]

    assert Rating.objects.count() == ROUNDS
    found = Friend.objects.get(pk=ben.pk)
    assert (found.ratings_count, found.ratings_sum) == (ROUNDS, 5 * ROUNDS)
    told = Counter(Message.objects.values_list("topic", flat=True))
    assert (told["rating_arrived"], told["ratings_shown"]) == (ROUNDS, ROUNDS)
    with tenant_context(committed):
        assert Review.objects.filter(shown_at__isnull=False).count() == ROUNDS
        assert CustomerReview.objects.filter(shown_at__isnull=False).count() == ROUNDS


def test_many_sweepers_publish_once(committed: Tenant, ben: Friend) -> None:
    order = finish(booked(committed), ben)
    with tenant_context(committed):
        Review.objects.create(order=Order.objects.get(uuid=order.uuid), stars=5, created_at=now())
        CustomerReview.objects.create(
            order=Order.objects.get(uuid=order.uuid), friend_id=ben.pk, stars=5, created_at=now()
        )

    def publish(_place: int) -> bool:
        with tenant_context(committed):
            return publish_ratings(order_uuid=order.uuid, tenant_id=committed.pk, now=now())

    assert sorted(in_threads(8, publish)) == [False] * 7 + [True]
    assert Friend.objects.get(pk=ben.pk).ratings_count == 1


def test_control_without_the_lock_both_publish_or_neither_does(committed: Tenant, ben: Friend) -> None:
    order = finish(booked(committed), ben)
    both_have_looked = threading.Barrier(2)

    def rate_carelessly(place: int) -> bool:
        with tenant_context(committed):
            own, other = (Review, CustomerReview) if place else (CustomerReview, Review)
            is_second = other.objects.filter(order__uuid=order.uuid).exists()
            both_have_looked.wait()
            fields = {} if place else {"friend_id": ben.pk}
            own.objects.create(order=Order.objects.get(uuid=order.uuid), stars=5, created_at=now(), **fields)
            return is_second

    assert in_threads(2, rate_carelessly) == [False, False]
