"""The estimated way to a job (R11): a rule of thumb, in steps of five minutes, written as people say it."""

import pytest
from django.utils import translation

from kernel.travel import Mode, travel_minutes, write_travel


@pytest.mark.parametrize(
    ("metres", "foot", "bicycle", "transit", "car"),
    [
        (0, 15, 5, 15, 10),
        (1_000, 15, 5, 15, 10),
        (3_000, 50, 20, 20, 15),
        (10_000, 170, 55, 45, 25),
        (34_000, 570, 185, 85, 60),
    ],
)
def test_the_estimate_for_each_way_of_going(metres: int, foot: int, bicycle: int, transit: int, car: int) -> None:
    found = {mode: travel_minutes(metres, mode) for mode in Mode}

    assert found == {Mode.FOOT: foot, Mode.BICYCLE: bicycle, Mode.TRANSIT: transit, Mode.CAR: car}


@pytest.mark.parametrize("mode", list(Mode))
def test_farther_never_takes_less_time(mode: Mode) -> None:
    minutes = [travel_minutes(metres, mode) for metres in range(0, 100_000, 250)]

    assert minutes == sorted(minutes)
    assert all(one % 5 == 0 for one in minutes)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "about 3 h 5 min by bicycle"),
        ("de", "etwa 3 h 5 min mit dem Fahrrad"),
        ("fr", "environ 3 h 5 min à vélo"),
        ("it", "circa 3 h 5 min in bicicletta"),
        ("pl", "około 3 h 5 min rowerem"),
    ],
)
def test_it_is_written_as_an_estimate(language: str, words: str) -> None:
    with translation.override(language):
        assert write_travel(34_000, "bicycle").replace("\N{NO-BREAK SPACE}", " ") == words


def test_a_whole_hour_has_no_minutes() -> None:
    assert write_travel(34_000, "car").replace("\N{NO-BREAK SPACE}", " ") == "about 1 h by car"
