"""The table of commissions: which rate counts, what can be planned, and what an order keeps (R12, R21)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some
from time_machine import Coordinates

from dispatch.models import Crossing
from kernel.clock import now
from skills.models import Skill
from tenants.errors import UnableToChangeSettings
from tenants.models import Commission, Tenant
from tenants.selectors import history
from tenants.settings.commissions import About, Plan, commissions_of, earliest_day, plan_commission, rates_for
from tests.cast import Cast, book, put_in_category, register_friend
from tests.overflow import agree, fresh, job_of, next_wave

COLUMNS = ("package_slug", "category", "level", "country", "route")
CATEGORIES = {"wifi": "network", "tv": "tv", "printer": "computer"}
ABOUTS = some.tuples(
    some.sampled_from([("", ""), ("wifi", ""), ("tv", ""), ("", "network"), ("", "tv")]),
    some.sampled_from(["", "friend", "pro"]),
    some.sampled_from(["", "DE", "AT"]),
    some.sampled_from(["", "own", "overflow"]),
).map(lambda drawn: (*drawn[0], *drawn[1:]))


def rate(tenant: Tenant, basis_points: int, **columns: Any) -> Commission:
    """Return a row that was agreed."""
    return Commission.objects.create(tenant=tenant, basis_points=basis_points, **columns)


def plan(tenant: Tenant, basis_points: int | None, *, days: int = 15, until: int | None = None, **about: str) -> Plan:
    """Plan a change that begins in so many days, and return the plan."""
    today = now().date()
    planned = Plan(
        about=About(**about),
        basis_points=basis_points,
        valid_from=today + timedelta(days=days),
        valid_until=None if until is None else today + timedelta(days=until),
    )
    plan_commission(tenant=tenant, plan=planned, who="Olga", now=now())
    return planned


def skills_below(*categories: str) -> list[int]:
    """Return the ids of all skills of some categories."""
    return list(Skill.objects.filter(parent__slug__in=categories).values_list("pk", flat=True))


def rated_at(tenant: Tenant, at: datetime, skill_ids: Sequence[int] = ()) -> int:
    """Return what friends of the community pay for a friend's job with Wi-Fi in Germany at a moment."""
    found = rates_for(tenant, package_slug="wifi", skill_ids=skill_ids, level="friend", country="DE", at=at)
    return found.own.basis_points


@given(
    table=some.dictionaries(ABOUTS, some.integers(0, 10_000), max_size=12),
    job=some.tuples(
        some.sampled_from(["wifi", "tv", "printer"]),
        some.sampled_from(["friend", "pro"]),
        some.sampled_from(["DE", "AT", "CH"]),
    ),
)
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_most_specific_rate_counts(
    nord: Tenant, table: dict[tuple[str, ...], int], job: tuple[str, str, str]
) -> None:
    package, level, country = job
    with transaction.atomic():
        for about, figure in table.items():
            rate(nord, figure, **dict(zip(COLUMNS, about, strict=True)))
        found = rates_for(
            nord,
            package_slug=package,
            skill_ids=skills_below(CATEGORIES[package]),
            level=level,
            country=country,
            at=now(),
        )
        transaction.set_rollback(True)

    for route, rated in (("own", found.own), ("overflow", found.overflow)):
        # Package before category before kind of job before country before who does it, each with or without.
        named = [(package, ""), ("", CATEGORIES[package]), ("", "")]
        ranked = [(*n, k, c, r) for n in named for k in (level, "") for c in (country, "") for r in (route, "")]
        expected = next((table[about] for about in ranked if about in table), nord.commission_bp)
        assert rated.basis_points == expected


def test_a_rate_counts_from_its_first_day_until_its_end(nord: Tenant) -> None:
    rate(nord, 900, valid_from=date(2026, 12, 1), valid_until=date(2026, 12, 3))

    def rated(day: int, hour: int) -> int:
        at = now().replace(month=12, day=day, hour=hour, minute=30)
        return rated_at(nord, at)

    # The partner's day in Berlin begins an hour before that of UTC.
    assert [rated(1, 0), rated(2, 22), rated(2, 23)] == [900, 900, nord.commission_bp]


@pytest.mark.parametrize(
    ("categories", "expected"),
    [(["network"], 1_200), (["tv"], 1_000), (["network", "tv"], 1_000), (["smart-home"], 1_500), ([], 1_500)],
)
def test_a_package_of_several_categories_has_the_lower_rate(nord: Tenant, categories: list[str], expected: int) -> None:
    rate(nord, 1_200, category="network")
    rate(nord, 1_000, category="tv")

    assert rated_at(nord, now(), skills_below(*categories)) == expected


def test_a_category_counts_before_the_country_and_after_the_package(nord: Tenant) -> None:
    rate(nord, 800, level="friend", country="DE", route="own")
    rate(nord, 900, category="network")
    assert rated_at(nord, now(), skills_below("network")) == 900

    rate(nord, 700, package_slug="wifi")

    assert rated_at(nord, now(), skills_below("network")) == 700


def test_the_database_refuses_two_rates_for_a_category_and_a_row_about_both(nord: Tenant) -> None:
    rate(nord, 900, category="network", valid_until=date(2026, 12, 3))
    rate(nord, 800, category="network", valid_from=date(2026, 12, 3))
    rate(nord, 800, category="tv", valid_until=date(2026, 12, 3))

    with pytest.raises(IntegrityError, match="commission_one_a_day"), transaction.atomic():
        rate(nord, 700, category="network", valid_from=date(2026, 12, 2), valid_until=date(2026, 12, 4))
    with pytest.raises(IntegrityError, match="commission_package_or_category"), transaction.atomic():
        rate(nord, 700, package_slug="wifi", category="network")
    with pytest.raises(UnableToChangeSettings) as refusal:
        plan(nord, 700, package_slug="wifi", category="network")
    assert set(refusal.value.fields) == {"category"}


