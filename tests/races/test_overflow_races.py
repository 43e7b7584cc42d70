"""A contract ends while waves open; a customer answers while the answer lapses (R17, R10)."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from crowd.models import ProCountry
from dispatch.models import Job, Offer, OverflowContract, Owed
from dispatch.offering.waves import open_next_wave
from dispatch.overflow.contracts import end_contract
from dispatch.overflow.gate import open_contracts
from journeys.order.deadlines import sweep
from journeys.order.working.escalate_to_pro import ANSWER_WITHIN, EscalationAnswered, approve_pro, escalate_to_pro
from kernel.clock import now
from orders.models import Order
from orders.states import EscalationState
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import book, register_friend
from tests.databases import ask_as_login, forget_committed
from tests.overflow import WHO, agree, bring_on_site, fresh, register_pro
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race
ROUNDS = 6


@pytest.fixture(autouse=True)
def tidied(committed: Tenant) -> Iterator[None]:
    """Take away what overflow leaves: debts before the jobs they are owed for, contracts after them."""
    yield
    Owed.objects.all().delete()
    Job.objects.update(follows=None)
    forget_committed(committed)
    OverflowContract.objects.exclude(tenant_id=None).delete()
    OverflowContract.objects.update(ended_at=None, ended_by="")
    ProCountry.objects.all().delete()


def booked(tenant: Tenant) -> Order:
    moment = now()
    days = [(moment + timedelta(days=ahead)).date().isoformat() for ahead in (2, 3)]
    return book(tenant, times={"windows": [f"{day}:2" for day in days]})


def only_by(tenant: Tenant) -> OverflowContract:
    """Let jobs of the partner cross by one contract of its own and no other."""
    OverflowContract.objects.update(ended_at=now(), ended_by=WHO)
    return agree(tenant)


def offers_outside(job_id: Any, tenant: Tenant) -> int:
    return Offer.objects.filter(job=job_id).exclude(community=tenant.pk).count()


def waits_for_a_lock() -> bool:
    """Say whether some other connection to this database waits for a lock.

    Unlike pg_stat_activity, pg_locks is not of the snapshot. Who waits for a transaction to end waits for something
    that belongs to no database, and holds locks on tables that do.
    """
    here = "SELECT pid FROM pg_locks JOIN pg_database d ON d.oid = database WHERE datname = current_database()"
    return ask_as_login(f"SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pid IN ({here}))") == [(True,)]


def in_the_background(act: Any) -> threading.Thread:
    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def until_it_waits(thread: threading.Thread) -> bool:
    """Say whether the thread comes to wait for a lock before it is done."""
    while thread.is_alive():
        if waits_for_a_lock():
            return True
    return False


def test_the_end_of_a_contract_waits_for_the_wave_that_is_being_opened(committed: Tenant) -> None:
    register_friend("Ben", km=1, communities=[committed.pk])
    register_friend("Greta", km=2, in_shared_crowd=True)
    contract, order = only_by(committed), booked(committed)

    with transaction.atomic():
        open_next_wave(job_id=order.placed_job_id, after_wave=1, now=now())
        assert offers_outside(order.job_id, committed) == 1
        ending = in_the_background(lambda: end_contract(contract_id=contract.pk, who=WHO, now=now()))
        assert until_it_waits(ending)
    ending.join()

    contract.refresh_from_db()
    assert contract.ended_at is not None


def test_control_without_holding_the_contract_the_end_is_over_before_the_wave_is(committed: Tenant) -> None:
    register_friend("Ben", km=1, communities=[committed.pk])
    contract, order = only_by(committed), booked(committed)
    job = Job.objects.get(pk=order.placed_job_id)
    # Outside a transaction nothing is held: what was read is stale as soon as it is there.
    (read,) = open_contracts(job, now=now())

    with transaction.atomic():
        Job.objects.select_for_update().get(pk=job.pk)
        ending = in_the_background(lambda: end_contract(contract_id=contract.pk, who=WHO, now=now()))
        assert not until_it_waits(ending)
        ending.join()
        assert read.ended_at is None
        assert OverflowContract.objects.get(pk=contract.pk).ended_at is not None


def test_a_wave_that_comes_after_the_end_asks_nobody_outside(committed: Tenant) -> None:
    register_friend("Ben", km=1, communities=[committed.pk])
    register_friend("Greta", km=2, in_shared_crowd=True)
    contract, order = only_by(committed), booked(committed)

    with transaction.atomic():
        end_contract(contract_id=contract.pk, who=WHO, now=now())
        wave = in_the_background(lambda: open_next_wave(job_id=order.placed_job_id, after_wave=1, now=now()))
        # It has read that the contract runs, and waits to hold it.
        assert until_it_waits(wave)
    wave.join()

    assert offers_outside(order.job_id, committed) == 0
    assert Job.objects.get(pk=order.placed_job_id).state == "unfilled"


def test_of_two_yeses_and_the_lapse_at_once_there_is_one_outcome(committed: Tenant) -> None:
    ben = register_friend("Ben", km=1, communities=[committed.pk], max_open_jobs=50)
    register_pro("Petra", km=3, communities=[committed.pk])
    for _round in range(ROUNDS):
        order = booked(committed)
        bring_on_site(order, ben)
        escalate_to_pro(job_id=order.placed_job_id, friend_id=ben.pk, diagnosis="A broken cable.", now=now())
        asked, later = fresh(committed, order), now() + ANSWER_WITHIN

        def act(place: int, asked: Order = asked, later: Any = later) -> str:
            if place == 0:
                sweep(now=later)
                return "swept"
            with tenant_context(committed):
                approve_pro(order=asked, now=now())
            return "approved"

        results = in_threads(3, act)

        said = fresh(committed, order).escalation.state
        jobs = Job.objects.filter(order_id=order.uuid).count()
        assert [one for one in results if isinstance(one, Exception) and not isinstance(one, EscalationAnswered)] == []
        if said == EscalationState.APPROVED:
            assert (results[1:], jobs) == (["approved", "approved"], 2)
        else:
            assert [type(one) for one in results[1:]] == [EscalationAnswered, EscalationAnswered]
            assert jobs == 1
        assert Owed.objects.filter(job__order_id=order.uuid).count() == 1
