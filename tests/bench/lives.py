"""Random lives of orders in one set of books: how many a second, and none after which an account is wrong."""

import os
import time
from collections import Counter
from collections.abc import Iterator

import time_machine
from django.db import transaction

from tenants.selectors import tenant_by_slug
from tests.bench.figures import Figure
from tests.conftest import NOON
from tests.money.lives import play

# ``make nightly`` plays 20,000.
LIVES = int(os.environ.get("QUARTETT_TESTS_LIVES", "1000"))
# So many share their books. One transaction holds them, and the more it has written, the slower PostgreSQL reads it.
IN_ONE_SET_OF_BOOKS = 250


def money_lives() -> Iterator[Figure]:
    """Play the lives at the tests' noon, and leave nothing of them behind."""
    partners = [tenant_by_slug(slug) for slug in ("nord", "sued")]
    ends: Counter[str] = Counter()
    begun = time.perf_counter()
    for first in range(0, LIVES, IN_ONE_SET_OF_BOOKS):
        with transaction.atomic(), time_machine.travel(NOON, tick=False):
            ends += play(partners, min(IN_ONE_SET_OF_BOOKS, LIVES - first), first=first)
            transaction.set_rollback(True)
    rate = round(LIVES / (time.perf_counter() - begun), 2)
    yield Figure("money-lives", rate, "lives/s", more={"lives": LIVES, **ends})