def test_an_order_of_a_category_keeps_its_rate(nord: Tenant, four_near: Cast, clock: Coordinates) -> None:
    put_in_category("wifi", "network")
    first = rate(nord, 1_000, category="network")
    order = book(nord)
    plan(nord, 2_000, category="network")

    clock.shift(timedelta(days=15))
    later = book(nord)

    assert (fresh(nord, order).commission_bp, job_of(order).commission_version) == (1_000, first.version)
    assert later.commission_bp == 2_000


def test_the_database_refuses_two_rates_for_one_day(nord: Tenant) -> None:
    rate(nord, 900, package_slug="wifi", valid_until=date(2026, 12, 3))
    rate(nord, 800, package_slug="wifi", valid_from=date(2026, 12, 3))
    rate(nord, 700, package_slug="wifi", country="DE")

    with pytest.raises(IntegrityError), transaction.atomic():
        rate(nord, 700, package_slug="wifi", valid_from=date(2026, 12, 2), valid_until=date(2026, 12, 4))
    with pytest.raises(IntegrityError), transaction.atomic():
        rate(nord, 700, valid_from=date(2026, 12, 2), valid_until=date(2026, 12, 2))


def test_a_planned_rate_ends_the_present_one_and_is_noted(nord: Tenant) -> None:
    rate(nord, 900, package_slug="wifi-setup")

    planned = plan(nord, 1_200, package_slug="wifi-setup")

    old, new = commissions_of(nord)
    assert (old.basis_points, old.valid_from, old.valid_until) == (900, None, planned.valid_from)
    assert (new.basis_points, new.valid_from, new.valid_until) == (1_200, planned.valid_from, None)
    noted = history(nord).first()
    assert noted is not None
    assert (noted.field, noted.who) == ("commissions", "Olga")
    assert [row["basis_points"] for row in noted.after] == [900, 1_200]

    plan(nord, None, days=40, package_slug="wifi-setup")
    assert [row.valid_until for row in commissions_of(nord)] == [planned.valid_from, now().date() + timedelta(days=40)]


@pytest.mark.parametrize(
    ("basis_points", "days", "until", "field", "words"),
    [
        (1_000, 14, None, "valid_from", "15 days ahead. The earliest day is 9 December 2026"),
        (1_000, 15, 15, "valid_until", "after the first day"),
        (10_001, 15, None, "percent", "from 0 to 100"),
        (1_500, 15, None, "percent", "counts already"),
        (1_000, 50, 70, "valid_from", "20% has been announced for this already, from 3 January 2027"),
        (1_000, 20, 50, "valid_until", "announced for this already"),
        (1_000, 20, None, "valid_until", "announced for this already"),
        (None, 90, None, "percent", "no rate for this that could end"),
    ],
)
def test_what_cannot_be_planned_is_said_beside_the_field(
    nord: Tenant, basis_points: int | None, days: int, until: int | None, field: str, words: str
) -> None:
    today = now().date()
    rate(nord, 1_500, valid_until=None if words.startswith("counts") else today + timedelta(days=5))
    if field != "percent":
        rate(nord, 2_000, valid_from=today + timedelta(days=40), valid_until=today + timedelta(days=60))
    before = commissions_of(nord)

    with pytest.raises(UnableToChangeSettings) as refusal:
        plan(nord, basis_points, days=days, until=until)

    assert words in refusal.value.fields[field]
    assert commissions_of(nord) == before


def test_a_country_that_is_not_served_is_refused(nord: Tenant) -> None:
    with pytest.raises(UnableToChangeSettings) as refusal:
        plan(nord, 1_000, country="PL")

    assert set(refusal.value.fields) == {"country"}


def test_an_order_keeps_the_rate_of_its_day_and_names_its_version(
    nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    first = rate(nord, 1_000, package_slug="wifi-setup")
    order = book(nord)
    plan(nord, 2_000, package_slug="wifi-setup")

    clock.shift(timedelta(days=15))
    later = book(nord)

    order, second = fresh(nord, order), commissions_of(nord)[1]
    assert (order.commission_bp, order.commission_minor, order.friend_minor) == (1_000, 490, 4_410)
    assert order.commission_version == job_of(order).commission_version == first.version
    assert (later.commission_bp, later.commission_version) == (2_000, second.version)


def test_without_a_row_the_base_rate_counts_and_no_version_is_named(nord: Tenant, four_near: Cast) -> None:
    order = book(nord)

    assert (order.commission_bp, order.commission_version) == (nord.commission_bp, None)
    assert job_of(order).overflow_commission_bp == nord.commission_bp


def test_a_job_overflows_by_the_rate_of_its_booking_unless_the_contract_has_one(
    nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    elsewhere = rate(nord, 1_200, route="overflow")
    register_friend("Greta", km=2, in_shared_crowd=True)
    agree(nord)
    order = book(nord)
    Commission.objects.filter(pk=elsewhere.pk).update(basis_points=3_000)

    next_wave(order)

    assert fresh(nord, order).commission_bp == job_of(order).commission_bp == 1_200
    assert job_of(order).overflow_commission_version == elsewhere.version
    crossing = Crossing.objects.get()
    assert (crossing.own_commission_bp, crossing.commission_bp) == (nord.commission_bp, 1_200)


def test_the_earliest_day_is_the_partners(nord: Tenant) -> None:
    # Half past eleven in the evening by UTC is the next day in Berlin.
    assert earliest_day(nord, now().replace(hour=23, minute=30)) == date(2026, 12, 10)
