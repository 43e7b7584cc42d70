"""The customer's pick against another friend's accept, and a question against the sweeper (R14, R18).

On real connections in real threads, with a control that shows the race without the guard.
"""

import threading
from datetime import timedelta
from typing import Any

import pytest

from crowd.models import Friend
from dispatch.errors import OfferAlreadyTaken, OfferExpired, TakenMeanwhile, TimesNotOpen
from dispatch.models import Deadline, Job, JobQuestion, Offer, ProposedTime
from dispatch.states import DeadlineKind, JobState, OfferState
from journeys.order.deadlines import sweep
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.finding.accept_other_times import pick_other_time, propose_other_times, withdraw_other_times
from journeys.order.talking.ask_customer import answer_friend, ask_customer
from kernel.clock import now
from orders.models import Appointment, Order
from orders.selectors import order_by_uuid
from orders.states import AppointmentState, OrderState
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import register_friend
from tests.races.test_races import in_threads, offered_to_all

pytestmark = pytest.mark.race

ROUNDS = 30


@pytest.fixture
def pair(committed: Tenant) -> list[Friend]:
    """Return two friends who may have any number of jobs; the first proposes, the second accepts."""
    friends = [register_friend(name, km=1, communities=[committed.pk]) for name in ("Ben", "Cem")]
    Friend.objects.update(max_open_jobs=1000)
    return friends


def countered(tenant: Tenant, pair: list[Friend]) -> tuple[Job, Order, int]:
    """Book, let the first friend propose another time, and return job, order and the time's id."""
    job = offered_to_all(tenant, pair)
    propose_other_times(job_id=job.pk, friend_id=pair[0].pk, times=[now() + timedelta(days=3)], now=now())
    with tenant_context(tenant):
        order = order_by_uuid(job.order_id)
    return job, order, ProposedTime.objects.get(offer__job=job).pk


def pick(tenant: Tenant, order: Order, time_id: int) -> str:
    """Let Ada pick, in a connection of her own."""
    with tenant_context(tenant):
        pick_other_time(order=order, time_id=time_id, now=now())
    return "picked"


def test_a_pick_and_an_accept_at_once_have_one_winner_in_30_rounds(committed: Tenant, pair: list[Friend]) -> None:
    winners = []
    for _round in range(ROUNDS):
        job, order, time_id = countered(committed, pair)

        def act(place: int, job: Job = job, order: Order = order, time_id: int = time_id) -> str:
            if place == 0:
                return pick(committed, order, time_id)
            accept_offer(job_id=job.pk, friend_id=pair[1].pk, now=now())
            return "accepted"

        results = in_threads(2, act)

        assert sum(isinstance(result, str) for result in results) == 1, results
        by_pick = results[0] == "picked"
        winners.append(by_pick)
        assert isinstance(results[1 if by_pick else 0], OfferAlreadyTaken if by_pick else TakenMeanwhile)
        assert_whole(committed, job, pair[0 if by_pick else 1], by_pick=by_pick)
    assert sum(Friend.objects.values_list("open_jobs", flat=True)) == ROUNDS


def assert_whole(tenant: Tenant, job: Job, winner: Friend, *, by_pick: bool) -> None:
    """Fail unless job, offers, order and date tell the same."""
    job.refresh_from_db()
    assert (job.state, job.friend_id) == (JobState.ASSIGNED, winner.pk)
    accepted = Offer.objects.get(job=job, state=OfferState.ACCEPTED)
    assert accepted.friend_id == winner.pk
    assert not job.offers.filter(state__in=[OfferState.OPEN, OfferState.COUNTERED]).exists()
    with tenant_context(tenant):
        order = Order.objects.get(uuid=job.order_id)
        assert order.friend_id == winner.pk
        assert order.state == (OrderState.SCHEDULED if by_pick else OrderState.ACCEPTED)
        dates = Appointment.objects.filter(order=order, state=AppointmentState.AGREED).count()
        assert dates == int(by_pick)


