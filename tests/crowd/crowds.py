"""Random crowds for the tests of the search and for the benchmarks, the same ones for the same seed."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random
from uuid import UUID

from django.db import connection

from crowd.eligibility import Facts, Wanted
from crowd.models import AvailabilityException, Block, Certificate, Friend, Membership
from crowd.services import refresh_candidates
from kernel.geo import arc_m, great_circle_m, on_sphere
from kernel.slots import WHOLE_WEEK, Part

LANGUAGES = ("de", "en", "fr", "it", "pl")
# Around Berlin; some places are shared by many friends, as postal codes are, so that there are ties.
SOUTH, WEST, ACROSS = 52.2, 12.9, 0.7


class RandomCrowd:
    """So many friends of every kind, written to the database, with their places in degrees kept beside."""

    def __init__(self, random: Random, *, count: int, community: int, skills: list[int], now: datetime) -> None:
        self.random, self.community, self.skills, self.now = random, community, skills, now
        self.places: dict[UUID, tuple[float, float]] = {}
        friends = [self._friend() for _number in range(count)]
        Friend.objects.bulk_create(friends)
        ids = [friend.pk for friend in friends]
        Membership.objects.bulk_create([Membership(friend_id=pk, community=community) for pk in ids])
        Certificate.objects.bulk_create([one for pk in ids for one in self._certificates(pk)])
        away = [pk for pk in ids if random.random() < 0.3]
        AvailabilityException.objects.bulk_create([self._exception(pk) for pk in away])
        Block.objects.bulk_create([Block(friend_id=pk, tenant_id=community) for pk in ids if random.random() < 0.05])
        refresh_candidates(ids)
        self.friends = ids

    def wanted(self) -> Wanted:
        """Return what some job asks for."""
        random = self.random
        skills = random.sample(self.skills, k=random.choice((1, 1, 1, 2)))
        windows = random.sample(
            [(self.now.date() + timedelta(days=day), int(part)) for day in range(1, 8) for part in Part.values],
            k=random.choice((0, 1, 2, 5)),
        )
        return Wanted(
            skills=tuple((skill, random.choice((0, 0, 1, 2))) for skill in skills),
            position=on_sphere(*self._place()),
            reach_m=random.choice((5_000, 20_000, 50_000)),
            tenant_id=self.community,
            windows=tuple(windows),
            languages=tuple(random.sample(LANGUAGES, k=random.choice((0, 1, 2)))),
            needs_pro=random.random() < 0.2,
            cash_in=random.choice(("", "EUR", "CHF")),
            sells_in=random.choice(("", "", "DE", "CH")),
        )

    @cached_property
    def facts_at_no_distance(self) -> list[Facts]:
        """What is known of every friend, read row by row; from job to job nothing changes but the distance."""
        rows = Friend.objects.prefetch_related("certificates", "exceptions", "blocks").filter(pk__in=self.friends)
        return [
            Facts(
                friend_id=friend.pk,
                chord_m=0,
                is_active=friend.is_active,
                born_on=friend.born_on,
                radius_m=friend.radius_m,
                languages=tuple(friend.languages),
                skills=tuple(
                    (one.skill_id, one.grade)
                    for one in friend.certificates.all()
                    if one.valid_until is None or one.valid_until >= self.now.date()
                ),
                free_week=friend.free_week,
                exceptions=tuple((one.starts_on, one.ends_on, one.parts) for one in friend.exceptions.all()),
                open_jobs=friend.open_jobs,
                max_open_jobs=friend.max_open_jobs,
                waiting_since=friend.waiting_since,
                paused_until=friend.paused_until,
                pro_until=friend.pro_until,
                is_newcomer=friend.first_job_at is None,
                is_blocked=bool(friend.blocks.all()),
                cashless_in=tuple(friend.cashless_in),
                sells_in=friend.sells_in,
            )
            for friend in rows
        ]

    def _friend(self) -> Friend:
        random, now = self.random, self.now
        latitude, longitude = self._place()
        limit = random.choice((1, 2, 3))
        is_pro = random.random() < 0.3
        friend = Friend(
            first_name="Ben",
            last_name="Muster",
            email="ben@friends.example",
            phone="+4915112345678",
            language="de",
            languages=random.sample(LANGUAGES, k=random.choice((1, 2, 3))),
            born_on=date(1956, 1, 1) + timedelta(days=random.randrange(18_000)),
            country="DE",
            postal_code="10115",
            town="Berlin",
            position=on_sphere(latitude, longitude),
            radius_m=random.choice((2_000, 5_000, 10_000, 30_000, 100_000)),
            is_active=random.random() < 0.9,
            is_pro=is_pro,
            pro_until=now.date() + timedelta(days=random.choice((-1, 0, 90))) if is_pro else None,
            age_checked_at=now,
            onboarded_at=now,
            paused_until=random.choice((None, None, None, now - timedelta(days=1), now + timedelta(days=1))),
            free_week=random.randrange(WHOLE_WEEK + 1),
            open_jobs=random.choice((0, 0, limit)),
            max_open_jobs=limit,
            cashless_in=random.choice(([], [], ["EUR"], ["CHF", "EUR"])),
            sells_in=random.choice(("", "DE", "DE", "CH")),
            waiting_since=now - timedelta(days=random.randrange(5)),
            first_job_at=random.choice((None, now - timedelta(days=9))),
        )
        self.places[friend.pk] = (latitude, longitude)
        return friend

    def _place(self) -> tuple[float, float]:
        random = self.random
        if random.random() < 0.5:
            return SOUTH + ACROSS * random.randrange(8) / 8, WEST + ACROSS * random.randrange(8) / 8
        return SOUTH + ACROSS * random.random(), WEST + ACROSS * random.random()

    def _certificates(self, friend_id: UUID) -> Iterable[Certificate]:
        random = self.random
        for skill in random.sample(self.skills, k=random.randrange(1, len(self.skills) + 1)):
            ends = random.choice((None, None, self.now.date() + timedelta(days=random.choice((-1, 0, 30)))))
            yield Certificate(friend_id=friend_id, skill_id=skill, grade=random.choice((0, 1, 2)), valid_until=ends)

    def _exception(self, friend_id: UUID) -> AvailabilityException:
        random = self.random
        starts_on = self.now.date() + timedelta(days=random.randrange(8))
        return AvailabilityException(
            friend_id=friend_id,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=random.randrange(4)),
            parts=random.randrange(8),
        )


def facts_of_all(crowd: RandomCrowd, wanted: Wanted, *, asked: Iterable[UUID] = ()) -> list[Facts]:
    """Return the facts of every friend, found without the search and without its index."""
    excluded = set(asked)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, position <-> %s::cube FROM public.crowd_friend", [wanted.position])
        chords = {UUID(str(pk)): chord for pk, chord in cursor.fetchall()}
    return [
        one.but(chord_m=chords[one.friend_id], was_asked=one.friend_id in excluded)
        for one in crowd.facts_at_no_distance
    ]


def arc_differs_m(crowd: RandomCrowd, facts: Facts, latitude: float, longitude: float) -> float:
    """Return by how much the search's distance differs from the haversine formula, in metres."""
    return abs(arc_m(facts.chord_m) - great_circle_m(*crowd.places[facts.friend_id], latitude, longitude))
