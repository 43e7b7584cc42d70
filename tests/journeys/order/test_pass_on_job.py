"""Jobs that are given back or passed on after acceptance (R15, R17).

The next friends are asked at once, each friend has a clock of their own, the customer's words stay.
"""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from time_machine import Coordinates

from crowd.models import Friend
from dispatch.errors import IllegalJobMove, JobMovedOn, OfferWithdrawn
from dispatch.models import Job, Offer
from dispatch.states import JobState, OfferState
from journeys.order.deadlines import sweep
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.finding.accept_offer import accept_offer, decline_offer
from journeys.order.finding.pass_on_job import ask_me_again, give_back_job, pass_on_job
from journeys.order.working.agree_date import accept_date_as_customer, contact_customer, propose_date_as_friend
from journeys.order.working.unreachable import log_attempt
from kernel.clock import now
from orders.models import Order
from orders.selectors import agreed_appointment, open_proposal, order_by_uuid
from orders.states import Attention, OrderState, Side
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver, register_friend


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that four friends were asked for."""
    return book(nord)


@pytest.fixture
def finn(nord: Tenant, order: Order) -> Friend:
    """Return Finn, who lives too far for the first wave and near enough for the second."""
    return register_friend("Finn", km=12, communities=[nord.pk])


@pytest.fixture
def accepted(order: Order, four_near: Cast) -> Order:
    """Return an order that Ben has."""
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    return order


def fresh(tenant: Tenant, order: Order) -> Order:
    """Return the whole order as it is now."""
    with tenant_context(tenant):
        return order_by_uuid(order.uuid)


def give_back(order: Order, friend: Friend, words: str = "Fever since this morning") -> Job:
    """Let a friend give the job back."""
    return give_back_job(job_id=order.placed_job_id, friend_id=friend.pk, reason="ill", words=words, now=now())


def pass_on(tenant: Tenant, order: Order, search: int = 1) -> Job:
    """Let the manager pass the job on."""
    with tenant_context(tenant):
        return pass_on_job(order=order_by_uuid(order.uuid), search=search, who="Maja", why="No contact", now=now())


def schedule(tenant: Tenant, order: Order, friend: Friend) -> None:
    """Let friend and customer agree on a date in two days."""
    date = propose_date_as_friend(
        job_id=order.placed_job_id, friend_id=friend.pk, starts_at=now() + timedelta(days=2), now=now()
    )
    with tenant_context(tenant):
        accept_date_as_customer(order=order_by_uuid(order.uuid), appointment_id=date.pk, now=now())


def test_giving_back_asks_the_next_friends_at_once_and_keeps_what_the_customer_said(
    nord: Tenant, accepted: Order, four_near: Cast, finn: Friend
) -> None:
    ben = four_near["Ben"]
    schedule(nord, accepted, ben)
    before = fresh(nord, accepted)
    said = [(answer.question_key, answer.value) for answer in before.answers.all()]
    assert agreed_appointment(before) is not None

    give_back(accepted, ben)

    after = fresh(nord, accepted)
    assert after.state == OrderState.SEARCHING
    cleared = (after.friend_id, after.friend_name, after.friend_phone, after.accepted_at, after.contact_due_at)
    assert cleared == (None, "", "", None, None)
    assert (after.contacted_at, after.attention) == (None, Attention.NONE)
    assert agreed_appointment(after) is None
    assert open_proposal(after) is None
    assert [(answer.question_key, answer.value) for answer in after.answers.all()] == said
    assert len(said) == 3
    assert (after.note, after.phone, after.windows.count()) == (before.note, before.phone, 2)
    line = next(event for event in after.events.all() if event.kind == "given_back")
    assert (line.side, line.detail["friend"], line.detail["why"]) == (Side.FRIEND, "Ben M.", "ill")
    assert Offer.objects.get(friend=finn).state == OfferState.OPEN
    assert Friend.objects.get(pk=ben.pk).open_jobs == 0


def test_customer_manager_and_next_friend_hear_of_it_and_nobody_is_blamed(
    nord: Tenant, accepted: Order, four_near: Cast, finn: Friend
) -> None:
    deliver()

    give_back(accepted, four_near["Ben"])

    mails = {mail.to[0]: mail for mail in deliver()}
    assert set(mails) == {"ada@customers.example", "manager@nord.example", "finn@friends.example"}
    to_ada = mails["ada@customers.example"].body
    assert "Ben" not in to_ada
    assert "Fever" not in to_ada
    assert "We are asking other friends near you" in to_ada
    to_manager = mails["manager@nord.example"].body
    assert "Fever since this morning" in to_manager
    assert "given back 1 job within 90 days" in to_manager


def test_who_gave_it_back_is_not_asked_again_and_can_do_nothing_more(
    nord: Tenant, accepted: Order, four_near: Cast, finn: Friend
) -> None:
    ben = four_near["Ben"].pk
    give_back(accepted, four_near["Ben"])

    assert list(Offer.objects.filter(state=OfferState.OPEN).values_list("friend", flat=True)) == [finn.pk]
    with pytest.raises(OfferWithdrawn):
        accept_offer(job_id=accepted.placed_job_id, friend_id=ben, now=now())
    with pytest.raises(IllegalJobMove):
        give_back(accepted, four_near["Ben"])
    with pytest.raises(IllegalJobMove):
        contact_customer(job_id=accepted.placed_job_id, friend_id=ben, now=now())


def test_the_second_friend_has_a_clock_of_their_own(
    nord: Tenant, accepted: Order, four_near: Cast, finn: Friend, clock: Coordinates
) -> None:
    clock.shift(timedelta(hours=7))
    give_back(accepted, four_near["Ben"])
    accept_offer(job_id=accepted.placed_job_id, friend_id=finn.pk, now=now())
    deliver()
    heard = []
    # Ben's clock would have rung after 8, 11 and 12 hours, which is 1, 4 and 5 hours from here.
    for hours in (1, 3, 1, 3, 3, 1):
        clock.shift(timedelta(hours=hours))
        sweep(now=now())
        heard.append(sorted(mail.to[0] for mail in deliver()))

    assert heard == [
        [],
        [],
        [],
        ["finn@friends.example"],
        ["finn@friends.example"],
        ["ada@customers.example", "manager@nord.example"],
    ]
    found = fresh(nord, accepted)
    assert (found.attention, found.friend_id) == (Attention.CONTACT_OVERDUE, finn.pk)


def test_the_old_end_of_a_wave_does_not_cut_the_new_wave_short(
    nord: Tenant, accepted: Order, four_near: Cast, finn: Friend, clock: Coordinates
) -> None:
    clock.shift(timedelta(minutes=20))
    give_back(accepted, four_near["Ben"])
    assert Offer.objects.get(friend=finn).wave == 1
    clock.shift(timedelta(minutes=10))

    sweep(now=now())

    assert Offer.objects.get(friend=finn).state == OfferState.OPEN
    clock.shift(timedelta(minutes=20))
    sweep(now=now())
    assert Offer.objects.get(friend=finn).state == OfferState.EXPIRED


def test_the_manager_passes_an_overdue_job_on_with_one_click_and_all_are_told(
    nord: Tenant, accepted: Order, four_near: Cast, finn: Friend, clock: Coordinates
) -> None:
    for channel in ("phone", "sms"):
        log_attempt(job_id=accepted.placed_job_id, friend_id=four_near["Ben"].pk, channel=channel, note="", now=now())
    deliver()
    clock.shift(timedelta(hours=12))
    sweep(now=now())
    alarm = next(mail for mail in deliver() if mail.to == ["manager@nord.example"])
    assert "Attempts to reach the customer" in alarm.body
    assert "2" in alarm.body.split("Attempts to reach the customer")[1][:10]

    pass_on(nord, accepted)

    after = fresh(nord, accepted)
    assert (after.state, after.attention) == (OrderState.SEARCHING, Attention.NONE)
    line = next(event for event in after.events.all() if event.kind == "passed_on")
    assert (line.who, line.detail["why"]) == ("Maja", "No contact")
    told = {mail.to[0] for mail in deliver()}
    assert told == {"ada@customers.example", "ben@friends.example", "finn@friends.example"}


def test_a_second_click_never_takes_the_job_from_the_next_friend(nord: Tenant, accepted: Order, finn: Friend) -> None:
    pass_on(nord, accepted)
    with pytest.raises(JobMovedOn):
        pass_on(nord, accepted)
    accept_offer(job_id=accepted.placed_job_id, friend_id=finn.pk, now=now())

    with pytest.raises(JobMovedOn):
        pass_on(nord, accepted)

    assert Job.objects.get(pk=accepted.placed_job_id).friend_id == finn.pk


def test_who_declined_is_asked_again_only_after_asking_for_it(
    nord: Tenant, order: Order, four_near: Cast, finn: Friend
) -> None:
    ben, cem, dana, emil = (friend.pk for friend in four_near.values())
    decline_offer(job_id=order.placed_job_id, friend_id=cem, reason="no_time", now=now())
    accept_offer(job_id=order.placed_job_id, friend_id=ben, now=now())
    ask_me_again(job_id=order.placed_job_id, friend_id=cem, wants=True, now=now())
    ask_me_again(job_id=order.placed_job_id, friend_id=dana, wants=True, now=now())
    ask_me_again(job_id=order.placed_job_id, friend_id=dana, wants=False, now=now())

    give_back(order, four_near["Ben"])

    asked = set(Offer.objects.filter(search=2).values_list("friend", flat=True))
    assert asked == {cem, finn.pk}
    assert emil not in asked
    accept_offer(job_id=order.placed_job_id, friend_id=cem, now=now())
    assert fresh(nord, order).friend_id == cem


def test_who_is_asked_once_more_gets_a_mail_once_more(nord: Tenant, accepted: Order, four_near: Cast) -> None:
    cem = four_near["Cem"]
    deliver()
    ask_me_again(job_id=accepted.placed_job_id, friend_id=cem.pk, wants=True, now=now())

    give_back(accepted, four_near["Ben"])

    assert "cem@friends.example" in {mail.to[0] for mail in deliver()}


def test_an_open_offer_or_an_ended_job_is_nothing_to_be_asked_for_again(
    nord: Tenant, order: Order, four_near: Cast
) -> None:
    cem = four_near["Cem"].pk
    with pytest.raises(IllegalJobMove):
        ask_me_again(job_id=order.placed_job_id, friend_id=cem, wants=True, now=now())
    cancel(nord, order)

    with pytest.raises(IllegalJobMove):
        ask_me_again(job_id=order.placed_job_id, friend_id=cem, wants=True, now=now())


def test_accepting_a_cancelled_job_is_told_clearly(nord: Tenant, order: Order, four_near: Cast) -> None:
    cancel(nord, order)

    with pytest.raises(OfferWithdrawn) as refusal:
        accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    assert "withdrawn before you answered" in str(refusal.value)


def test_the_database_lets_no_ended_job_come_back(nord: Tenant, order: Order, four_near: Cast) -> None:
    cancel(nord, order)
    assert Job.objects.get(pk=order.placed_job_id).state == JobState.CANCELLED

    with pytest.raises(IntegrityError, match="has ended"), transaction.atomic():
        Job.objects.filter(pk=order.placed_job_id).update(state=JobState.ASSIGNED, friend=four_near["Ben"])


def test_nobody_left_after_giving_back_is_said_honestly(nord: Tenant, accepted: Order, four_near: Cast) -> None:
    deliver()

    give_back(accepted, four_near["Ben"])

    assert fresh(nord, accepted).attention == Attention.NOBODY_FOUND
    subjects = [mail.subject for mail in deliver() if mail.to == ["ada@customers.example"]]
    assert len(subjects) == 2
    assert "not found anybody" in subjects[1]


def cancel(tenant: Tenant, order: Order) -> None:
    """Let the manager cancel."""
    job_id: UUID = order.placed_job_id
    with tenant_context(tenant):
        cancel_order(
            order_uuid=order.uuid,
            job_id=job_id,
            tenant_id=tenant.pk,
            side=Side.MANAGER,
            who="Maja",
            why="test",
            now=now(),
        )
