"""The search in the database is exact: it finds what brute force over every friend finds (R11, R14)."""

from collections import Counter
from datetime import datetime
from random import Random

import pytest
from time_machine import Coordinates

from crowd.eligibility import Facts, Wanted, reasons_against
from crowd.selectors import considered_candidates, nearest_candidates
from dispatch.offering.seats import NEWCOMERS_LOOKED_AT, Rule, give_seats
from kernel.clock import now
from skills.services import define_skill
from tenants.models import Tenant
from tests.crowd.crowds import RandomCrowd, facts_of_all
from tests.databases import ask_as_login

CASES = 40


@pytest.fixture
def skills(nord: Tenant) -> list[int]:
    names = {"en": "Skill"}
    return [define_skill(slug=f"skill-{number}", names=names).pk for number in range(3)]


@pytest.fixture
def crowd(nord: Tenant, skills: list[int], clock: Coordinates) -> RandomCrowd:
    crowd = RandomCrowd(Random(4), count=700, community=nord.pk, skills=skills, now=now())
    # The search is planned once a connection. Over the handful of the tests before, a plan that looks at everybody is
    # as good as any; here it takes nine seconds for each question.
    ask_as_login("DISCARD PLANS")
    return crowd


def eligible_by_force(facts: list[Facts], wanted: Wanted, moment: datetime) -> list[Facts]:
    found = [one for one in facts if not reasons_against(one, wanted, now=moment)]
    return sorted(found, key=lambda one: (one.chord_m, one.waiting_since, one.friend_id))


def test_the_four_nearest_are_those_of_brute_force(crowd: RandomCrowd) -> None:
    moment, found_some = now(), 0

    for _case in range(CASES):
        wanted = crowd.wanted()
        asked = crowd.random.sample(crowd.friends, k=crowd.random.choice((0, 40)))
        expected = eligible_by_force(facts_of_all(crowd, wanted, asked=asked), wanted, moment)[:4]

        found = nearest_candidates(wanted, community=crowd.community, count=4, now=moment, exclude=asked)

        assert [one.friend_id for one in found] == [one.friend_id for one in expected], wanted
        found_some += len(found)
    # Cases in which nobody is found prove little.
    assert found_some > CASES


def test_the_seats_are_those_of_the_rule_over_everybody(crowd: RandomCrowd) -> None:
    """Looking at the few whom the search brings gives the same seats as looking at everybody."""
    moment, newcomers = now(), Counter[bool]()

    for _case in range(CASES):
        wanted = crowd.wanted()
        everybody = facts_of_all(crowd, wanted)
        for rule in (Rule(newcomer_seat=True), Rule(newcomer_seat=False)):
            expected = give_seats(everybody, wanted=wanted, rule=rule, now=moment)

            looked_at = considered_candidates(
                wanted,
                community=crowd.community,
                count=rule.wave_size,
                newcomers=NEWCOMERS_LOOKED_AT if rule.newcomer_seat else 0,
                now=moment,
            )
            seats = give_seats(looked_at, wanted=wanted, rule=rule, now=moment)

            given = [(one.facts.friend_id, one.seat) for one in seats if one.seat]
            assert given == [(one.facts.friend_id, one.seat) for one in expected if one.seat], wanted
            newcomers[rule.newcomer_seat] += sum(seat == "newcomer" for _friend, seat in given)
    assert newcomers[True] > 0
    assert newcomers[False] == 0


def test_the_reasons_are_those_of_brute_force(crowd: RandomCrowd) -> None:
    """Whoever lives nearer than the last who is asked stands in the explanation, with every reason (R25)."""
    moment = now()
    for _case in range(CASES):
        wanted = crowd.wanted()
        known = {one.friend_id: one for one in facts_of_all(crowd, wanted)}

        looked_at = considered_candidates(wanted, community=crowd.community, count=4, newcomers=0, now=moment)

        for one in looked_at:
            assert reasons_against(one, wanted, now=moment) == reasons_against(known[one.friend_id], wanted, now=moment)
            assert Facts.from_json(one.to_json()) == one
        assert Wanted.from_json(wanted.to_json()) == wanted
