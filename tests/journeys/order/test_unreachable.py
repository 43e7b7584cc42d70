"""The customer cannot be reached (R15): attempts, the rule, what is owed, the way back."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from time_machine import Coordinates

from crowd.models import Friend
from dispatch.errors import AttemptTooSoon, IllegalJobMove, NotYetUnreachable
from dispatch.models import ContactAttempt, Job, Offer, Owed
from dispatch.states import JobState, OfferState, OwedFor
from journeys.order.deadlines import sweep
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.finding.ask_friends import begin_new_search
from journeys.order.finding.pass_on_job import give_back_job
from journeys.order.working.unreachable import log_attempt, reopen_order, report_unreachable, say_i_am_here
from journeys.reads.friend_job import job_for_friend
from kernel.clock import now
from orders.errors import IllegalOrderMove, TooLateToComeBack
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import Attention, OrderState
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver, register_friend

ENOUGH = ("phone", "phone", "sms", "phone", "phone")


@pytest.fixture
def accepted(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that Ben has."""
    order = book(nord)
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    deliver()
    return order


def attempt(order: Order, friend: Friend, channels: Sequence[str], clock: Coordinates, hours: float = 6) -> None:
    """Let the friend try by each channel, so many hours apart."""
    for place, channel in enumerate(channels):
        if place:
            clock.shift(timedelta(hours=hours))
        log_attempt(job_id=order.placed_job_id, friend_id=friend.pk, channel=channel, note="Voicemail", now=now())


def give_up(order: Order, friend: Friend) -> Job:
    """Let the friend report that the customer cannot be reached."""
    return report_unreachable(job_id=order.placed_job_id, friend_id=friend.pk, now=now())


def fresh(tenant: Tenant, order: Order) -> Order:
    """Return the whole order as it is now."""
    with tenant_context(tenant):
        return order_by_uuid(order.uuid)


def come_back(tenant: Tenant, order: Order) -> None:
    """Let the customer press "I am here"."""
    with tenant_context(tenant):
        say_i_am_here(order=order_by_uuid(order.uuid), tenant_id=tenant.pk, now=now())


@pytest.mark.parametrize(
    ("channels", "hours", "missing"),
    [
        ((), 6, ["5 more attempts", "another channel", "24 hours"]),
        (("phone", "phone", "phone"), 12, ["2 more attempts", "another channel"]),
        (ENOUGH[:4], 8, ["1 more attempt is"]),
        (("phone",) * 5, 6, ["1 more attempt is", "another channel"]),
        (ENOUGH, 5, ["1 more attempt is", "not be before Wednesday, 25 November 2026"]),
    ],
)
def test_too_little_effort_is_refused_and_told_what_is_missing(
    nord: Tenant,
    accepted: Order,
    four_near: Cast,
    clock: Coordinates,
    channels: Sequence[str],
    hours: int,
    missing: Sequence[str],
) -> None:
    attempt(accepted, four_near["Ben"], channels, clock, hours)

    with pytest.raises(NotYetUnreachable) as refusal:
        give_up(accepted, four_near["Ben"])

    for words in missing:
        assert words in str(refusal.value)
    assert fresh(nord, accepted).state == OrderState.ACCEPTED
    assert not Owed.objects.exists()


def test_enough_effort_ends_the_order_by_rule(
    nord: Tenant, accepted: Order, four_near: Cast, clock: Coordinates
) -> None:
    attempt(accepted, four_near["Ben"], ENOUGH, clock)
    deliver()

    give_up(accepted, four_near["Ben"])

    assert fresh(nord, accepted).state == OrderState.CANCELLED
    assert Job.objects.get(pk=accepted.placed_job_id).state == JobState.CANCELLED
    owed = Owed.objects.get()
    assert (owed.friend_id, owed.why, owed.amount_minor) == (four_near["Ben"].pk, OwedFor.UNREACHABLE, 1250)
    mails = {mail.to[0]: mail.body for mail in deliver()}
    assert "I am here" in mails["ada@customers.example"]
    assert "12.50" in mails["ben@friends.example"]
    assert mails["manager@nord.example"].count("Voicemail") == 0
    assert mails["manager@nord.example"].count("Phone") >= 4
    with pytest.raises(IllegalJobMove):
        give_up(accepted, four_near["Ben"])


def test_the_database_refuses_what_is_owed_before_enough_was_tried(
    accepted: Order, four_near: Cast, clock: Coordinates
) -> None:
    def owe() -> None:
        with transaction.atomic():
            Owed.objects.create(
                job_id=accepted.placed_job_id,
                friend=four_near["Ben"],
                why=OwedFor.UNREACHABLE,
                currency="EUR",
                amount_minor=1,
                at=now(),
            )

    attempt(accepted, four_near["Ben"], ENOUGH[:4], clock, hours=8)
    with pytest.raises(IntegrityError, match="too little was tried"):
        owe()

    clock.shift(timedelta(hours=1))
    attempt(accepted, four_near["Ben"], ENOUGH[:1], clock)
    owe()


