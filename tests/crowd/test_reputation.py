"""The Bayesian average of a friend's ratings (R13): fair at the start, true in the long run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crowd.reputation import PRIOR_MEAN, SHOWN_FROM, Reputation, bayesian_average

STARS = st.integers(min_value=1, max_value=5)
RATINGS = st.lists(STARS, max_size=200)


def average(ratings: list[int]) -> float:
    return bayesian_average(count=len(ratings), total=sum(ratings))


@given(RATINGS)
def test_it_lies_between_the_beginning_and_the_plain_average(ratings: list[int]) -> None:
    plain = sum(ratings) / len(ratings) if ratings else PRIOR_MEAN

    assert min(plain, PRIOR_MEAN) - 1e-9 <= average(ratings) <= max(plain, PRIOR_MEAN) + 1e-9
    assert 1 <= average(ratings) <= 5


@given(RATINGS, STARS, STARS)
def test_a_better_rating_never_makes_it_worse(ratings: list[int], one: int, other: int) -> None:
    worse, better = sorted((one, other))

    assert average([*ratings, worse]) <= average([*ratings, better])
    if worse < better:
        assert average([*ratings, worse]) < average([*ratings, better])


@given(RATINGS, STARS)
def test_a_rating_moves_it_towards_itself(ratings: list[int], stars: int) -> None:
    before, after = average(ratings), average([*ratings, stars])

    assert abs(after - stars) <= abs(before - stars) + 1e-9


@given(st.randoms(use_true_random=False), RATINGS)
def test_the_order_of_ratings_does_not_count(random: object, ratings: list[int]) -> None:
    mixed = list(ratings)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # a Random

    assert average(mixed) == average(ratings)


@given(st.lists(STARS, min_size=1, max_size=20))
def test_with_many_ratings_it_tends_to_their_mean(ratings: list[int]) -> None:
    mean = sum(ratings) / len(ratings)
    distances = [
        abs(bayesian_average(count=len(ratings) * times, total=sum(ratings) * times) - mean)
        for times in (1, 10, 100, 10_000)
    ]

    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < 0.002


def test_nobody_with_few_ratings_has_a_number_that_others_see() -> None:
    assert Reputation(0, 0).is_new
    assert Reputation(0, 0).plain_average is None
    assert Reputation(SHOWN_FROM - 1, 10).is_new
    assert not Reputation(SHOWN_FROM, 15).is_new


@pytest.mark.parametrize(("ratings", "shown"), [([5, 5, 4], 4.5625), ([5, 5, 4, 1], 37.5 / 9)])
def test_the_handbooks_examples(ratings: list[int], shown: float) -> None:
    assert Reputation(len(ratings), sum(ratings)).average == pytest.approx(shown)
