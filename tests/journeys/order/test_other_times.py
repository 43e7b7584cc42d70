"""A friend accepts with other times (R14, R18): the customer picks, others may still accept."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from time_machine import Coordinates

from crowd.models import Friend
from dispatch.errors import (
    FriendNotFree,
    OfferAlreadyTaken,
    OfferExpired,
    OfferNotYours,
    TakenMeanwhile,
    TimesNotOpen,
    UnableToProposeTimes,
)
from dispatch.models import Deadline, Job, Offer, ProposedTime
from dispatch.states import DeadlineKind, JobState, OfferState
from journeys.order.deadlines import sweep
from journeys.order.finding.accept_offer import accept_offer, decline_offer
from journeys.order.finding.accept_other_times import (
    Proposal,
    decline_other_times,
    pick_other_time,
    proposals_of_order,
    propose_other_times,
    withdraw_other_times,
)
from journeys.order.working.agree_date import accept_date_as_customer, propose_date_as_friend
from kernel.clock import now
from kernel.hiding.masking import HIDDEN
from orders.models import Appointment, Order
from orders.selectors import agreed_appointment, order_by_uuid
from orders.states import Attention, OrderState
from outbox.models import Message
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver, register_friend

DAY = timedelta(days=1)


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that four friends were asked for."""
    return book(nord)


def propose(order: Order, friend: Friend, *days: float, note: str = "") -> bool:
    """Let a friend propose times so many days ahead."""
    return propose_other_times(
        job_id=order.placed_job_id,
        friend_id=friend.pk,
        times=[now() + day * DAY for day in days or (3,)],
        note=note,
        is_meant=True,
        now=now(),
    )


def pick(nord: Tenant, order: Order, time: ProposedTime | None = None) -> Appointment:
    """Let Ada pick a time, the first that was proposed unless told otherwise."""
    chosen = time or ProposedTime.objects.order_by("pk").first()
    assert chosen is not None
    with tenant_context(nord):
        return pick_other_time(order=order_by_uuid(order.uuid), time_id=chosen.pk, now=now())


def none_suits(nord: Tenant, order: Order) -> None:
    """Let Ada turn all times down."""
    with tenant_context(nord):
        decline_other_times(order=order_by_uuid(order.uuid), now=now())


def proposals(nord: Tenant, order: Order) -> list[Proposal]:
    """Return what Ada can choose from."""
    with tenant_context(nord):
        return proposals_of_order(order_by_uuid(order.uuid), now=now())


def decline_all(order: Order, friends: Cast, *names: str) -> None:
    """Let friends say no."""
    for name in names:
        decline_offer(job_id=order.placed_job_id, friend_id=friends[name].pk, reason="no_time", now=now())


def job_of(order: Order) -> Job:
    """Return the order's job as it is now."""
    return Job.objects.get(pk=order.placed_job_id)


def state_of(order: Order, friend: Friend) -> str:
    """Return the state of a friend's offer."""
    return Offer.objects.get(job_id=order.placed_job_id, friend=friend).state


def found(nord: Tenant, order: Order) -> Order:
    """Return the order as it is now."""
    with tenant_context(nord):
        return order_by_uuid(order.uuid)


def topics(after: int = 0) -> list[str]:
    """Return what was posted, in order."""
    return list(Message.objects.filter(pk__gt=after).order_by("pk").values_list("topic", flat=True))


def test_the_customer_sees_all_proposals_without_names(order: Order, nord: Tenant, four_near: Cast) -> None:
    Friend.objects.filter(pk=four_near["Cem"].pk).update(ratings_count=12, ratings_sum=58)
    deliver()
    propose(order, four_near["Ben"], 5, 4, note="Only after work; call Ben on 0151 12345678")
    propose(order, four_near["Cem"], 3)

    soonest, later = proposals(nord, order)
    assert soonest.description == "A friend, 2.0 km away, 4.7 stars (12 ratings)"
    assert later.description == "A friend, 1.0 km away, new here"
    assert [time.starts_at for time in later.times] == [now() + 4 * DAY, now() + 5 * DAY]
    assert later.note == f"Only after work; call {HIDDEN} on {HIDDEN}"
    mails = deliver()
    assert {mail.to[0] for mail in mails} == {order.email}
    assert "4.7 stars" in mails[-1].body
    for mail in mails:
        assert not any(word in mail.body for word in ("Ben", "Cem", "0151", "friends.example"))


