"""Twenty people at once want the last seat of an event: one has it, nineteen wait (R22)."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError

from events.facts import Facts
from events.models import Event, SignUp
from events.services import Guest, announce, confirm, leave
from events.states import SignUpState
from journeys.event.attend import sign_up_guest
from kernel.clock import now
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race

RIVALS = 20
GOING, WAITING = SignUpState.GOING, SignUpState.WAITING


def announced(tenant: Tenant, capacity: int) -> Event:
    """Announce an event with so many seats."""
    begin = now() + timedelta(days=3)
    facts = Facts(begin, begin + timedelta(hours=2), "Europe/Berlin", "Berlin", "", capacity=capacity)
    with tenant_context(tenant):
        return announce(event_id=uuid4(), facts=facts, now=now()).event


def guest(number: int) -> Guest:
    """Return one of the rivals."""
    return Guest(name=f"Guest {number}", email=f"guest{number}@guests.example", language="en")


def inside(tenant: Tenant, act: Callable[[int], Any]) -> Callable[[int], Any]:
    """Let a thread act inside the tenant."""

    def run(number: int) -> Any:
        with tenant_context(tenant):
            return act(number)

    return run


def states(tenant: Tenant) -> Counter[str]:
    """Count where people stand, and fail where the event counts differently."""
    with tenant_context(tenant):
        found = Counter(SignUp.objects.values_list("state", flat=True))
        assert Event.objects.get().seats_taken == found[GOING]
    return found


def test_of_twenty_who_want_the_last_seat_one_has_it_and_nineteen_wait(committed: Tenant) -> None:
    event = announced(committed, capacity=1)

    def act(number: int) -> Any:
        return sign_up_guest(event_id=event.pk, guest=guest(number), tenant_id=committed.pk, now=now())

    results = in_threads(RIVALS, inside(committed, act))

    assert not [one for one in results if isinstance(one, Exception)]
    assert states(committed) == {GOING: 1, WAITING: RIVALS - 1}


def test_control_without_the_guard_the_database_refuses_all_but_one(committed: Tenant) -> None:
    event = announced(committed, capacity=1)

    def act(number: int) -> Any:
        return SignUp.objects.create(
            event=event, name="x", email=f"g{number}@x.example", language="en", state=GOING, created_at=now()
        )

    results = in_threads(RIVALS, inside(committed, act))

    assert sum(isinstance(one, IntegrityError) for one in results) == RIVALS - 1
    assert states(committed) == {GOING: 1}


def test_one_who_sends_the_form_twenty_times_has_one_seat(committed: Tenant) -> None:
    event = announced(committed, capacity=5)

    def act(_number: int) -> Any:
        return sign_up_guest(event_id=event.pk, guest=guest(1), tenant_id=committed.pk, now=now())

    assert not [one for one in in_threads(RIVALS, inside(committed, act)) if isinstance(one, Exception)]

    assert states(committed) == {GOING: 1}


def test_when_ten_leave_at_once_ten_move_up_and_no_seat_is_left_or_given_twice(committed: Tenant) -> None:
    half = RIVALS // 2
    event = announced(committed, capacity=half)
    with tenant_context(committed):
        made = [
            sign_up_guest(event_id=event.pk, guest=guest(number), tenant_id=committed.pk, now=now())
            for number in range(RIVALS)
        ]
        for one in made:
            confirm(sign_up_id=one.pk, now=now())
    assert states(committed) == {GOING: half, WAITING: half}

    def act(number: int) -> Any:
        return len(leave(sign_up_id=made[number].pk, now=now())[1])

    moved_up = in_threads(half, inside(committed, act))

    assert sum(moved_up) == half
    assert states(committed) == {GOING: half, SignUpState.CANCELLED: half}
