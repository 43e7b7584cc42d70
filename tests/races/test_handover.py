"""One code, many browsers at once (R3): one comes in; and a control that shows the race."""

import threading
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.cache import SessionStore
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from kernel.clock import now
from tenants.access.handover import Arrival, begin_handover, consume_handover, issue_code, take_pending
from tenants.context import platform_context
from tenants.errors import HandoverRefused
from tenants.models import Handover, HandoverPurpose, Tenant
from tenants.selectors import tenant_by_slug
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race

FRIEND = HandoverPurpose.FRIEND
BROWSERS = 8
ROUNDS = 25


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Tenant]:
    """Let rows be committed, for threads of their own connections must see them, and take them away afterwards."""
    with django_db_blocker.unblock():
        yield tenant_by_slug("nord")
        Handover.objects.all().delete()
        connection.close()


def code_and_state(tenant: Tenant) -> tuple[str, str]:
    """Return a fresh code and the state that belongs to it."""
    session = SessionStore()
    state_hash = begin_handover(session, purpose=FRIEND)
    with platform_context():
        code = issue_code(tenant=tenant, state_hash=state_hash, purpose=FRIEND, person_id=uuid4(), now=now())
    return code, take_pending(session, purpose=FRIEND).state


def arriving(tenant: Tenant, code: str, state: str) -> Callable[[int], Arrival]:
    """Return what each browser does."""
    return lambda _place: consume_handover(code=code, state=state, purpose=FRIEND, tenant=tenant, now=now())


def test_of_eight_who_use_one_code_at_once_one_arrives(committed: Tenant) -> None:
    for _round in range(ROUNDS):
        code, state = code_and_state(committed)

        results = in_threads(
            BROWSERS,
            arriving(committed, code, state),
        )

        assert sum(isinstance(result, Arrival) for result in results) == 1
        assert sum(isinstance(result, HandoverRefused) for result in results) == BROWSERS - 1


def test_control_without_the_guard_two_arrive(committed: Tenant) -> None:
    code_and_state(committed)
    both_have_read = threading.Barrier(2)

    def consume_carelessly(_place: int) -> bool:
        found = Handover.objects.get()
        both_have_read.wait()
        if found.used_at is not None:
            return False
        Handover.objects.filter(pk=found.pk).update(used_at=now())
        return True

    assert in_threads(2, consume_carelessly) == [True, True]
