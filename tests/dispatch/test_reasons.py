"""What is told of a decision is true of the facts, whoever is in the crowd (R25)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from crowd.eligibility import Facts, LeftOut, Wanted, reasons_against
from dispatch.offering.seats import NEWCOMERS_LOOKED_AT, PlacesTaken, Rule, Verdict, give_seats
from dispatch.states import Seat
from friendhub.fairness.views import REASONS, sentences_about
from kernel.slots import WHOLE_WEEK

AT = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
WIFI = 7


def _facts(number: int, drawn: dict[str, Any]) -> Facts:
    hidden = {
        "friend_id": UUID(int=number),
        "is_active": True,
        "born_on": date(1990, 1, 1),
        "radius_m": 30_000,
        "languages": ("de",),
        "skills": ((WIFI, 1),),
        "free_week": WHOLE_WEEK,
        "exceptions": (),
        "open_jobs": 0,
        "max_open_jobs": 3,
    }
    return Facts(**(hidden | drawn))


FRIENDS = st.fixed_dictionaries(
    {
        "chord_m": st.sampled_from([100.0, 500.0, 500.0, 2_000.0, 9_000.0, 40_000.0]),
        "waiting_since": st.integers(0, 30).map(lambda days: AT - timedelta(days=days)),
        "is_newcomer": st.booleans(),
        "is_active": st.sampled_from([True, True, True, False]),
        "is_blocked": st.sampled_from([False, False, False, True]),
        "open_jobs": st.sampled_from([0, 0, 1, 3]),
        "paused_until": st.sampled_from([None, None, AT + timedelta(days=1), AT - timedelta(days=1)]),
    }
)
CROWDS = st.lists(FRIENDS, max_size=60).map(lambda drawn: [_facts(n, one) for n, one in enumerate(drawn, start=1)])
RULES = st.builds(Rule, wave_size=st.integers(1, 6), newcomer_seat=st.booleans())
WANTED = Wanted(skills=((WIFI, 0),), position="", reach_m=25_000, tenant_id=1)


def _key(facts: Facts) -> tuple[float, datetime]:
    return facts.chord_m, facts.waiting_since


@given(CROWDS, RULES)
def test_every_sentence_holds_over_the_facts(crowd: list[Facts], rule: Rule) -> None:
    verdicts = give_seats(crowd, wanted=WANTED, rule=rule, now=AT)
    places = PlacesTaken.of(str(one.seat or "") for one in verdicts)

    for verdict in verdicts:
        assert verdict.left_out == reasons_against(verdict.facts, WANTED, now=AT)
        assert all(REASONS[reason] for reason in verdict.left_out)
        if verdict.seat is None and not verdict.left_out:
            _holds(verdict, verdicts, places, rule)


def _holds(verdict: Verdict, verdicts: list[Verdict], places: PlacesTaken, rule: Rule) -> None:
    """Fail unless what somebody reads who fitted and got no place is so."""
    near = [one.facts for one in verdicts if one.seat == Seat.NEAR]
    newcomer = [one.facts for one in verdicts if one.seat == Seat.NEWCOMER]
    text = " ".join(sentences_about(places))
    # "All places were taken."
    assert len(near) + len(newcomer) == rule.wave_size
    # So many went to friends who live nearer, or have waited longer at the same distance.
    assert (f"{len(near)} place" in text) == bool(near)
    assert all(_key(one) <= _key(verdict.facts) for one in near)
    # One is kept for friends without a first job, and went to the one of the nearest who has waited longest.
    assert ("One place is kept" in text) == bool(newcomer)
    eligible = [one.facts for one in verdicts if not one.left_out and one.facts.is_newcomer]
    for one in newcomer:
        assert rule.newcomer_seat
        assert one.is_newcomer
        assert one.waiting_since == min(facts.waiting_since for facts in eligible[:NEWCOMERS_LOOKED_AT])


def test_there_is_a_sentence_for_every_reason() -> None:
    assert set(REASONS) == set(LeftOut)