def test_a_pick_is_acceptance_and_agreed_date_in_one(nord: Tenant, four_near: Cast) -> None:
    by_pick, by_steps = book(nord), book(nord)
    at = now() + 3 * DAY
    deliver()

    propose(by_pick, four_near["Ben"], 3, 4)
    agreed = pick(nord, by_pick)

    ben: dict[str, Any] = {"job_id": by_steps.placed_job_id, "friend_id": four_near["Ben"].pk, "now": now()}
    accept_offer(**ben)
    proposed = propose_date_as_friend(starts_at=at, **ben)
    with tenant_context(nord):
        accept_date_as_customer(order=order_by_uuid(by_steps.uuid), appointment_id=proposed.pk, now=now())

    picked, stepped = found(nord, by_pick), found(nord, by_steps)
    for name in ("state", "friend_id", "friend_name", "friend_phone", "accepted_at", "contacted_at", "attention"):
        assert getattr(picked, name) == getattr(stepped, name), name
    assert picked.state == OrderState.SCHEDULED
    assert agreed.starts_at == at
    for one in (picked, stepped):
        appointment = agreed_appointment(one)
        assert appointment is not None
        assert appointment.starts_at == at
    for name in ("state", "friend_id", "accepted_at", "contacted_at"):
        assert getattr(job_of(by_pick), name) == getattr(job_of(by_steps), name), name
    kinds = [set(job_of(one).deadlines.values_list("kind", flat=True)) for one in (by_pick, by_steps)]
    assert kinds[0] - {DeadlineKind.TIMES_LAPSE} == kinds[1]
    assert Friend.objects.get(pk=four_near["Ben"].pk).open_jobs == 2


def test_both_get_the_calendar_entry(order: Order, nord: Tenant, four_near: Cast) -> None:
    propose(order, four_near["Ben"])
    deliver()
    pick(nord, order)

    mails = {mail.to[0]: mail for mail in deliver()}
    assert set(mails) == {order.email, four_near["Ben"].email}
    for mail in mails.values():
        (attached,) = [part for part in mail.attachments if "calendar" in str(part)]
        assert "DTSTART" in str(attached)
    assert mails[four_near["Ben"].email].subject == "Your time was chosen: Wi-Fi set-up in Berlin"
    assert order.name in mails[four_near["Ben"].email].body


def test_no_clock_alarms_after_a_pick(order: Order, nord: Tenant, four_near: Cast, clock: Coordinates) -> None:
    propose(order, four_near["Ben"])
    pick(nord, order)
    deliver()
    clock.shift(timedelta(hours=13))
    sweep(now=now())

    assert deliver() == []
    assert found(nord, order).attention == Attention.NONE


def test_meanwhile_another_friend_takes_the_wished_time_and_the_countered_are_told(
    order: Order, nord: Tenant, four_near: Cast
) -> None:
    propose(order, four_near["Ben"])
    propose(order, four_near["Cem"])
    deliver()

    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Dana"].pk, now=now())

    assert state_of(order, four_near["Ben"]) == OfferState.TAKEN
    assert proposals(nord, order) == []
    told = [mail.to[0] for mail in deliver() if mail.subject.startswith("The job is taken")]
    assert sorted(told) == sorted([four_near["Ben"].email, four_near["Cem"].email])
    with pytest.raises(TakenMeanwhile):
        pick(nord, order)
    assert found(nord, order).friend_id == four_near["Dana"].pk


def test_who_has_proposed_may_still_accept_the_wished_time(order: Order, nord: Tenant, four_near: Cast) -> None:
    propose(order, four_near["Ben"])

    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())

    assert state_of(order, four_near["Ben"]) == OfferState.ACCEPTED
    assert found(nord, order).state == OrderState.ACCEPTED
    assert "times_taken" not in topics()


