"""Deadlines are swept, many at once where that is enough: what is wrong with one holds up no other (R14, R17)."""

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from psycopg2.errors import DeadlockDetected
from time_machine import Coordinates

from dispatch.models import Deadline
from dispatch.states import DeadlineKind, GiveBackReason
from journeys.order import deadlines
from journeys.order.deadlines import LATER, sweep
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.finding.pass_on_job import give_back_job
from journeys.order.working.agree_date import contact_customer
from journeys.topics import ToFriend
from kernel.clock import now
from outbox.models import Message
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


@pytest.fixture
def three_remind(nord: Tenant, four_near: Cast, clock: Coordinates) -> list[Deadline]:
    """Let Ben have three jobs, of which he contacts nobody until the first reminders have come, and return these."""
    orders = [book(nord) for _order in range(3)]
    for order in orders:
        accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    clock.shift(timedelta(hours=9))
    reminders = Deadline.objects.filter(kind=DeadlineKind.CONTACT_REMINDER, done_at=None)
    return [reminders.get(job_id=order.placed_job_id) for order in orders]


def reminded() -> set[str]:
    """Return the jobs of which a friend was reminded."""
    return {str(message.reference["job"]) for message in Message.objects.filter(topic=ToFriend.CONTACT_REMINDER)}


def test_what_only_says_something_is_said_for_many_at_once(three_remind: list[Deadline]) -> None:
    with CaptureQueriesContext(connection) as queries:
        sweep(now=now())

    assert reminded() == {str(one.job_id) for one in three_remind}
    assert not Deadline.objects.filter(pk__in=[one.pk for one in three_remind], done_at=None).exists()
    assert sum("INSERT" in query["sql"] for query in queries) == 1
    sweep(now=now())
    assert Message.objects.filter(topic=ToFriend.CONTACT_REMINDER).count() == 3


def test_what_has_become_pointless_is_done_without_a_word(three_remind: list[Deadline], four_near: Cast) -> None:
    contacted, given_back, waits = three_remind
    contact_customer(job_id=contacted.job_id, friend_id=four_near["Ben"].pk, now=now())
    give_back_job(
        job_id=given_back.job_id, friend_id=four_near["Ben"].pk, reason=GiveBackReason.ILL, words="", now=now()
    )

    sweep(now=now())

    assert reminded() == {str(waits.job_id)}
    assert not Deadline.objects.filter(pk__in=[one.pk for one in three_remind], done_at=None).exists()


def test_one_that_fails_among_many_is_tried_later_and_the_others_are_said(
    three_remind: list[Deadline], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, *sound = three_remind
    said_by = deadlines._said_by

    def said_or_fails(deadline: Deadline, moment: datetime) -> list[Message] | None:
        if deadline.pk == broken.pk:
            raise LookupError("gone")
        return said_by(deadline, moment)

    monkeypatch.setattr(deadlines, "_said_by", said_or_fails)

    sweep(now=now())

    assert reminded() == {str(one.job_id) for one in sound}
    broken.refresh_from_db()
    assert (broken.done_at, broken.due_at) == (None, now() + LATER)
