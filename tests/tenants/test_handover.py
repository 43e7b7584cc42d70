"""The one-time hand-over by itself (R3): state, code, one use; and old ones are forgotten."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.cache import SessionStore
from time_machine import Coordinates

from journeys.tasks import forget_old_handovers
from kernel.clock import now
from tenants.access.handover import begin_handover, consume_handover, issue_code, take_pending
from tenants.context import current_tenant, platform_context, tenant_context
from tenants.errors import HandoverNotBegun, HandoverRefused
from tenants.models import Handover, HandoverPurpose, Tenant

FRIEND, SUPPORT = HandoverPurpose.FRIEND, HandoverPurpose.SUPPORT


@pytest.fixture
def session() -> SessionStore:
    """Return the session of a browser at a tenant's host."""
    return SessionStore()


def issued(tenant: Tenant, state_hash: str) -> str:
    """Return a friend's fresh code."""
    with platform_context():
        return issue_code(tenant=tenant, state_hash=state_hash, purpose=FRIEND, person_id=uuid4(), now=now())


def test_the_right_browser_at_the_right_tenant_consumes_a_code_once(
    session: SessionStore, nord: Tenant, clock: Coordinates
) -> None:
    code = issued(nord, begin_handover(session, purpose=FRIEND, next_path="/en/packages/"))
    pending = take_pending(session, purpose=FRIEND)
    assert pending.next_path == "/en/packages/"

    with tenant_context(nord):
        arrival = consume_handover(code=code, state=pending.state, purpose=FRIEND, tenant=nord, now=now())
        assert current_tenant() == nord

    with platform_context():
        row = Handover.objects.get()
    assert (arrival.person_id, arrival.access_id, row.used_at) == (row.person_id, None, now())
    with pytest.raises(HandoverRefused):
        consume_handover(code=code, state=pending.state, purpose=FRIEND, tenant=nord, now=now())


def test_what_does_not_fit_is_refused_and_leaves_the_code_unused(
    session: SessionStore, nord: Tenant, sued: Tenant, clock: Coordinates
) -> None:
    code = issued(nord, begin_handover(session, purpose=FRIEND))
    state = take_pending(session, purpose=FRIEND).state
    right = {"code": code, "state": state, "purpose": FRIEND, "tenant": nord, "now": now()}

    for wrong in (
        {"tenant": sued},
        {"state": "another"},
        {"code": code[:-1]},
        {"purpose": SUPPORT},
        {"now": now() + timedelta(seconds=60)},
    ):
        with pytest.raises(HandoverRefused):
            consume_handover(**(right | wrong))  # type: ignore[arg-type]  # a table of arguments

    with platform_context():
        assert Handover.objects.get().used_at is None
    consume_handover(**right)  # type: ignore[arg-type]  # as above


def test_a_state_serves_one_attempt_and_one_purpose(session: SessionStore, db: None) -> None:
    begin_handover(session, purpose=SUPPORT)
    with pytest.raises(HandoverNotBegun):
        take_pending(session, purpose=FRIEND)

    begin_handover(session, purpose=FRIEND)
    take_pending(session, purpose=FRIEND)
    with pytest.raises(HandoverNotBegun):
        take_pending(session, purpose=FRIEND)


def test_two_hand_overs_have_nothing_in_common(session: SessionStore, nord: Tenant, clock: Coordinates) -> None:
    first_hash = begin_handover(session, purpose=FRIEND)
    second_hash = begin_handover(session, purpose=FRIEND)

    assert first_hash != second_hash
    assert issued(nord, first_hash) != issued(nord, first_hash)


def test_hand_overs_of_yesterday_are_forgotten_and_those_of_today_kept(
    session: SessionStore, nord: Tenant, clock: Coordinates
) -> None:
    issued(nord, begin_handover(session, purpose=FRIEND))
    clock.shift(timedelta(hours=23))
    issued(nord, begin_handover(session, purpose=FRIEND))
    assert forget_old_handovers() == 0

    clock.shift(timedelta(hours=2))

    assert forget_old_handovers() == 1
    with platform_context():
        assert Handover.objects.count() == 1
