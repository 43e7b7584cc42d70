"""Two hands on one online test (R9): one open attempt, one result; and a control without the lock."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import IntegrityError
from pytest_django.plugin import DjangoDbBlocker

from crowd.attempts import hand_in, start_attempt
from crowd.models import Attempt, Certificate, CertificateEvent, Friend, OnlineTest
from crowd.states import Grade
from kernel.clock import now
from tenants.models import Tenant
from tenants.selectors import tenant_by_slug
from tests.cast import register_friend
from tests.crowd.online_tests import answers_with
from tests.databases import forget_committed
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race

ROUNDS = 20


@pytest.fixture
def ben(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Friend]:
    """Return a friend whose rows are committed, and taken away afterwards."""
    with django_db_blocker.unblock():
        nord: Tenant = tenant_by_slug("nord")
        yield register_friend("Ben", km=1, communities=[nord.pk])
        forget_committed(nord)


def begin(friend: Friend) -> Attempt:
    return start_attempt(slug="thermostats", friend_id=friend.pk, now=now())


def forget(friend: Friend) -> None:
    Attempt.objects.all().delete()
    Certificate.objects.filter(friend=friend, grade=Grade.FRIEND, skill__slug="thermostats").delete()
    CertificateEvent.objects.all().delete()


def test_two_starts_at_once_open_one_attempt(ben: Friend) -> None:
    for _round in range(ROUNDS):
        started = in_threads(2, lambda _place: begin(ben).pk)

        assert len(set(started)) == 1, started
        assert isinstance(started[0], UUID)
        assert Attempt.objects.count() == 1
        forget(ben)


def test_control_without_the_lock_the_database_refuses_the_second(ben: Friend) -> None:
    online_test = OnlineTest.objects.get(slug="thermostats")
    first = begin(ben)

    def open_one(_place: int) -> Attempt:
        return Attempt.objects.create(
            test=online_test, friend=ben, paper=[], started_at=first.started_at, due_at=first.due_at
        )

    first.delete()
    results = in_threads(2, open_one)

    assert sorted(isinstance(result, IntegrityError) for result in results) == [False, True]


def test_two_who_hand_in_the_same_paper_at_once_have_one_result(ben: Friend) -> None:
    for _round in range(ROUNDS):
        attempt = begin(ben)
        every = len(attempt.paper)

        def send(place: int, attempt: Attempt = attempt, every: int = every) -> tuple[bool, bool | None]:
            answers = answers_with(attempt, every if place else 0)
            done = hand_in(attempt_id=attempt.pk, friend_id=ben.pk, answers=answers, now=now())
            return done.is_first, done.attempt.has_passed

        results = in_threads(2, send)

        assert sorted(is_first for is_first, _passed in results) == [False, True], results
        assert len({passed for _is_first, passed in results}) == 1
        passed = results[0][1]
        assert CertificateEvent.objects.count() == int(bool(passed))
        forget(ben)
