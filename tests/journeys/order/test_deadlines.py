"""Deadlines are swept one by one: what is wrong with one of them holds up no other (R14, R17)."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from psycopg2.errors import DeadlockDetected
from time_machine import Coordinates

from dispatch.models import Deadline
from dispatch.states import DeadlineKind
from journeys.order import deadlines
from journeys.order.deadlines import LATER, sweep
from kernel.clock import now
from tenants.models import Tenant
from tests.cast import Cast, book


@pytest.fixture
def two_due(nord: Tenant, four_near: Cast, clock: Coordinates) -> list[Deadline]:
    """Book twice and return the ends of both waves, which have come."""
    orders = [book(nord), book(nord)]
    clock.shift(timedelta(days=1))
    waves = Deadline.objects.filter(kind=DeadlineKind.WAVE_ENDS, done_at=None)
    return [waves.get(job_id=order.placed_job_id) for order in orders]


def failing(broken: Deadline, error: Exception, times: int = 1) -> object:
    """Return an action that fails so often for one deadline, and notes the others."""
    left = [times]

    def act(deadline: Deadline, moment: object) -> None:
        if deadline.pk == broken.pk and left[0]:
            left[0] -= 1
            raise error

    return act


def test_one_that_fails_is_tried_a_minute_later_and_the_next_one_is_acted_on(
    two_due: list[Deadline], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = two_due
    monkeypatch.setitem(deadlines._ACTIONS, DeadlineKind.WAVE_ENDS, failing(broken, LookupError("gone")))

    sweep(now=now())

    broken.refresh_from_db()
    sound.refresh_from_db()
    assert (broken.done_at, broken.due_at) == (None, now() + LATER)
    assert sound.done_at == now()


def test_one_that_lost_a_deadlock_is_tried_again_at_once(
    two_due: list[Deadline], monkeypatch: pytest.MonkeyPatch
) -> None:
    unlucky, _sound = two_due
    lost = OperationalError("deadlock detected")
    lost.__cause__ = DeadlockDetected()
    monkeypatch.setitem(deadlines._ACTIONS, DeadlineKind.WAVE_ENDS, failing(unlucky, lost))

    sweep(now=now())

    unlucky.refresh_from_db()
    assert unlucky.done_at == now()
