"""Two thousand friends, spread over real places by population. The same ones on every installation."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Kind, User
from crowd.models import SHARED_CROWD, Friend
from crowd.services import Newcomer, join_in_bulk
from demo.data import load
from demo.partners import PASSWORD
from kernel.geo import on_sphere
from kernel.slots import WHOLE_WEEK, Part, bit
from places.models import PostalCode
from skills.selectors import skill_ids
from tenants.models import Tenant

COUNT = 2_000
SEED = 4
RADII_KM = (5, 8, 10, 15, 20, 25, 30, 50)
# Degrees; about a kilometre, so that friends of one postal code do not live in one house.
JITTER = 0.008
IN_SHARED_CROWD = 0.85
SPEAKS_ENGLISH = 0.55


def plant_friends(tenants: list[Tenant], *, now: datetime) -> int:
    """Plant the friends unless there are some; return how many were planted."""
    if Friend.objects.exists():
        return 0
    random = Random(SEED)
    newcomers = list(_newcomers(random, {tenant.slug: tenant.pk for tenant in tenants}, now))
    password = make_password(PASSWORD)
    with transaction.atomic():
        User.objects.bulk_create(
            [
                User(
                    uuid=newcomer.friend.id,
                    email=newcomer.friend.email,
                    password=password,
                    kind=Kind.FRIEND,
                    language=newcomer.friend.language,
                    first_name=newcomer.friend.first_name,
                    last_name=newcomer.friend.last_name,
                )
                for newcomer in newcomers
            ]
        )
        return join_in_bulk(newcomers, now=now)


def _newcomers(random: Random, tenant_ids: dict[str, int], now: datetime) -> Iterator[Newcomer]:
    data = load("friends")
    leaves = load("holders")
    ids = skill_ids(leaves)
    number = 0
    for country, share in data["shares"].items():
        places = list(PostalCode.objects.filter(country=country).order_by("code"))
        weights = [place.population for place in places]
        for place in random.choices(places, weights, k=round(COUNT * share)):
            number += 1
            friend = _friend(random, place, number, now)
            wanted = data["communities"].get(country, {})
            communities = [tenant_ids[slug] for slug, likely in wanted.items() if random.random() < likely]
            if not communities or random.random() < IN_SHARED_CROWD:
                communities.append(SHARED_CROWD)
            skills = [ids[slug] for slug, holders in leaves.items() if random.random() < holders]
            yield Newcomer(friend, tuple(communities), tuple(skills or [ids["phone-help"]]))


def _friend(random: Random, place: PostalCode, number: int, now: datetime) -> Friend:
    language = _language(random, place)
    names = load("friends")["names"][language]
    languages = [language]
    if random.random() < SPEAKS_ENGLISH:
        languages.append("en")
    if place.country == "CH" and language != "de" and random.random() < 0.4:
        languages.append("de")
    return Friend(
        first_name=random.choice(names["first"]),
        last_name=random.choice(names["last"]),
        email=f"friend{number}@friends.example",
        phone=_phone(place.country, number),
        language=language,
        languages=languages,
        born_on=date(1956, 1, 1) + timedelta(days=random.randrange(50 * 365)),
        country=place.country,
        postal_code=place.code,
        town=place.name,
        position=on_sphere(
            place.latitude + random.uniform(-JITTER, JITTER), place.longitude + random.uniform(-JITTER, JITTER)
        ),
        radius_m=random.choice(RADII_KM) * 1_000,
        free_week=_free_week(random),
        max_open_jobs=random.choice((3, 4, 5)),
        waiting_since=now - timedelta(days=random.randrange(30)),
        age_checked_at=now,
        onboarded_at=now,
    )


def _language(random: Random, place: PostalCode) -> str:
    """Return the language of the region; Switzerland's are read off the postal code."""
    if place.country == "PL":
        return "pl"
    if place.country != "CH":
        return "de"
    if place.code[:2] in {"65", "66", "67", "68", "69"}:
        return "it"
    if place.code[0] == "1" or (place.code[0] == "2" and random.random() < 0.7):
        return "fr"
    return "de"


def _free_week(random: Random) -> int:
    """Return a week as people with a main job have it: most evenings, most of the weekend, some days."""
    week = 0
    for weekday in range(7):
        for part in Part.values:
            is_leisure = part == Part.EVENING or weekday >= 5
            if random.random() < (0.8 if is_leisure else 0.25):
                week |= bit(weekday, part)
    return week or WHOLE_WEEK


def _phone(country: str, number: int) -> str:
    """Return a number of the right shape that belongs to nobody (its digits are too regular to be given out)."""
    return {"CH": "+4179000", "DE": "+49150000", "AT": "+43660000", "PL": "+48500"}[country] + f"{number:06d}"[
        -6 if country == "PL" else -4 :
    ]
