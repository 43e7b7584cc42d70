"""When and where an event is, as managers type it: what cannot be is told at its field."""

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from events.errors import NoSuchTime
from events.facts import moment_at, read_facts
from kernel.errors import FieldsNotRight

RIGHT: dict[str, Any] = {
    "start_day": date(2027, 3, 27),
    "start_time": time(18),
    "end_day": None,
    "end_time": time(20),
    "time_zone": "Europe/Berlin",
    "place": "Berlin",
    "online_url": "",
    "audience": "public",
    "capacity": 10,
}


def test_hours_are_those_of_the_place() -> None:
    facts = read_facts(**RIGHT)

    assert facts.starts_at == datetime(2027, 3, 27, 17, tzinfo=UTC)
    assert facts.ends_at == datetime(2027, 3, 27, 19, tzinfo=UTC)


def test_an_event_may_go_past_midnight_and_over_a_change_of_the_clocks() -> None:
    facts = read_facts(**RIGHT | {"end_day": date(2027, 3, 28), "end_time": time(4)})

    assert facts.ends_at - facts.starts_at == datetime(2027, 3, 28, 2) - datetime(2027, 3, 27, 17)


@pytest.mark.parametrize("at", [time(2), time(2, 30), time(2, 59)])
def test_a_time_that_the_clocks_skip_is_refused(at: time) -> None:
    with pytest.raises(NoSuchTime):
        moment_at(date(2027, 3, 28), at, "Europe/Berlin")
    assert moment_at(date(2027, 3, 28), time(3), "Europe/Berlin") == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_of_a_time_that_comes_twice_the_first_counts() -> None:
    assert moment_at(date(2026, 10, 25), time(2, 30, fold=1), "Europe/Berlin") == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"end_time": time(17)}, "end_time", "would end before it starts"),
        ({"end_time": time(18)}, "end_time", "would end before it starts"),
        ({"end_day": date(2027, 3, 26)}, "end_day", "would end before it starts"),
        ({"start_day": date(2027, 3, 28), "start_time": time(2, 30)}, "start_time", "This time does not exist"),
        ({"end_day": date(2027, 3, 28), "end_time": time(2, 30)}, "end_time", "This time does not exist"),
        ({"start_day": date(9999, 12, 31)}, "start_day", "check the year"),
        ({"end_day": date(9999, 12, 31)}, "end_day", "check the year"),
        ({"place": "  "}, "place", "where it takes place"),
        ({"capacity": 0}, "capacity", "at least 1"),
        ({"seats_taken": 11}, "capacity", "11 people have a seat already"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(changed: dict[str, object], field: str, words: str) -> None:
    with pytest.raises(FieldsNotRight) as refused:
        read_facts(**RIGHT | changed)

    assert list(refused.value.fields) == [field]
    assert words in refused.value.fields[field]
