"""A worker that dies while it sends loses no mail and doubles none, but for the one gap that SMTP leaves (R22)."""

from collections import Counter
from typing import Any

import pytest
from django.db import connection

from journeys.partner.newsletters import send
from journeys.partner.newsletters.send import send_newsletters
from newsletters.models import Mail
from newsletters.states import MailState
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.newsletters.mail_server import MailServer, mail_server
from tests.newsletters.writing import planned, subscriber, write
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race

READERS = 20


class Killed(BaseException):
    """The process is gone: nothing of ours catches it."""


def plan_for_readers(nord: Tenant) -> None:
    with tenant_context(nord):
        for number in range(READERS):
            subscriber(f"reader{number}@customers.example")
        planned(nord, write())


@pytest.mark.parametrize("is_taken", [False, True])
def test_a_worker_killed_half_way_loses_and_doubles_none(
    committed: Tenant, monkeypatch: pytest.MonkeyPatch, is_taken: bool
) -> None:
    plan_for_readers(committed)
    with mail_server() as server:
        with monkeypatch.context() as death:
            _die_at(death, READERS // 2, is_taken=is_taken)
            with pytest.raises(Killed):
                send_newsletters(committed)
        connection.close()
        assert len(server.got) == READERS // 2 - (not is_taken)

        assert send_newsletters(committed) is None

    assert set(server.recipients()) == {f"reader{number}@customers.example" for number in range(READERS)}
    by_id = Counter(message_ids(server))
    assert len(by_id) == READERS
    # The one that the server had taken before the commit goes out again by the same name.
    assert sum(by_id.values()) == READERS + is_taken
    with tenant_context(committed):
        assert Mail.objects.filter(state=MailState.SENT).count() == READERS


def test_four_workers_at_once_send_each_mail_once(committed: Tenant) -> None:
    plan_for_readers(committed)
    with mail_server() as server:
        in_threads(4, lambda _number: send_newsletters(committed) or True)

    assert Counter(server.recipients()) == {f"reader{number}@customers.example": 1 for number in range(READERS)}


def message_ids(server: MailServer) -> list[str]:
    return [
        next(line for line in content.splitlines() if line.lower().startswith(b"message-id:")).decode()
        for _sender, _to, content in server.got
    ]


def _die_at(death: pytest.MonkeyPatch, number: int, *, is_taken: bool) -> None:
    """Let the process die at a mail: before the server has it, or after, and before that is written down."""
    begun = iter(range(1, READERS + 1))
    where = "journeys.partner.newsletters.send.hand_over"
    original: Any = send.hand_over

    def hand_over(*args: Any) -> None:
        is_last = next(begun) == number
        if is_last and not is_taken:
            raise Killed
        original(*args)
        if is_last:
            raise Killed

    death.setattr(where, hand_over)
