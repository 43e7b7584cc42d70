"""Two things at the same millisecond after a job was offered or accepted (R14, R15).

Each pair has one winner, the other one is told clearly, and job, order, offers and the friend's slot agree.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError

from crowd.models import Friend
from dispatch.errors import IllegalJobMove, JobMovedOn, OfferWithdrawn
from dispatch.models import Job, Offer
from dispatch.states import LIVE_OFFERS, JobState, OfferState
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.finding.pass_on_job import give_back_job, pass_on_job
from journeys.order.working.agree_date import contact_customer
from journeys.order.working.complete_job import complete_job
from kernel.clock import now
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import OrderState, Side
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import register_friend
from tests.races.test_races import in_threads, offered_to_all

pytestmark = pytest.mark.race

ROUNDS = 30


@pytest.fixture
def ben(committed: Tenant) -> Friend:
    """Return Ben, who may have any number of jobs."""
    register_friend("Ben", km=1, communities=[committed.pk])
    register_friend("Cem", km=2, communities=[committed.pk])
    Friend.objects.update(max_open_jobs=1000)
    return Friend.objects.get(first_name="Ben")


def cancel(tenant: Tenant, job: Job) -> None:
    """Let the customer cancel."""
    with tenant_context(tenant):
        cancel_order(
            order_uuid=job.order_id,
            job_id=job.pk,
            tenant_id=tenant.pk,
            side=Side.CUSTOMER,
            who="Ada",
            why="",
            now=now(),
        )


def accept(job: Job, friend: Friend) -> None:
    """Let the friend accept the job."""
    accept_offer(job_id=job.pk, friend_id=friend.pk, now=now())


def complete(job: Job, friend: Friend) -> None:
    """Let the friend close the job."""
    complete_job(
        job_id=job.pk,
        friend_id=friend.pk,
        summary="Done",
        material="",
        minutes=5,
        is_paid=True,
        why_now="Was there anyway",
        now=now(),
    )


def give_back(job: Job, friend: Friend) -> None:
    """Let the friend give the job back."""
    give_back_job(job_id=job.pk, friend_id=friend.pk, reason="ill", words="", now=now())


def pass_on(tenant: Tenant, job: Job) -> None:
    """Let the manager pass on what was looked at in the first search."""
    with tenant_context(tenant):
        pass_on_job(order=order_by_uuid(job.order_id), search=1, who="Maja", why="", now=now())


def state_of(tenant: Tenant, job: Job) -> tuple[str, Any]:
    """Return state and friend of the job's order."""
    with tenant_context(tenant):
        order = Order.objects.get(uuid=job.order_id)
        return str(order.state), order.friend_id


def either(*acts: Callable[[], None]) -> list[Any]:
    """Let all act at the same moment; return None for each that succeeded and the error for each that did not."""
    return in_threads(len(acts), lambda place: acts[place]())


def test_an_accept_against_a_cancellation_leaves_the_job_cancelled_and_the_slot_free(
    committed: Tenant, ben: Friend
) -> None:
    came_first = {"accept": 0, "cancel": 0}
    for _round in range(ROUNDS):
        job = offered_to_all(committed, [])

        accepted, cancelled = either(
            partial(accept, job, ben),
            partial(cancel, committed, job),
        )

        assert cancelled is None
        assert accepted is None or isinstance(accepted, OfferWithdrawn)
        came_first["accept" if accepted is None else "cancel"] += 1
        job.refresh_from_db()
        assert job.state == JobState.CANCELLED
        assert (job.friend_id is None) == isinstance(accepted, OfferWithdrawn)
        assert state_of(committed, job) == (OrderState.CANCELLED, job.friend_id)
        assert not job.offers.filter(state__in=LIVE_OFFERS).exists()
        assert Friend.objects.get(pk=ben.pk).open_jobs == 0
    assert sum(came_first.values()) == ROUNDS


def test_control_without_the_guard_only_the_database_stops_the_late_accept(committed: Tenant, ben: Friend) -> None:
    job = offered_to_all(committed, [])
    has_read, is_cancelled = threading.Event(), threading.Event()

    def accept_carelessly() -> None:
        found = Job.objects.get(pk=job.pk)
        has_read.set()
        is_cancelled.wait()
        if found.state == JobState.SEARCHING:
            Job.objects.filter(pk=job.pk).update(state=JobState.ASSIGNED, friend_id=ben.pk, accepted_at=now())

    def cancel_meanwhile() -> None:
        has_read.wait()
        cancel(committed, job)
        is_cancelled.set()

    accepted, cancelled = either(accept_carelessly, cancel_meanwhile)

    assert cancelled is None
    assert isinstance(accepted, IntegrityError)
    assert Job.objects.get(pk=job.pk).state == JobState.CANCELLED


def test_giving_back_against_closing_has_one_winner(committed: Tenant, ben: Friend) -> None:
    for _round in range(ROUNDS):
        job = offered_to_all(committed, [])
        accept_offer(job_id=job.pk, friend_id=ben.pk, now=now())
        contact_customer(job_id=job.pk, friend_id=ben.pk, now=now())

        results = either(partial(complete, job, ben), partial(give_back, job, ben))

        assert sorted(type(result).__name__ for result in results) == ["IllegalJobMove", "NoneType"]
        assert [isinstance(result, IllegalJobMove) for result in results].count(True) == 1
        job.refresh_from_db()
        if results[0] is None:
            assert (job.state, job.friend_id) == (JobState.DONE, ben.pk)
            assert state_of(committed, job) == (OrderState.DONE, ben.pk)
        else:
            assert (job.state, job.search, job.friend_id) == (JobState.UNFILLED, 2, None)
            assert state_of(committed, job) == (OrderState.UNFILLED, None)
        assert Friend.objects.get(pk=ben.pk).open_jobs == 0


def test_passing_on_clicked_by_many_at_once_passes_on_once(committed: Tenant, ben: Friend) -> None:
    register_friend("Finn", km=3, communities=[committed.pk])
    register_friend("Dana", km=4, communities=[committed.pk])
    register_friend("Emil", km=5, communities=[committed.pk])
    for _round in range(10):
        job = offered_to_all(committed, [])
        accept_offer(job_id=job.pk, friend_id=ben.pk, now=now())

        results = either(*[lambda job=job: pass_on(committed, job)] * 4)

        assert sorted(type(result).__name__ for result in results) == ["JobMovedOn"] * 3 + ["NoneType"]
        assert all(result is None or isinstance(result, JobMovedOn) for result in results)
        assert Job.objects.get(pk=job.pk).search == 2
        assert Offer.objects.filter(job=job, search=2, state=OfferState.OPEN).count() == 1
