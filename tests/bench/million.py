"""A database with crowds of 10,000, 100,000 and a million friends, made once beside the benchmarks' own.

The friends are drawn from real places by population, with 40 skills held by 40 down to 0.5 per cent of them, as the
trial did whose figures the design goes by. Each crowd is a community of its own in the same tables.
"""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from itertools import accumulate
from random import Random
from uuid import UUID

from django.db import connection

from crowd.eligibility import Wanted
from kernel.clock import now
from kernel.geo import on_sphere
from kernel.slots import WHOLE_WEEK, Part
from places.models import PostalCode
from skills.services import define_skill
from tests.databases import become_app, become_owner, copy_database, elsewhere

NAME = "bench_million"
SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
COMMUNITIES = {"10k": 9_000_010, "100k": 9_000_100, "1m": 9_001_000}
SHARES = [0.4, 0.3, 0.25, 0.2, 0.15, *[0.1] * 10, *[0.05] * 15, *[0.02] * 5, *[0.005] * 5]
RARE = range(len(SHARES) - 5, len(SHARES))
SPOKEN = {"DE": "de", "AT": "de", "CH": "de", "PL": "pl"}
BATCH = 100_000
# Degrees; friends of one postal code do not live in one house.
JITTER = 0.012


@contextmanager
def a_million() -> Iterator[None]:
    """Work in that database inside the block; making it takes some minutes the first time."""
    become_owner()
    try:
        if not _is_made():
            base = connection.settings_dict["NAME"]
            with elsewhere("postgres"):
                copy_database(base, NAME)
            with elsewhere(NAME):
                _fill()
        with elsewhere(NAME):
            become_app()
            yield
    finally:
        become_app()


def random_wanted(random: Random, size: str, *, rare: bool) -> Wanted:
    """Return what a job at a random place asks for, its skill rare or any of the others."""
    place = random.choices(_places(), cum_weights=_weights())[0]
    skill = random.choice(RARE if rare else range(RARE.start))
    days = [now().date() + timedelta(days=ahead) for ahead in random.sample(range(1, 8), 2)]
    return Wanted(
        skills=((_skill_ids()[skill], 0),),
        position=on_sphere(
            place.latitude + random.uniform(-JITTER, JITTER), place.longitude + random.uniform(-JITTER, JITTER)
        ),
        reach_m=50_000,
        tenant_id=COMMUNITIES[size],
        windows=tuple((day, int(part)) for day in days for part in random.sample(Part.values, 2)),
        languages=(SPOKEN[place.country] if random.random() > 0.08 else "en",),
    )


def _is_made() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [NAME])
        return cursor.fetchone() == ("complete",)


def _fill() -> None:
    print("Making a million friends (once; some minutes) …", file=sys.stderr, flush=True)  # noqa: T201
    ids = [define_skill(slug=f"bench-{place}", names={"en": f"Bench {place}"}).pk for place in range(len(SHARES))]
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'; SET synchronous_commit = off")
        cursor.execute(
            "DROP INDEX candidate_nearest, candidate_newcomers;"
            "ALTER TABLE crowd_candidate DROP CONSTRAINT candidate_once;"
            "CREATE TABLE bench_place (friend_id uuid, latitude float8, longitude float8)"
        )
        for size, count in SIZES.items():
            _write_friends(cursor, size, count)
        _write_skills(cursor, ids)
        cursor.execute(
            "ALTER TABLE crowd_candidate ADD CONSTRAINT candidate_once UNIQUE (friend_id, community, skill_id);"
            "CREATE INDEX candidate_nearest ON crowd_candidate USING gist (community, skill_id, position);"
            "CREATE INDEX candidate_newcomers ON crowd_candidate USING gist (community, skill_id, position)"
            " WHERE is_newcomer;"
            "ALTER TABLE bench_place ADD PRIMARY KEY (friend_id);"
            "GRANT SELECT ON bench_place TO PUBLIC"
        )
    connection.commit()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(f"COMMENT ON DATABASE {NAME} IS 'complete'")


