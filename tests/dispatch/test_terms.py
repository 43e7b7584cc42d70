"""The clock of the waves: minutes by hour, quiet hours, changes of the clocks (R14, R17)."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import example, given
from hypothesis import strategies as st

from dispatch.terms import Terms, terms_of
from places.countries import COUNTRIES
from tenants.context import platform_context
from tenants.models import Tenant

ZONES = sorted({country.time_zone for country in COUNTRIES.values()})
BERLIN = ZoneInfo("Europe/Berlin")
# The clocks go forward on 28 March 2027 at 2:00 and back on 31 October 2027 at 3:00.
SPRING, AUTUMN = datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC)

hours = st.integers(0, 23)
minutes = st.integers(1, 24 * 60)
tables = st.dictionaries(hours, minutes, max_size=5).map(lambda rows: tuple(sorted(rows.items())))
quiet = st.tuples(hours, st.integers(1, 16)).map(lambda pair: (pair[0], (pair[0] + pair[1]) % 24))
terms = st.builds(
    lambda usual, by_hour, hours_of_rest: Terms(
        wave_minutes=usual,
        wave_minutes_by_hour=by_hour,
        quiet_from=hours_of_rest and hours_of_rest[0],
        quiet_until=hours_of_rest and hours_of_rest[1],
    ),
    minutes,
    tables,
    st.none() | quiet,
)
around_changes = st.sampled_from([SPRING, AUTUMN]).flatmap(
    lambda day: st.integers(-2 * 24 * 60, 2 * 24 * 60).map(lambda after: day + timedelta(minutes=after))
)
moments = around_changes | st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(ZONES)


def is_quiet(of: Terms, moment: datetime, zone: str) -> bool:
    """Say by brute force whether nobody may be asked."""
    if of.quiet_from is None or of.quiet_until is None:
        return False
    hour, asleep = moment.astimezone(ZoneInfo(zone)).hour, of.quiet_from
    while asleep != of.quiet_until:
        if asleep == hour:
            return True
        asleep = (asleep + 1) % 24
    return False


@given(terms, moments, zones)
@example(Terms(quiet_from=22, quiet_until=2), SPRING + timedelta(minutes=30), "Europe/Berlin")
@example(Terms(quiet_from=2, quiet_until=6), AUTUMN + timedelta(minutes=90), "Europe/Zurich")
@example(Terms(quiet_from=10, quiet_until=2), SPRING, "Europe/Warsaw")
def test_nobody_is_asked_in_quiet_hours_and_the_first_moment_after_them_is_taken(
    of: Terms, now: datetime, zone: str
) -> None:
    opens = of.opens_at(now, zone)

    assert not is_quiet(of, opens, zone)
    assert of.opens_at(opens, zone) == opens
    assert opens >= now
    if opens > now:
        assert is_quiet(of, opens - timedelta(seconds=1), zone)
        assert all(
            is_quiet(of, now + timedelta(minutes=step), zone)
            for step in range(0, int((opens - now).total_seconds() // 60), 7)
        )


@given(terms, moments, zones)
@example(Terms(wave_minutes=120), SPRING, "Europe/Berlin")
@example(Terms(wave_minutes=60, quiet_from=2, quiet_until=3), SPRING + timedelta(minutes=30), "Europe/Berlin")
@example(Terms(wave_minutes=1440, quiet_from=2, quiet_until=18), AUTUMN, "Europe/Vienna")
def test_a_wave_has_exactly_its_minutes_outside_the_quiet_hours(of: Terms, now: datetime, zone: str) -> None:
    now = now.replace(second=0, microsecond=0)
    opens = of.opens_at(now, zone)

    ends = of.wave_ends_at(now, zone)

    assert not is_quiet(of, ends - timedelta(seconds=1), zone)
    lasts = int((ends - opens).total_seconds() // 60)
    awake = sum(not is_quiet(of, opens + timedelta(minutes=minute), zone) for minute in range(lasts))
    assert awake == of.minutes_at(opens.astimezone(ZoneInfo(zone)))


@given(terms, moments, zones)
def test_the_time_zone_in_which_a_moment_is_written_makes_no_difference(of: Terms, now: datetime, zone: str) -> None:
    written = now.astimezone(ZoneInfo(zone))

    assert of.opens_at(written, zone).astimezone(UTC) == of.opens_at(now, zone)
    assert of.wave_ends_at(written, zone).astimezone(UTC) == of.wave_ends_at(now, zone)


@given(terms)
def test_terms_survive_being_written(of: Terms) -> None:
    assert Terms.from_json(json.loads(json.dumps(of.to_json()))) == of


def test_a_job_of_before_a_term_was_known_has_its_default() -> None:
    assert Terms.from_json({"wave_size": 3, "unknown": 1}) == Terms(wave_size=3)


@pytest.mark.parametrize(("hour", "allowed"), [(0, 30), (7, 30), (8, 15), (17, 15), (18, 60), (23, 60)])
def test_minutes_go_by_the_hour_at_which_a_wave_opens(hour: int, allowed: int) -> None:
    of = Terms(wave_minutes=30, wave_minutes_by_hour=((8, 15), (18, 60)))

    assert of.minutes_at(datetime(2026, 11, 24, hour, 59, tzinfo=BERLIN)) == allowed


def test_what_falls_into_the_quiet_hours_runs_on_in_the_morning() -> None:
    of = Terms(wave_minutes=30, quiet_from=22, quiet_until=7)

    ends = of.wave_ends_at(datetime(2026, 11, 24, 21, 50, tzinfo=BERLIN), "Europe/Berlin")

    assert ends == datetime(2026, 11, 25, 7, 20, tzinfo=BERLIN)


def test_a_wave_asked_for_at_night_has_the_minutes_of_the_morning() -> None:
    of = Terms(wave_minutes=30, wave_minutes_by_hour=((7, 20), (22, 300)), quiet_from=22, quiet_until=7)

    ends = of.wave_ends_at(datetime(2026, 11, 24, 23, 0, tzinfo=BERLIN), "Europe/Berlin")

    assert ends == datetime(2026, 11, 25, 7, 20, tzinfo=BERLIN)


def test_a_clock_that_never_runs_cannot_be_had() -> None:
    never = replace(Terms(), quiet_from=7, quiet_until=7)
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

    assert never.opens_at(now, "Europe/Berlin") == now
    assert never.wave_ends_at(now, "Europe/Berlin") == now + timedelta(minutes=30)


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_from": 22},
        {"quiet_until": 7},
        {"quiet_from": 7, "quiet_until": 7},
        {"quiet_from": 24, "quiet_until": 7},
        {"quiet_from": 1, "quiet_until": 18},
        {"quiet_from": 8, "quiet_until": 1},
        {"wave_minutes": 1441},
        {"own_waves": 11},
    ],
)
def test_the_database_refuses_waves_that_can_never_end(nord: Tenant, wrong: dict[str, int]) -> None:
    with platform_context():
        with pytest.raises(IntegrityError), transaction.atomic():
            Tenant.objects.filter(pk=nord.pk).update(**wrong)
        Tenant.objects.filter(pk=nord.pk).update(quiet_from=22, quiet_until=7)
        assert connection.is_usable()
        assert terms_of(Tenant.objects.get(pk=nord.pk)).quiet_from == 22
