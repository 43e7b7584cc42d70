"""Friends who are nobody: they answer in one sandbox, and nobody else asks them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from crowd.models import Certificate, Friend, Membership
from crowd.services import refresh_candidates
from crowd.states import Grade
from kernel.geo import great_circle_m, on_sphere
from kernel.slots import WHOLE_WEEK
from places.models import PostalCode

# So many stand at each place: those whom a wave asks.
AT_A_PLACE = 4
# The largest places of a country that lie so far apart, and at most so many of them.
APART_M, MOST_PLACES = 120_000, 8
RADIUS_M = 100_000
MOST_OPEN_JOBS = 30_000
BORN_ON = date(1980, 1, 1)
INSURED_FOR = timedelta(days=100 * 365)
NAMES = ("Ada", "Ben", "Cleo", "Dan")


@transaction.atomic
def simulate_friends(
    *, sandbox_id: int, countries: Sequence[str], languages: Sequence[str], skill_ids: Sequence[int], now: datetime
) -> int:
    """Put four friends, who can do all and always have time, at the largest places of each country; return how many.

    A sandbox's friends have its id as their community, which the database gives to nobody else. Run on the platform.
    """
    friends = [
        _friend(sandbox_id, place, name, languages, now)
        for country in countries
        for place in _places(country)
        for name in NAMES[:AT_A_PLACE]
    ]
    Friend.objects.bulk_create(friends)
    Membership.objects.bulk_create(Membership(friend=friend, community=sandbox_id) for friend in friends)
    Certificate.objects.bulk_create(
        Certificate(friend=friend, skill_id=skill, grade=Grade.PRO) for friend in friends for skill in skill_ids
    )
    refresh_candidates([friend.pk for friend in friends])
    return len(friends)


def _friend(sandbox_id: int, place: PostalCode, name: str, languages: Sequence[str], now: datetime) -> Friend:
    return Friend(
        simulated_for=sandbox_id,
        first_name=name,
        last_name="Test",
        email=f"{name.lower()}@sandbox.invalid",
        phone="+41000000000",
        language=languages[0],
        languages=[code for code, _language in settings.LANGUAGES],
        born_on=BORN_ON,
        pro_until=(now + INSURED_FOR).date(),
        country=place.country,
        postal_code=place.code,
        town=place.name,
        position=on_sphere(place.latitude, place.longitude),
        radius_m=RADIUS_M,
        free_week=WHOLE_WEEK,
        max_open_jobs=MOST_OPEN_JOBS,
        waiting_since=now,
        joined_at=now,
        age_checked_at=now,
        onboarded_at=now,
    )


def _places(country: str) -> list[PostalCode]:
    """Return the largest places of a country that lie apart, so that most of it is in somebody's reach."""
    chosen: list[PostalCode] = []
    for place in PostalCode.objects.filter(country=country).order_by("-population", "code").iterator():
        if all(_metres(place, other) > APART_M for other in chosen):
            chosen.append(place)
        if len(chosen) == MOST_PLACES:
            break
    return chosen


def _metres(place: PostalCode, other: PostalCode) -> float:
    return great_circle_m(place.latitude, place.longitude, other.latitude, other.longitude)
