"""Two windows of one friend (issue 4, bad input): of two exceptions for one day one is kept; and sign-ups at once."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from pytest_django.plugin import DjangoDbBlocker

from crowd.availability import add_exception
from crowd.errors import ExceptionsOverlap
from crowd.models import AvailabilityException, Friend
from kernel.clock import now
from tenants.models import Tenant
from tenants.selectors import tenant_by_slug
from tests.cast import register_friend
from tests.databases import forget_committed
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race

WINDOWS = 4
ROUNDS = 25


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Tenant]:
    """Let rows be committed, for threads of their own connections must see them, and take them away afterwards."""
    with django_db_blocker.unblock():
        tenant = tenant_by_slug("nord")
        yield tenant
        forget_committed(tenant)


@pytest.fixture
def friend(committed: Tenant) -> Friend:
    """Return a friend."""
    return register_friend("Ben", km=1, communities=[committed.pk])


def test_of_overlapping_exceptions_at_one_moment_one_is_kept(friend: Friend) -> None:
    for place in range(ROUNDS):
        first = now().date() + timedelta(days=30 * place)

        def add(window: int, first: date = first) -> AvailabilityException:
            return add_exception(
                friend_id=friend.pk,
                starts_on=first + timedelta(days=window),
                ends_on=first + timedelta(days=WINDOWS + window),
                parts=window,
                now=now(),
            )

        results = in_threads(WINDOWS, add)

        assert sum(isinstance(result, AvailabilityException) for result in results) == 1, results
        assert sum(isinstance(result, ExceptionsOverlap) for result in results) == WINDOWS - 1, results


def test_control_days_that_do_not_overlap_are_all_kept(friend: Friend) -> None:
    first = now().date()

    def add(window: int) -> AvailabilityException:
        day = first + timedelta(days=window)
        return add_exception(friend_id=friend.pk, starts_on=day, ends_on=day, parts=0, now=now())

    results = in_threads(WINDOWS, add)

    assert all(isinstance(result, AvailabilityException) for result in results), results
