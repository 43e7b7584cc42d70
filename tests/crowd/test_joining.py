"""When friends have joined: what the simulator counts from (R17)."""

from datetime import date, timedelta
from typing import Any

from crowd.models import SHARED_CROWD, Friend
from crowd.services import Newcomer, join_in_bulk
from kernel.clock import now
from kernel.geo import on_sphere
from tests.cast import ADA_AT, register_friend

PROFILE: dict[str, Any] = {
    "first_name": "Lea", "last_name": "Demo", "email": "lea@friends.example", "phone": "+4915112345679",
    "language": "de", "languages": ["de"], "born_on": date(1990, 1, 1), "country": "DE", "postal_code": "10115",
    "town": "Berlin", "position": on_sphere(*ADA_AT), "radius_m": 10_000,
}  # fmt: skip


def test_a_friend_has_joined_now(db: None) -> None:
    assert register_friend("Ben", km=1).joined_at == now()


def test_many_join_at_the_moment_that_is_given(db: None) -> None:
    then = now() - timedelta(days=90)

    join_in_bulk(
        [Newcomer(Friend(waiting_since=then, age_checked_at=then, onboarded_at=then, **PROFILE), (SHARED_CROWD,), ())],
        now=then,
    )

    assert Friend.objects.get().joined_at == then
