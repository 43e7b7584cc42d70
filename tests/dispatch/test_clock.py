"""The wave's clock: it stands still in the quiet hours, and rests for questions within a budget."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dispatch.terms import Terms

ZONES = st.sampled_from(["Europe/Zurich", "Europe/Warsaw", "UTC"])
MOMENTS = st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 1)).map(lambda at: at.replace(tzinfo=UTC))
SPANS = st.integers(0, 3 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def some_terms(draw: st.DrawFn) -> Terms:
    """Return terms with quiet hours or without."""
    if draw(st.booleans()):
        return Terms()
    quiet_from = draw(st.integers(0, 23))
    return Terms(quiet_from=quiet_from, quiet_until=(quiet_from + draw(st.integers(1, 20))) % 24)


@given(some_terms(), MOMENTS, SPANS, ZONES)
def test_the_clock_has_run_for_the_span_at_the_moment_after_it(
    terms: Terms, at: datetime, span: timedelta, zone: str
) -> None:
    assert terms.running_between(at, terms.moment_after(at, span, zone), zone) == span


@given(some_terms(), MOMENTS, SPANS, SPANS, ZONES)
def test_two_spans_in_a_row_are_their_sum(
    terms: Terms, at: datetime, one: timedelta, other: timedelta, zone: str
) -> None:
    in_a_row = terms.moment_after(terms.moment_after(at, one, zone), other, zone)

    assert terms.running_between(at, in_a_row, zone) == one + other
    assert terms.running_between(at, terms.moment_after(at, one + other, zone), zone) == one + other


def test_the_clock_stands_still_from_evening_to_morning() -> None:
    terms = Terms(quiet_from=21, quiet_until=7)
    evening = datetime(2026, 11, 24, 20, 50, tzinfo=UTC)

    assert terms.moment_after(evening, timedelta(minutes=30), "UTC") == datetime(2026, 11, 25, 7, 20, tzinfo=UTC)
    assert terms.running_between(evening, datetime(2026, 11, 25, 7, 20, tzinfo=UTC), "UTC") == timedelta(minutes=30)
    assert terms.running_between(evening, datetime(2026, 11, 25, 3, 0, tzinfo=UTC), "UTC") == timedelta(minutes=10)
