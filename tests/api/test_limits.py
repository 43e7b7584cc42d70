"""A key has a bucket of calls, and so has its partner: the noisy stop at their own, and answers say what is left."""

from typing import Any

from pytest_django.fixtures import Settings
from time_machine import Coordinates

from kernel.clock import now
from kernel.web.buckets import Bucket, take
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.api.calls import Shop, problem_of, token_for


def test_a_key_may_call_until_its_bucket_is_empty_and_again_as_it_fills(
    valkey: Any, nord: Tenant, settings: Settings, clock: Coordinates
) -> None:
    settings.API_CALLS_OF_KEY = 6
    noisy, quiet = Shop(token_for(nord)), Shop(token_for(nord))

    answers = [noisy.get("orders") for _call in range(8)]

    assert [answer.status_code for answer in answers] == [200] * 6 + [429] * 2
    assert answers[0]["RateLimit-Policy"] == '"key";q=6;w=60, "partner";q=1800;w=60'
    assert answers[0]["RateLimit"] == '"key";r=5;t=10, "partner";r=1799;t=1'
    problem_of(answers[6], 429, "too_many_attempts")
    assert answers[6]["Retry-After"] == "10"
    assert answers[6]["RateLimit"].startswith('"key";r=0;t=60')
    assert quiet.get("orders")["RateLimit"] == '"key";r=5;t=10, "partner";r=1793;t=1'
    clock.shift(10)
    assert [noisy.get("orders").status_code for _call in range(2)] == [200, 429]
    clock.shift(3600)
    assert noisy.get("orders")["RateLimit"].startswith('"key";r=5;')


def test_all_keys_of_a_partner_have_a_limit_together_and_no_other_partner_feels_it(
    valkey: Any, nord: Tenant, sued: Tenant, settings: Settings
) -> None:
    settings.API_CALLS_OF_PARTNER = 1
    assert Shop(token_for(nord)).get("orders").status_code == 200

    answer = Shop(token_for(nord)).get("orders")

    problem_of(answer, 429, "too_many_attempts")
    assert answer["Retry-After"] == "60"
    assert Shop(token_for(sued), host="sued.localhost").get("orders").status_code == 200


def test_an_empty_bucket_takes_nothing_from_the_others(valkey: Any, nord: Tenant) -> None:
    small, big = Bucket("key", "a", 1, 60), Bucket("partner", "all", 100, 60)
    with tenant_context(nord):
        levels = [take([small, big], now=now()) for _call in range(3)]

    assert [[(level.left, level.is_empty) for level in both] for both in levels] == [
        [(0, False), (99, False)],
        [(0, True), (99, False)],
        [(0, True), (99, False)],
    ]


def test_without_valkey_every_bucket_is_full(nord: Tenant) -> None:
    [level] = take([Bucket("key", "a", 10, 60)], now=now())

    assert (level.left, level.is_empty, level.full_in_s) == (10, False, 0)
