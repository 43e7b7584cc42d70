"""The plan that managers see before they change the rules (R17)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.offering.plan import StepKind, plan, plan_moments
from dispatch.terms import Hours, Terms
from tenants.models import LastResort, Tenant
from tenants.settings.rules import longest_search, setting_faults
from tests.dispatch.test_terms import is_quiet, moments, terms, zones

BERLIN = ZoneInfo("Europe/Berlin")


def berlin(day: int, hour: int, minute: int) -> datetime:
    """Return a moment of November 2026 in Berlin."""
    return datetime(2026, 11, day, hour, minute, tzinfo=BERLIN)


def test_waves_follow_one_another_and_the_desk_comes_last() -> None:
    steps = plan(
        Terms(own_waves=2, crowd_waves=1), placed_at=berlin(24, 9, 0), time_zone="Europe/Berlin", hours=Hours()
    )

    assert [(step.kind, step.at.hour, step.at.minute, step.number) for step in steps] == [
        (StepKind.PLACED, 9, 0, 0),
        (StepKind.OWN, 9, 0, 1),
        (StepKind.OWN, 9, 30, 2),
        (StepKind.CROWD, 10, 0, 3),
        (StepKind.DESK, 10, 30, 0),
    ]
    assert {step.seats for step in steps if step.until} == {4}


def test_nobody_is_asked_at_night_and_the_plan_says_when() -> None:
    night = Terms(own_waves=1, overflows=False, quiet_from=21, quiet_until=7, last_resort=LastResort.CANCEL)

    steps = plan(night, placed_at=berlin(24, 22, 0), time_zone="Europe/Berlin", hours=Hours())

    assert [(step.kind, step.at) for step in steps] == [
        (StepKind.PLACED, berlin(24, 22, 0)),
        (StepKind.OWN, berlin(25, 7, 0)),
        (StepKind.CANCELLED, berlin(25, 7, 30)),
    ]


def test_a_wider_look_is_one_more_wave() -> None:
    wider = Terms(own_waves=0, crowd_waves=1, last_resort=LastResort.WIDER)

    kinds = [step.kind for step in plan(wider, placed_at=berlin(24, 9, 0), time_zone="Europe/Berlin", hours=Hours())]

    assert kinds == [StepKind.PLACED, StepKind.CROWD, StepKind.WIDER, StepKind.DESK]


def test_a_wave_outside_waits_for_the_contracts_hours() -> None:
    terms = Terms(own_waves=1, crowd_waves=2, quiet_from=21, quiet_until=9)

    steps = plan(terms, placed_at=berlin(24, 17, 20), time_zone="Europe/Berlin", hours=Hours(8, 18))

    assert [(step.kind, step.at) for step in steps[1:]] == [
        (StepKind.OWN, berlin(24, 17, 20)),
        (StepKind.CROWD, berlin(24, 17, 50)),
        # The contract opens at 8:00, while the partner lets nobody be disturbed before 9:00.
        (StepKind.CROWD, berlin(25, 9, 0)),
        (StepKind.DESK, berlin(25, 9, 30)),
    ]


@pytest.mark.parametrize("hours", [None, Hours(22, 24)])
def test_without_a_contract_that_ever_opens_the_plan_says_that_nobody_outside_is_asked(hours: Hours | None) -> None:
    terms = Terms(own_waves=1, crowd_waves=2, quiet_from=21, quiet_until=7)

    steps = plan(terms, placed_at=berlin(24, 10, 0), time_zone="Europe/Berlin", hours=hours)

    assert [step.kind for step in steps] == [StepKind.PLACED, StepKind.OWN, StepKind.SHUT, StepKind.DESK]


@given(terms, moments, zones)
def test_a_plan_never_goes_back_never_asks_at_night_and_always_ends(of: Terms, now: datetime, zone: str) -> None:
    steps = plan(of, placed_at=now, time_zone=zone, hours=Hours())

    assert all(before.at <= after.at for before, after in pairwise(steps))
    assert all(not is_quiet(of, step.at, zone) for step in steps[1:])
    assert len(steps) == 2 + of.own_waves + of.crowd_waves


@given(
    terms,
    st.integers(0, 3),
    st.integers(0, 3),
    st.sampled_from(LastResort.values),
    st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 1), timezones=st.just(UTC)),
)
def test_no_plan_is_longer_than_the_longest_search_that_the_settings_compute(
    of: Terms, own_waves: int, crowd_waves: int, last_resort: str, now: datetime
) -> None:
    tenant = Tenant(
        own_waves=own_waves,
        crowd_waves=crowd_waves,
        last_resort=last_resort,
        wave_minutes=of.wave_minutes,
        wave_minutes_by_hour=[list(pair) for pair in of.wave_minutes_by_hour],
        quiet_from=of.quiet_from,
        quiet_until=of.quiet_until,
        question_rest_minutes=0,
    )
    rules = Terms.from_json(
        of.to_json() | {"own_waves": own_waves, "crowd_waves": crowd_waves, "last_resort": last_resort}
    )

    steps = plan(rules, placed_at=now, time_zone="Europe/Berlin", hours=Hours())

    lasts = (steps[-1].at if len(steps) == 2 else steps[-2].until or now) - now
    if len(steps) > 2:
        assert lasts <= longest_search(tenant)
    too_long = "wave_minutes" in setting_faults(tenant, {"last_resort"})
    assert too_long == (longest_search(tenant) > timedelta(days=7))


def test_plans_are_shown_for_now_the_next_morning_and_the_next_evening() -> None:
    shown = plan_moments(datetime(2026, 11, 24, 11, 0, 30, tzinfo=UTC), "Europe/Berlin")

    assert shown == [berlin(24, 12, 0), berlin(25, 9, 0), berlin(24, 22, 0)]
