"""First accept wins, on real connections in real threads; and a control that shows the race without the guard (R14)."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from crowd.models import Friend
from dispatch.errors import OfferAlreadyTaken
from dispatch.models import Job, Offer
from dispatch.states import JobState, OfferState
from journeys.order.deadlines import sweep
from journeys.order.finding.accept_offer import accept_offer
from kernel.clock import now
from orders.models import Order
from outbox.models import Message
from outbox.services import message, post_all, relay
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import book, register_friend

pytestmark = pytest.mark.race

RIVALS = 64
ROUNDS = 30


def in_threads(count: int, act: Callable[[int], Any]) -> list[Any]:
    """Let so many threads, each with a connection of its own, act at the same moment; return what came of it."""
    gate = threading.Barrier(count)
    results: list[Any] = [None] * count

    def run(place: int) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            gate.wait()
            results[place] = act(place)
        except Exception as error:  # the test looks at whatever it was
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def offered_to_all(tenant: Tenant, friends: list[Friend]) -> Job:
    """Book, and let every friend have an offer of it."""
    moment = now()
    days = [(moment + timedelta(days=ahead)).date().isoformat() for ahead in (2, 3)]
    order = book(tenant, times={"windows": [f"{day}:2" for day in days]})
    job = Job.objects.get(pk=order.placed_job_id)
    asked = set(job.offers.values_list("friend_id", flat=True))
    Offer.objects.bulk_create(
        [
            Offer(
                job=job,
                friend=friend,
                wave=1,
                community=tenant.pk,
                distance_m=1000,
                created_at=moment,
                expires_at=moment + timedelta(hours=1),
            )
            for friend in friends
            if friend.pk not in asked
        ]
    )
    return job


@pytest.fixture
def rivals(committed: Tenant) -> list[Friend]:
    """Return 64 friends who may have any number of jobs."""
    friends = [register_friend(f"Rival{number}", km=1, communities=[committed.pk]) for number in range(RIVALS)]
    Friend.objects.update(max_open_jobs=1000)
    return friends


def test_64_accepts_at_once_have_one_winner_in_every_round(committed: Tenant, rivals: list[Friend]) -> None:
    jobs = [offered_to_all(committed, rivals) for _round in range(ROUNDS)]
    rounds = threading.Barrier(RIVALS)

    def accept_all(place: int) -> Counter[str]:
        outcomes: Counter[str] = Counter()
        for job in jobs:
            rounds.wait()
            try:
                accept_offer(job_id=job.pk, friend_id=rivals[place].pk, now=now())
                outcomes["won"] += 1
            except OfferAlreadyTaken:
                outcomes["taken"] += 1
        return outcomes

    results = in_threads(RIVALS, accept_all)

    faults = [result for result in results if not isinstance(result, Counter)]
    assert faults == []
    assert sum(results, Counter()) == {"won": ROUNDS, "taken": ROUNDS * (RIVALS - 1)}
    assert Job.objects.filter(state=JobState.ASSIGNED).count() == ROUNDS
    assert Offer.objects.filter(state=OfferState.ACCEPTED).count() == ROUNDS
    assert Offer.objects.filter(state=OfferState.TAKEN).count() == ROUNDS * (RIVALS - 1)
    with tenant_context(committed):
        winners = dict(Order.objects.values_list("uuid", "friend_id"))
    assert {job.order_id: job.friend_id for job in Job.objects.all()} == winners
    assert sum(Friend.objects.values_list("open_jobs", flat=True)) == ROUNDS


def test_control_without_the_guard_two_friends_win(committed: Tenant, rivals: list[Friend]) -> None:
    job = offered_to_all(committed, rivals[:2])
    both_have_read = threading.Barrier(2)

    def accept_carelessly(place: int) -> bool:
        found = Job.objects.get(pk=job.pk)
        both_have_read.wait()
        if found.state != JobState.SEARCHING:
            return False
        Job.objects.filter(pk=job.pk).update(state=JobState.ASSIGNED, friend_id=rivals[place].pk, accepted_at=now())
        return True

    assert in_threads(2, accept_carelessly) == [True, True]


def test_one_friend_with_one_free_slot_gets_one_of_many_jobs(committed: Tenant, rivals: list[Friend]) -> None:
    ben = rivals[0]
    jobs = [offered_to_all(committed, rivals[:1]) for _job in range(8)]
    Friend.objects.filter(pk=ben.pk).update(max_open_jobs=1)

    def accept(place: int) -> bool:
        accept_offer(job_id=jobs[place].pk, friend_id=ben.pk, now=now())
        return True

    results = in_threads(len(jobs), accept)

    assert results.count(True) == 1
    assert Friend.objects.get(pk=ben.pk).open_jobs == 1


def test_many_sweepers_open_each_wave_once(committed: Tenant, rivals: list[Friend]) -> None:
    job = offered_to_all(committed, [])
    assert job.offers.count() == 4
    later = now() + timedelta(minutes=31)

    results = in_threads(8, lambda _place: sweep(now=later))

    assert sum(results) == 1
    assert Offer.objects.filter(job=job, wave=2).count() == 4
    assert Offer.objects.filter(job=job).count() == 8


def test_many_relays_deliver_each_message_once(committed: Tenant) -> None:
    with transaction.atomic():
        for number in range(50):
            post_all([message(key=f"race:{number}", topic="t", tenant_id=None, now=now())])
    seen: list[str] = []

    sent = in_threads(8, lambda _place: relay({"t": lambda message: seen.append(message.key)}, now=now()))

    assert sum(sent) == 50
    assert sorted(seen) == sorted(f"race:{number}" for number in range(50))
    assert not Message.objects.filter(sent_at=None).exists()