def test_proposals_outlive_the_wave_while_the_next_are_asked(
    order: Order, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    register_friend("Fay", km=5, communities=[nord.pk])
    propose(order, four_near["Ben"])
    clock.shift(timedelta(minutes=30))
    sweep(now=now())

    assert job_of(order).wave == 2
    assert state_of(order, four_near["Cem"]) == OfferState.EXPIRED
    assert state_of(order, four_near["Ben"]) == OfferState.COUNTERED

    pick(nord, order)
    assert found(nord, order).friend_id == four_near["Ben"].pk


def test_when_all_have_answered_the_next_are_asked_at_once(order: Order, nord: Tenant, four_near: Cast) -> None:
    fay = register_friend("Fay", km=5, communities=[nord.pk])
    decline_all(order, four_near, "Cem", "Dana", "Emil")
    assert job_of(order).wave == 1

    propose(order, four_near["Ben"])

    assert state_of(order, fay) == OfferState.OPEN


def test_with_nobody_left_to_ask_the_customer_has_the_word_and_is_told(
    order: Order, nord: Tenant, four_near: Cast
) -> None:
    propose(order, four_near["Ben"])
    deliver()
    decline_all(order, four_near, "Cem", "Dana", "Emil")

    assert job_of(order).state == JobState.SEARCHING
    assert found(nord, order).state == OrderState.SEARCHING
    (mail,) = deliver()
    assert mail.subject == f"Please choose a time for your order {order.number}"

    pick(nord, order)
    assert found(nord, order).state == OrderState.SCHEDULED


@pytest.mark.parametrize("ending", ["lapse", "none_suits", "withdraw", "decline"])
def test_once_the_last_proposal_is_gone_the_search_ends_and_the_desk_knows(
    ending: str, order: Order, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    propose(order, four_near["Ben"])
    decline_all(order, four_near, "Cem", "Dana", "Emil")
    deliver()
    ben: dict[str, Any] = {"job_id": order.placed_job_id, "friend_id": four_near["Ben"].pk}
    match ending:
        case "lapse":
            clock.shift(DAY)
            sweep(now=now())
        case "none_suits":
            none_suits(nord, order)
        case "withdraw":
            withdraw_other_times(now=now(), **ben)
        case _:
            decline_all(order, four_near, "Ben")

    assert job_of(order).state == JobState.UNFILLED
    assert found(nord, order).state == OrderState.UNFILLED
    assert found(nord, order).attention == Attention.NOBODY_FOUND
    assert order.email in {mail.to[0] for mail in deliver()}


def test_proposals_lapse_after_a_day_or_with_their_last_time_each_at_its_own_moment(
    order: Order, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    began = now()
    propose(order, four_near["Ben"], 0.25, 0.5)
    clock.shift(timedelta(hours=1) - timedelta(minutes=31))
    propose(order, four_near["Cem"], 7)
    deliver()

    clock.move_to(began + 0.25 * DAY)
    sweep(now=now())
    (of_ben,) = [one for one in proposals(nord, order) if one.friend_id == four_near["Ben"].pk]
    assert [time.starts_at for time in of_ben.times] == [began + 0.5 * DAY]

    clock.move_to(began + 0.5 * DAY)
    sweep(now=now())
    assert state_of(order, four_near["Ben"]) == OfferState.EXPIRED
    assert state_of(order, four_near["Cem"]) == OfferState.COUNTERED
    assert [mail.to[0] for mail in deliver() if mail.subject.startswith("Your times have lapsed")] == [
        four_near["Ben"].email
    ]

    clock.move_to(began + timedelta(minutes=29) + DAY)
    sweep(now=now())
    assert state_of(order, four_near["Cem"]) == OfferState.EXPIRED
    assert not Deadline.objects.filter(kind=DeadlineKind.TIMES_LAPSE, done_at=None).exists()


def test_changed_times_replace_the_earlier_ones(order: Order, nord: Tenant, four_near: Cast) -> None:
    propose(order, four_near["Ben"], 3, 4, 5)
    old = ProposedTime.objects.order_by("pk")[0]

    propose(order, four_near["Ben"], 6)

    assert [len(one.times) for one in proposals(nord, order)] == [1]
    with pytest.raises(TimesNotOpen):
        pick(nord, order, old)
    assert found(nord, order).state == OrderState.SEARCHING


def test_a_friend_without_room_is_no_longer_free_and_the_proposal_is_taken_back(
    order: Order, nord: Tenant, four_near: Cast
) -> None:
    propose(order, four_near["Ben"])
    Friend.objects.filter(pk=four_near["Ben"].pk).update(open_jobs=3, max_open_jobs=3)
    deliver()

    with pytest.raises(FriendNotFree):
        pick(nord, order)

    assert state_of(order, four_near["Ben"]) == OfferState.WITHDRAWN
    assert job_of(order).state == JobState.SEARCHING
    assert found(nord, order).friend_id is None
    assert Friend.objects.get(pk=four_near["Ben"].pk).open_jobs == 3
    assert [mail.to[0] for mail in deliver()] == [four_near["Ben"].email]


def test_none_suits_leaves_the_others_their_offers_and_tells_whose_times_it_was(
    order: Order, nord: Tenant, four_near: Cast
) -> None:
    propose(order, four_near["Ben"])
    deliver()
    none_suits(nord, order)

    assert state_of(order, four_near["Ben"]) == OfferState.WITHDRAWN
    assert state_of(order, four_near["Cem"]) == OfferState.OPEN
    assert [mail.subject for mail in deliver()] == ["None of your times suits: Wi-Fi set-up, Berlin"]
    with pytest.raises(TimesNotOpen):
        none_suits(nord, order)
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Cem"].pk, now=now())
    assert found(nord, order).friend_id == four_near["Cem"].pk


def test_withdrawing_and_declining_cost_nothing(order: Order, four_near: Cast) -> None:
    before = Friend.objects.values().get(pk=four_near["Ben"].pk)
    propose(order, four_near["Ben"])
    withdraw_other_times(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())

    assert Friend.objects.values().get(pk=four_near["Ben"].pk) == before
    with pytest.raises(OfferExpired):
        withdraw_other_times(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())


@pytest.mark.parametrize(
    ("days", "faults"),
    [
        ((), {1: "Please enter a date and a time."}),
        ((0,), {1: "Please choose a time in the future."}),
        ((-1, 2), {1: "Please choose a time in the future."}),
        ((2, 3, 2), {3: "This time is there twice."}),
        ((1, 2, 3, 4), {3: "Three times at most."}),
    ],
)
def test_times_that_cannot_be_are_refused_each_with_its_reason(
    days: tuple[float, ...], faults: dict[int, str], order: Order, four_near: Cast
) -> None:
    times = [now() + day * DAY for day in days]
    with pytest.raises(UnableToProposeTimes) as refused:
        propose_other_times(
            job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, times=times, is_meant=True, now=now()
        )

    assert refused.value.faults == faults
    assert state_of(order, four_near["Ben"]) == OfferState.OPEN


def test_the_database_refuses_a_fourth_time_and_the_same_twice(order: Order, four_near: Cast) -> None:
    propose(order, four_near["Ben"], 3)
    offer = Offer.objects.get(friend=four_near["Ben"])
    for place, at in ((4, now() + DAY), (2, now() + 3 * DAY), (1, now() + DAY)):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProposedTime.objects.create(offer=offer, place=place, starts_at=at)


def test_only_who_has_a_live_offer_proposes(order: Order, nord: Tenant, four_near: Cast, clock: Coordinates) -> None:
    with pytest.raises(OfferNotYours):
        propose(order, register_friend("Fay", km=5, communities=[nord.pk]))
    decline_all(order, four_near, "Ben")
    with pytest.raises(OfferExpired):
        propose(order, four_near["Ben"])
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Cem"].pk, now=now())
    with pytest.raises(OfferAlreadyTaken):
        propose(order, four_near["Dana"])


def test_a_time_that_has_passed_cannot_be_picked(
    order: Order, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    propose(order, four_near["Ben"], 0.1, 0.5)
    clock.shift(timedelta(hours=3))

    with pytest.raises(TimesNotOpen):
        pick(nord, order)
    assert pick(nord, order, ProposedTime.objects.get(place=2)).starts_at > now()


def test_a_time_of_another_order_is_not_on_offer(nord: Tenant, four_near: Cast) -> None:
    mine, other = book(nord), book(nord)
    propose(other, four_near["Ben"])

    with pytest.raises(TimesNotOpen):
        pick(nord, mine)
    assert found(nord, other).state == OrderState.SEARCHING


def test_many_proposals_take_no_more_queries_than_one(order: Order, nord: Tenant, four_near: Cast) -> None:
    counts = set()
    for friend in list(four_near.values())[:3]:
        propose(order, friend, 3, 4)
        with tenant_context(nord):
            whole = order_by_uuid(order.uuid)
            with CaptureQueriesContext(connection) as queries:
                proposals_of_order(whole, now=now())
        counts.add(len(queries))

    assert len(proposals(nord, order)) == 3
    assert len(counts) == 1
