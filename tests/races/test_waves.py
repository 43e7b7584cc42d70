"""Waves of neighbouring jobs look at the same friends at once and never wait for each other in a circle (R14)."""

import threading
from collections.abc import Callable, Collection
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from psycopg2.errors import DeadlockDetected

from crowd.models import Friend
from crowd.services import note_offers
from dispatch.models import Job, Offer
from kernel.clock import now
from kernel.database.deadlocks import is_deadlock
from tenants.models import Tenant
from tests.cast import book, register_friend
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race


@pytest.fixture
def jobs_and_friends(committed: Tenant) -> tuple[list[Job], list[Friend]]:
    """Return two jobs and two friends who have no offer of either."""
    register_friend("Dana", km=1, communities=[committed.pk])
    jobs = [Job.objects.get(pk=book(committed).placed_job_id) for _order in range(2)]
    return jobs, [register_friend(name, km=1, communities=[committed.pk]) for name in ("Ben", "Cem")]


def two_waves(
    jobs: list[Job], friends: list[Friend], note: Callable[[Collection[UUID]], None]
) -> list[Exception | None]:
    """Let each wave note one friend, wait for the other wave, and write an offer of the other one's friend."""
    both_have_noted = threading.Barrier(2)

    def open_wave(place: int) -> None:
        with transaction.atomic():
            note([friends[place].pk])
            both_have_noted.wait()
            Offer.objects.create(
                job=jobs[place], friend=friends[1 - place], wave=1, community=jobs[place].community, distance_m=1000,
                created_at=now(), expires_at=now() + timedelta(hours=1),
            )  # fmt: skip

    return in_threads(2, open_wave)


def test_two_waves_that_offer_to_each_others_friends_both_commit(
    jobs_and_friends: tuple[list[Job], list[Friend]],
) -> None:
    jobs, friends = jobs_and_friends

    outcome = two_waves(jobs, friends, note=lambda ids: note_offers(ids, now=now()))

    assert outcome == [None, None]
    assert Offer.objects.filter(friend__in=friends).count() == 2


def test_control_with_the_whole_row_locked_one_of_them_loses(
    jobs_and_friends: tuple[list[Job], list[Friend]],
) -> None:
    def note(ids: Collection[UUID]) -> None:
        list(Friend.objects.select_for_update().filter(pk__in=ids))

    outcome = two_waves(*jobs_and_friends, note=note)

    assert [is_deadlock(error) for error in outcome if error] == [True]
    assert isinstance(next(error for error in outcome if error).__cause__, DeadlockDetected)
