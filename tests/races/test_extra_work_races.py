"""Two taps on a proposed price at the same moment: one counts, and everything that follows agrees with it (R12)."""

from functools import partial
from typing import Any

import pytest

from crowd.models import Friend
from dispatch.models import Job
from journeys.order.working.extra_work import accept_extra, decline_extra, propose_extra, take_extra_back
from kernel.clock import now
from orders.errors import ExtraAnswered
from orders.models import Extra, Order
from orders.selectors import order_by_uuid
from orders.states import ExtraState
from outbox.models import Message
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import book, register_friend
from tests.overflow import bring_on_site
from tests.races.test_disruption_races import either

pytestmark = pytest.mark.race

ROUNDS = 20
MORE = 2_000


@pytest.fixture
def ben(committed: Tenant) -> Friend:
    """Return Ben, who may have any number of jobs."""
    register_friend("Ben", km=1, communities=[committed.pk])
    Friend.objects.update(max_open_jobs=1000)
    return Friend.objects.get(first_name="Ben")


def proposed(tenant: Tenant, friend: Friend) -> tuple[Order, Extra]:
    """Return an order for which the friend on site has proposed 20 euros more."""
    order = book(tenant, payment={"method": "invoice"})
    bring_on_site(order, friend)
    extra = propose_extra(
        job_id=order.placed_job_id, friend_id=friend.pk, words="A second router", minutes=20, change_minor=MORE,
        now=now(),
    )  # fmt: skip
    return order, extra


def accept(tenant: Tenant, order: Order, extra: Extra) -> None:
    with tenant_context(tenant):
        accept_extra(order=order_by_uuid(order.uuid), extra_id=extra.pk, now=now())


def decline(tenant: Tenant, order: Order, extra: Extra) -> None:
    with tenant_context(tenant):
        decline_extra(order=order_by_uuid(order.uuid), extra_id=extra.pk, now=now())


def take_back(order: Order, friend: Friend) -> None:
    take_extra_back(job_id=order.placed_job_id, friend_id=friend.pk, now=now())


def assert_agrees(tenant: Tenant, order: Order, extra: Extra, state: str) -> None:
    """Fail unless price, job, payment and log say what became of the proposal, once."""
    with tenant_context(tenant):
        found = order_by_uuid(order.uuid)
        extra = Extra.objects.get(pk=extra.pk)
        answers = [event.kind for event in found.events.all() if event.kind.startswith("extra_")]
    price = order.price_minor + (MORE if state == ExtraState.ACCEPTED else 0)
    job = Job.objects.get(pk=order.placed_job_id)
    assert extra.state == state
    assert (found.price_minor, found.payment.amount_minor, job.price_minor) == (price, price, price)
    assert sorted(answers) == sorted(["extra_proposed", f"extra_{state}"])
    assert Message.objects.filter(topic__startswith="extra_", reference__extra=str(extra.pk)).exists()


def test_two_yeses_at_once_change_the_price_once(committed: Tenant, ben: Friend) -> None:
    for _round in range(ROUNDS):
        order, extra = proposed(committed, ben)
        yes = partial(accept, committed, order, extra)

        results = either(yes, yes, yes)

        assert results == [None, None, None]
        assert_agrees(committed, order, extra, ExtraState.ACCEPTED)


@pytest.mark.parametrize("against", ["taken_back", "declined"])
def test_a_yes_against_the_other_answer_has_one_winner(committed: Tenant, ben: Friend, against: str) -> None:
    won = {ExtraState.ACCEPTED.value: 0, against: 0}
    for _round in range(ROUNDS):
        order, extra = proposed(committed, ben)
        other = partial(take_back, order, ben) if against == "taken_back" else partial(decline, committed, order, extra)

        said_yes, said_other = either(partial(accept, committed, order, extra), other)

        losers: list[Any] = [error for error in (said_yes, said_other) if error is not None]
        assert len(losers) == 1
        assert isinstance(losers[0], ExtraAnswered)
        winner = ExtraState.ACCEPTED.value if said_yes is None else against
        won[winner] += 1
        assert_agrees(committed, order, extra, winner)
    assert sum(won.values()) == ROUNDS


def test_two_who_take_it_back_are_told_that_one_has(committed: Tenant, ben: Friend) -> None:
    order, extra = proposed(committed, ben)
    back = partial(take_back, order, ben)

    results = either(back, back)

    assert sorted(type(one).__name__ for one in results) == ["ExtraAnswered", "NoneType"]
    assert_agrees(committed, order, extra, ExtraState.TAKEN_BACK)