def _write_friends(cursor: object, size: str, count: int) -> None:
    random, today = Random(SIZES[size]), now()
    places, weights = _places(), _weights()
    written = 0
    while written < count:
        friends, coordinates = io.StringIO(), io.StringIO()
        for place in random.choices(places, cum_weights=weights, k=min(BATCH, count - written)):
            key = UUID(int=random.getrandbits(128), version=4)
            latitude = place.latitude + random.uniform(-JITTER, JITTER)
            longitude = place.longitude + random.uniform(-JITTER, JITTER)
            language = SPOKEN[place.country]
            spoken = f"{{{language},en}}" if random.random() < 0.5 else f"{{{language}}}"
            paused = (today + timedelta(days=7)).isoformat() if random.random() < 0.12 else "\\N"
            first_job = today.isoformat() if random.random() < 0.9 else "\\N"
            friends.write(
                f"{key}\tBen\tBench\tben@friends.example\t+49150000\t{language}\t{spoken}\t1980-01-01\tf\t"
                f"{place.country}\t{place.code}\tTown\t{on_sphere(latitude, longitude)}\t"
                f"{random.randrange(5, 51) * 1000}\t{'t' if random.random() < 0.92 else 'f'}\t{paused}\t"
                f"{random.randrange(WHOLE_WEEK)}\t{3 if random.random() < 0.1 else 0}\t3\t"
                f"{(today - timedelta(hours=random.randrange(900))).isoformat()}\t0\t0\t{today.isoformat()}\t"
                f"{today.isoformat()}\t{today.isoformat()}\t{first_job}\n"
            )
            coordinates.write(f"{key}\t{latitude}\t{longitude}\n")
        friends.seek(0)
        coordinates.seek(0)
        cursor.copy_expert(  # type: ignore[attr-defined]  # of psycopg2
            "COPY crowd_friend (id, first_name, last_name, email, phone, language, languages, born_on, is_pro,"
            " country, postal_code, town, position, radius_m, is_active, paused_until, free_week, open_jobs,"
            " max_open_jobs, waiting_since, ratings_count, ratings_sum, joined_at, age_checked_at, onboarded_at,"
            " first_job_at) FROM STDIN",
            friends,
        )
        cursor.copy_expert("COPY bench_place FROM STDIN", coordinates)  # type: ignore[attr-defined]
        written += min(BATCH, count - written)
    cursor.execute(  # type: ignore[attr-defined]
        "INSERT INTO crowd_membership (friend_id, community, joined_at) SELECT id, %s, now() FROM crowd_friend f"
        " WHERE last_name = 'Bench' AND NOT EXISTS (SELECT 1 FROM crowd_membership m WHERE m.friend_id = f.id)",
        [COMMUNITIES[size]],
    )


def _write_skills(cursor: object, ids: list[int]) -> None:
    for skill, share in zip(ids, SHARES, strict=True):
        cursor.execute(  # type: ignore[attr-defined]
            "INSERT INTO crowd_certificate (friend_id, skill_id, grade)"
            " SELECT id, %s, 1 FROM crowd_friend WHERE last_name = 'Bench' AND random() < %s",
            [skill, share],
        )
    cursor.execute(  # type: ignore[attr-defined]
        "INSERT INTO crowd_candidate (community, skill_id, friend_id, grade, valid_until, is_newcomer, position)"
        " SELECT m.community, c.skill_id, f.id, c.grade, c.valid_until, f.first_job_at IS NULL, f.position"
        "   FROM crowd_friend f JOIN crowd_membership m ON m.friend_id = f.id"
        "   JOIN crowd_certificate c ON c.friend_id = f.id WHERE f.last_name = 'Bench'"
    )


@cache
def _places() -> list[PostalCode]:
    return list(PostalCode.objects.order_by("country", "code"))


@cache
def _weights() -> list[float]:
    """Return the places' populations added up, as ``random.choices`` wants them."""
    return list(accumulate(place.population for place in _places()))


@cache
def _skill_ids() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug, id FROM skills_skill WHERE slug LIKE 'bench-%%'")
        found = dict(cursor.fetchall())
    return [found[f"bench-{place}"] for place in range(len(SHARES))]