def test_control_without_the_guard_pick_and_accept_both_win(committed: Tenant, pair: list[Friend]) -> None:
    job, _order, _time = countered(committed, pair)
    both_have_read = threading.Barrier(2)

    def give_carelessly(place: int) -> bool:
        found = Job.objects.get(pk=job.pk)
        both_have_read.wait()
        if found.state != JobState.SEARCHING:
            return False
        Job.objects.filter(pk=job.pk).update(state=JobState.ASSIGNED, friend_id=pair[place].pk, accepted_at=now())
        return True

    assert in_threads(2, give_carelessly) == [True, True]


def test_a_pick_and_a_withdrawal_at_once_agree_on_what_happened(committed: Tenant, pair: list[Friend]) -> None:
    for _round in range(ROUNDS):
        job, order, time_id = countered(committed, pair)

        def act(place: int, job: Job = job, order: Order = order, time_id: int = time_id) -> str:
            if place == 0:
                return pick(committed, order, time_id)
            withdraw_other_times(job_id=job.pk, friend_id=pair[0].pk, now=now())
            return "withdrawn"

        results = in_threads(2, act)

        job.refresh_from_db()
        if results[0] == "picked":
            assert isinstance(results[1], OfferExpired)
            assert job.friend_id == pair[0].pk
        else:
            assert isinstance(results[0], TimesNotOpen)
            assert results[1] == "withdrawn"
            assert job.friend_id is None


def test_a_question_at_the_moment_the_wave_ends_rests_it_or_comes_too_late(
    committed: Tenant, pair: list[Friend]
) -> None:
    # Only these two, so that the end of the wave shows as the end of the search.
    for _round in range(ROUNDS):
        job = offered_to_all(committed, pair)
        ends = now() + timedelta(minutes=30)
        Offer.objects.filter(job=job).update(expires_at=ends)
        Deadline.objects.filter(job=job, kind=DeadlineKind.WAVE_ENDS).update(due_at=ends - timedelta(seconds=1))

        def act(place: int, job: Job = job, ends: Any = ends) -> str:
            if place == 0:
                ask_customer(
                    job_id=job.pk,
                    friend_id=pair[0].pk,
                    ready="floor",
                    words="",
                    now=ends - timedelta(seconds=1),
                )
                return "asked"
            sweep(now=ends)
            return "swept"

        results = in_threads(2, act)

        assert results[1] == "swept", results
        job.refresh_from_db()
        deadline = Deadline.objects.get(job=job, kind=DeadlineKind.WAVE_ENDS, wave=1)
        if results[0] == "asked":
            assert job.wave == 1
            assert (deadline.done_at, deadline.due_at) == (None, ends + timedelta(hours=1))
            assert job.offers.filter(state=OfferState.OPEN, expires_at=ends + timedelta(hours=1)).exists()
        else:
            assert isinstance(results[0], OfferExpired), results
            assert job.state == JobState.UNFILLED
            assert deadline.done_at is not None
            assert not JobQuestion.objects.filter(job=job).exists()


def test_an_answer_at_the_moment_the_rest_ends_neither_hangs_nor_loses_the_end(
    committed: Tenant, pair: list[Friend]
) -> None:
    for _round in range(ROUNDS):
        job = offered_to_all(committed, pair)
        Offer.objects.filter(job=job).update(expires_at=now() + timedelta(minutes=30))
        asked_at = now()
        ask_customer(job_id=job.pk, friend_id=pair[0].pk, ready="floor", words="", now=asked_at)
        ends = job.offers.filter(state=OfferState.OPEN).latest("expires_at").expires_at
        question = JobQuestion.objects.get(job=job)

        def act(place: int, job: Job = job, ends: Any = ends, question: JobQuestion = question) -> str:
            if place == 0:
                with tenant_context(committed):
                    answer_friend(
                        order=order_by_uuid(job.order_id),
                        question_id=question.pk,
                        words="The second.",
                        photo=b"",
                        now=ends - timedelta(minutes=31),
                    )
                return "answered"
            sweep(now=ends + timedelta(seconds=1))
            return "swept"

        results = in_threads(2, act)

        assert results[1] == "swept", results
        sweep(now=ends + timedelta(hours=2))
        job.refresh_from_db()
        assert job.state == JobState.UNFILLED
        assert not Deadline.objects.filter(job=job, kind=DeadlineKind.WAVE_ENDS, done_at=None).exists()