def test_two_attempts_by_one_channel_in_a_minute_are_one(accepted: Order, four_near: Cast, clock: Coordinates) -> None:
    with pytest.raises(AttemptTooSoon):
        attempt(accepted, four_near["Ben"], ("phone", "phone"), clock, hours=0)
    assert ContactAttempt.objects.count() == 1

    attempt(accepted, four_near["Ben"], ("sms", "phone"), clock, hours=0.1)

    assert ContactAttempt.objects.count() == 3


def test_only_who_has_the_job_logs_attempts(accepted: Order, four_near: Cast, clock: Coordinates) -> None:
    with pytest.raises(IllegalJobMove):
        attempt(accepted, four_near["Cem"], ("phone",), clock)


def test_attempts_of_the_friend_before_do_not_count(
    nord: Tenant, accepted: Order, four_near: Cast, clock: Coordinates
) -> None:
    finn = register_friend("Finn", km=12, communities=[nord.pk])
    attempt(accepted, four_near["Ben"], ENOUGH, clock)
    give_back_job(job_id=accepted.placed_job_id, friend_id=four_near["Ben"].pk, reason="no_date", words="", now=now())
    accept_offer(job_id=accepted.placed_job_id, friend_id=finn.pk, now=now())

    with pytest.raises(NotYetUnreachable, match="5 more attempts"):
        give_up(accepted, finn)


def test_reminders_say_how_often_was_tried(accepted: Order, four_near: Cast, clock: Coordinates) -> None:
    attempt(accepted, four_near["Ben"], ("phone", "sms", "visit"), clock, hours=1)
    clock.shift(timedelta(hours=6))

    sweep(now=now())

    (reminder,) = deliver()
    assert reminder.to == ["ben@friends.example"]
    assert "Attempts you have logged" in reminder.body
    assert "3" in reminder.body.split("Attempts you have logged")[1][:6]


def test_a_customer_who_is_back_is_on_the_desk_and_the_manager_takes_the_order_up_again(
    nord: Tenant, accepted: Order, four_near: Cast, clock: Coordinates
) -> None:
    attempt(accepted, four_near["Ben"], ENOUGH, clock)
    give_up(accepted, four_near["Ben"])
    deliver()
    clock.shift(timedelta(days=7))

    come_back(nord, accepted)
    come_back(nord, accepted)

    assert fresh(nord, accepted).attention == Attention.UNREACHABLE
    assert [mail.to[0] for mail in deliver()] == ["manager@nord.example"]
    with tenant_context(nord):
        job = reopen_order(order=order_by_uuid(accepted.uuid), tenant_id=nord.pk, who="Maja", now=now())
    after = fresh(nord, accepted)
    assert (after.state, after.attention, after.job_id) == (OrderState.SEARCHING, Attention.NONE, job.pk)
    assert after.answers.count() == 3
    assert Offer.objects.filter(job=job, state=OfferState.OPEN).count() == 4
    assert "ada@customers.example" in {mail.to[0] for mail in deliver()}
    assert Owed.objects.count() == 1
    with tenant_context(nord), pytest.raises(IllegalJobMove):
        reopen_order(order=order_by_uuid(accepted.uuid), tenant_id=nord.pk, who="Maja", now=now())


def test_the_friend_of_the_ended_job_sees_nothing_of_the_next_one(
    nord: Tenant, accepted: Order, four_near: Cast, clock: Coordinates
) -> None:
    attempt(accepted, four_near["Ben"], ENOUGH, clock)
    give_up(accepted, four_near["Ben"])
    with tenant_context(nord):
        job = reopen_order(order=order_by_uuid(accepted.uuid), tenant_id=nord.pk, who="Maja", now=now())
    accept_offer(job_id=job.pk, friend_id=four_near["Cem"].pk, now=now())

    seen = job_for_friend(job_id=accepted.placed_job_id, friend_id=four_near["Ben"].pk)

    assert (seen.order_state, seen.agreed, seen.proposal) == (OrderState.CANCELLED, None, None)


def test_after_seven_days_or_another_ending_there_is_no_way_back(
    nord: Tenant, accepted: Order, four_near: Cast, clock: Coordinates
) -> None:
    with pytest.raises(IllegalOrderMove):
        come_back(nord, accepted)
    with tenant_context(nord), pytest.raises(IllegalOrderMove):
        begin_new_search(order_uuid=accepted.uuid, job_id=accepted.placed_job_id, who="Maja", now=now())
    attempt(accepted, four_near["Ben"], ENOUGH, clock)
    give_up(accepted, four_near["Ben"])
    clock.shift(timedelta(days=7, seconds=1))

    with pytest.raises(TooLateToComeBack):
        come_back(nord, accepted)
