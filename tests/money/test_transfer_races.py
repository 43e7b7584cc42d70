"""Many who carry out the same transfers make each once, and who is killed has paid once (R19)."""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from journeys.money.payouts import transfers
from journeys.money.payouts.transfers import carry_out_transfers
from kernel.clock import now
from ledger import chart
from ledger.selectors import balance_of
from payouts.models import Payout, Transfer
from payouts.services import order_some, start_run
from payouts.states import PayoutState
from tenants.selectors import tenant_by_slug
from tests.databases import forget_committed
from tests.money.accounts import with_stripe
from tests.money.stripe import Stripe
from tests.payouts.money import earn
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race
RIVALS, FRIENDS, SOON_S = 6, 8, 60.0


@pytest.fixture
def ordered(stripe: Stripe, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[UUID]]:
    """Return friends whose payouts by transfer are ordered and not made; threads and processes see them."""
    with django_db_blocker.unblock():
        friends = [uuid4() for _friend in range(FRIENDS)]
        for one in friends:
            with_stripe(stripe, one)
            earn(one)
        run = start_run(currency="EUR", who="Olga", now=now())
        while order_some(run_id=run.pk, now=now()) is not None:
            pass
        yield friends
        forget_committed(tenant_by_slug("nord"))


def assert_each_made_once(stripe: Stripe, friends: list[UUID]) -> None:
    payouts = {str(one.pk): one for one in Payout.objects.filter(friend_id__in=friends)}
    assert {one.state for one in payouts.values()} == {PayoutState.CONFIRMED}
    made = [one["transfer_group"] for one in stripe.every("transfer") if one["transfer_group"] in payouts]
    assert sorted(made) == sorted(payouts)
    assert balance_of(chart.STRIPE, "EUR") == -FRIENDS * 7_920


def test_many_who_make_the_same_transfers_make_each_once(stripe: Stripe, ordered: list[UUID]) -> None:
    done = in_threads(RIVALS, lambda _place: carry_out_transfers(now=now(), ends=time.monotonic() + SOON_S))

    assert sum(done) == FRIENDS
    assert_each_made_once(stripe, ordered)


def test_killed_after_stripe_has_paid_and_before_the_books_it_has_paid_once(
    stripe: Stripe, ordered: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.close()
    context = multiprocessing.get_context("fork")
    reached = context.Event()

    def stop(*_said: Any, **_more: Any) -> None:
        reached.set()
        signal.pause()

    monkeypatch.setattr(transfers.payouts, "note_made", stop)
    process = context.Process(target=carry_out_transfers, kwargs={"now": now(), "ends": time.monotonic() + SOON_S})
    process.start()
    monkeypatch.undo()
    assert reached.wait(SOON_S)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    Transfer.objects.update(look_at=now())

    carry_out_transfers(now=now(), ends=time.monotonic() + SOON_S)

    assert_each_made_once(stripe, ordered)
