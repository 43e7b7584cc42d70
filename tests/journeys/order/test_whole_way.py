"""An order's way from offer to rating, with the mails that go with it (R13 to R17)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import Coordinates

from crowd.models import Friend
from crowd.services import note_first_job
from dispatch.errors import IllegalJobMove, OfferAlreadyTaken, OfferExpired, OfferNotYours
from dispatch.models import Deadline, Job, Offer
from dispatch.states import DeadlineKind, JobState, OfferState
from journeys.order.deadlines import sweep
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.finding.accept_offer import accept_offer, decline_offer
from journeys.order.finding.ask_friends import begin_new_search
from journeys.order.working.agree_date import (
    accept_date_as_customer,
    accept_date_as_friend,
    contact_customer,
    propose_date_as_customer,
    propose_date_as_friend,
)
from journeys.order.working.complete_job import complete_job, confirm_completion, rate_completion
from journeys.reads.friend_job import job_for_friend
from kernel.clock import now
from orders.errors import AlreadyRated, DateInThePast, IllegalOrderMove, NoOpenProposal
from orders.models import Order
from orders.ratings import BLIND_FOR, REMIND_AFTER
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
def accepted(order: Order, four_near: Cast) -> Order:
    """Return an order that Ben has."""
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    return order


def state_of(tenant: Tenant, order: Order) -> str:
    """Return the order's state in its schema."""
    with tenant_context(tenant):
        return str(Order.objects.get(uuid=order.uuid).state)


def test_first_accept_wins_and_the_others_are_told(nord: Tenant, order: Order, four_near: Cast) -> None:
    ben, cem = four_near["Ben"], four_near["Cem"]

    accept_offer(job_id=order.placed_job_id, friend_id=ben.pk, now=now())

    with pytest.raises(OfferAlreadyTaken):
        accept_offer(job_id=order.placed_job_id, friend_id=cem.pk, now=now())
    assert state_of(nord, order) == OrderState.ACCEPTED
    assert Offer.objects.filter(state=OfferState.TAKEN).count() == 3


def test_accepting_takes_12_queries(nord: Tenant, order: Order, four_near: Cast) -> None:
    ben = four_near["Ben"]
    note_first_job(ben.pk, now=now())

    with CaptureQueriesContext(connection) as queries:
        accept_offer(job_id=order.placed_job_id, friend_id=ben.pk, now=now())

    assert len(queries) <= 12, "\n".join(one["sql"] for one in queries)
    offers = Offer.objects.filter(job=order.placed_job_id).values_list("friend__first_name", "state")
    assert dict(offers) == {"Ben": "accepted", "Cem": "taken", "Dana": "taken", "Emil": "taken"}
    assert set(Deadline.objects.filter(job=order.placed_job_id, search=1).values_list("kind", flat=True)) == {
        DeadlineKind.WAVE_ENDS,
        DeadlineKind.CONTACT_REMINDER,
        DeadlineKind.CONTACT_LAST_CALL,
        DeadlineKind.CONTACT_OVERDUE,
    }
    job = Job.objects.get(pk=order.placed_job_id)
    assert (job.state, job.friend_id) == (JobState.ASSIGNED, ben.pk)
    assert job.events.order_by("id").values_list("kind", "friend").last() == ("accepted", ben.pk)


def test_accepting_twice_changes_nothing(accepted: Order, four_near: Cast) -> None:
    before = Friend.objects.get(pk=four_near["Ben"].pk).open_jobs

    accept_offer(job_id=accepted.placed_job_id, friend_id=four_near["Ben"].pk, now=now() + timedelta(seconds=1))

    assert Friend.objects.get(pk=four_near["Ben"].pk).open_jobs == before == 1


def test_a_friend_who_was_not_asked_cannot_accept(order: Order, sued: Tenant) -> None:
    greta = register_friend("Greta", km=1, communities=[sued.pk])

    with pytest.raises(OfferNotYours):
        accept_offer(job_id=order.placed_job_id, friend_id=greta.pk, now=now())


def test_an_offer_ends_with_its_wave(order: Order, four_near: Cast, clock: Coordinates) -> None:
    clock.shift(timedelta(minutes=31))

    with pytest.raises(OfferExpired):
        accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())


def test_when_all_four_decline_the_next_are_asked_at_once(nord: Tenant, order: Order, four_near: Cast) -> None:
    finn = register_friend("Finn", km=12, communities=[nord.pk])
    *first_three, last = four_near.values()
    for friend in first_three:
        decline_offer(job_id=order.placed_job_id, friend_id=friend.pk, reason="no_time", now=now())
    assert not Offer.objects.filter(friend=finn).exists()

    decline_offer(job_id=order.placed_job_id, friend_id=last.pk, reason="too_far", now=now())

    assert Offer.objects.filter(friend=finn, wave=2, state=OfferState.OPEN).exists()


def test_silence_opens_the_next_wave_and_then_overflows_to_the_shared_crowd(
    nord: Tenant, sued: Tenant, order: Order, clock: Coordinates
) -> None:
    greta = register_friend("Greta", km=2, communities=[sued.pk], in_shared_crowd=True)
    assert sweep(now=now()) == 0

    clock.shift(timedelta(minutes=30))
    assert sweep(now=now()) == 1

    offer = Offer.objects.get(friend=greta)
    assert offer.community == 0
    assert offer.wave == 3
    accept_offer(job_id=order.placed_job_id, friend_id=greta.pk, now=now())
    assert state_of(nord, order) == OrderState.ACCEPTED


def test_a_friend_of_the_crowd_sees_whom_to_contact_only_after_accepting(
    nord: Tenant, sued: Tenant, order: Order, clock: Coordinates
) -> None:
    greta = register_friend("Greta", km=2, communities=[sued.pk], in_shared_crowd=True)
    clock.shift(timedelta(minutes=30))
    sweep(now=now())

    before = job_for_friend(job_id=order.placed_job_id, friend_id=greta.pk)
    accept_offer(job_id=order.placed_job_id, friend_id=greta.pk, now=now())
    after = job_for_friend(job_id=order.placed_job_id, friend_id=greta.pk)

    assert before.contact is None
    assert after.contact is not None
    assert after.contact.name == "Ada Lovelace"


def test_when_nobody_is_left_customer_and_manager_hear_of_it(nord: Tenant, order: Order, clock: Coordinates) -> None:
    deliver()
    clock.shift(timedelta(minutes=30))

    sweep(now=now())

    mails = deliver()
    assert state_of(nord, order) == OrderState.UNFILLED
    assert {mail.to[0] for mail in mails} == {"ada@customers.example", "manager@nord.example"}
    with tenant_context(nord):
        assert Order.objects.get(uuid=order.uuid).attention == Attention.NOBODY_FOUND


def test_a_manager_can_begin_a_new_search(nord: Tenant, order: Order, clock: Coordinates) -> None:
    clock.shift(timedelta(minutes=30))
    sweep(now=now())
    finn = register_friend("Finn", km=12, communities=[nord.pk])

    with tenant_context(nord):
        begin_new_search(order_uuid=order.uuid, job_id=order.placed_job_id, who="Maja", now=now())

    assert Offer.objects.filter(friend=finn, state=OfferState.OPEN).exists()
    assert state_of(nord, order) == OrderState.SEARCHING


def test_reminders_come_after_8_and_11_hours_and_the_manager_after_12(
    nord: Tenant, accepted: Order, clock: Coordinates
) -> None:
    deliver()
    subjects = []
    for hours in (8, 3, 1):
        clock.shift(timedelta(hours=hours))
        sweep(now=now())
        subjects.append(sorted(mail.to[0] for mail in deliver()))

    assert subjects == [
        ["ben@friends.example"],
        ["ben@friends.example"],
        ["ada@customers.example", "manager@nord.example"],
    ]
    with tenant_context(nord):
        assert Order.objects.get(uuid=accepted.uuid).attention == Attention.CONTACT_OVERDUE


def test_contact_stops_the_clock(accepted: Order, four_near: Cast, clock: Coordinates) -> None:
    deliver()
    contact_customer(job_id=accepted.placed_job_id, friend_id=four_near["Ben"].pk, now=now())

    clock.shift(timedelta(hours=13))
    sweep(now=now())

    assert deliver() == []


def test_both_sides_counter_until_one_agrees(nord: Tenant, accepted: Order, four_near: Cast) -> None:
    ben = four_near["Ben"].pk
    first, second = now() + timedelta(days=2), now() + timedelta(days=3)
    propose_date_as_friend(job_id=accepted.placed_job_id, friend_id=ben, starts_at=first, now=now())
    with tenant_context(nord):
        countered = propose_date_as_customer(order=order_by_uuid(accepted.uuid), starts_at=second, now=now())

    accept_date_as_friend(job_id=accepted.placed_job_id, friend_id=ben, appointment_id=countered.pk, now=now())

    with tenant_context(nord):
        found = order_by_uuid(accepted.uuid)
        assert found.state == OrderState.SCHEDULED
        agreed = agreed_appointment(found)
        assert agreed is not None
        assert agreed.starts_at == second
        assert open_proposal(found) is None


def test_nobody_agrees_to_the_own_date(nord: Tenant, accepted: Order, four_near: Cast) -> None:
    with tenant_context(nord):
        found = order_by_uuid(accepted.uuid)
        mine = propose_date_as_customer(order=found, starts_at=now() + timedelta(days=2), now=now())

        with pytest.raises(NoOpenProposal):
            accept_date_as_customer(order=found, appointment_id=mine.pk, now=now())


def test_a_date_in_the_past_is_refused(accepted: Order, four_near: Cast) -> None:
    with pytest.raises(DateInThePast):
        propose_date_as_friend(
            job_id=accepted.placed_job_id,
            friend_id=four_near["Ben"].pk,
            starts_at=now() - timedelta(hours=1),
            now=now(),
        )


def test_work_cannot_be_closed_before_contact(accepted: Order, four_near: Cast) -> None:
    with pytest.raises(IllegalOrderMove):
        close(accepted, four_near)
    assert Job.objects.get(pk=accepted.placed_job_id).state == JobState.ASSIGNED


def test_report_confirmation_and_rating(nord: Tenant, accepted: Order, four_near: Cast) -> None:
    ben = four_near["Ben"]
    contact_customer(job_id=accepted.placed_job_id, friend_id=ben.pk, now=now())
    close(accepted, four_near)
    deliver()

    with tenant_context(nord):
        rate_completion(order_uuid=accepted.uuid, tenant_id=nord.pk, stars=4, words="Quick", now=now())
        with pytest.raises(AlreadyRated):
            rate_completion(order_uuid=accepted.uuid, tenant_id=nord.pk, stars=1, words="", now=now())

    mails = deliver()
    assert [mail.to[0] for mail in mails] == ["ada@customers.example"]
    assert state_of(nord, accepted) == OrderState.CONFIRMED
    assert Friend.objects.get(pk=ben.pk).open_jobs == 0


def test_completing_takes_10_queries(nord: Tenant, accepted: Order, four_near: Cast) -> None:
    job_id, ben = accepted.placed_job_id, four_near["Ben"].pk
    contact_customer(job_id=job_id, friend_id=ben, now=now())
    Friend.objects.exists()

    with CaptureQueriesContext(connection) as queries:
        complete_job(
            job_id=job_id,
            friend_id=ben,
            summary="All done.",
            material="",
            minutes=45,
            is_paid=False,
            why_now="Done early.",
            now=now(),
        )

    # Within a test's transaction the journey ends with a RELEASE that, unlike COMMIT, switches the role back first.
    assert len(queries) - 1 <= 10, "\n".join(one["sql"] for one in queries)
    job = Job.objects.get(pk=accepted.placed_job_id)
    due = dict(job.deadlines.filter(done_at=None).values_list("kind", "due_at"))
    assert due[DeadlineKind.CONFIRM_ANYWAY] == now() + timedelta(days=3)
    assert due[DeadlineKind.RATE_REMINDER] == now() + REMIND_AFTER
    assert due[DeadlineKind.RATINGS_SHOWN] == now() + BLIND_FOR
    assert job.events.order_by("id").values_list("kind", "friend").last() == ("closed", four_near["Ben"].pk)
    with tenant_context(nord):
        order = Order.objects.get(pk=accepted.pk)
        assert (order.report.why_now, order.done_at) == ("Done early.", now())
        assert order.events.order_by("id").values_list("kind", flat=True).last() == "done"


def test_silence_of_three_days_confirms(nord: Tenant, accepted: Order, four_near: Cast, clock: Coordinates) -> None:
    contact_customer(job_id=accepted.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    close(accepted, four_near)
    clock.shift(timedelta(days=3) - timedelta(seconds=1))
    sweep(now=now())
    assert state_of(nord, accepted) == OrderState.DONE

    clock.shift(timedelta(seconds=1))
    sweep(now=now())

    assert state_of(nord, accepted) == OrderState.CONFIRMED


def test_confirming_twice_changes_nothing_and_too_early_is_refused(
    nord: Tenant, accepted: Order, four_near: Cast
) -> None:
    with tenant_context(nord), pytest.raises(IllegalOrderMove):
        confirm_completion(order_uuid=accepted.uuid, tenant_id=nord.pk, side=Side.CUSTOMER, now=now())
    contact_customer(job_id=accepted.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    close(accepted, four_near)

    with tenant_context(nord):
        for _time in range(2):
            confirm_completion(order_uuid=accepted.uuid, tenant_id=nord.pk, side=Side.CUSTOMER, now=now())

    assert state_of(nord, accepted) == OrderState.CONFIRMED


def test_cancelling_frees_the_friend_and_tells_both(nord: Tenant, accepted: Order, four_near: Cast) -> None:
    deliver()
    with tenant_context(nord):
        cancel(nord, accepted)

    assert sorted(mail.to[0] for mail in deliver()) == ["ada@customers.example", "ben@friends.example"]
    assert Friend.objects.get(pk=four_near["Ben"].pk).open_jobs == 0
    with tenant_context(nord), pytest.raises(IllegalJobMove):
        cancel(nord, accepted)


def test_a_deadline_is_acted_on_once(order: Order, clock: Coordinates) -> None:
    assert Deadline.objects.filter(kind=DeadlineKind.WAVE_ENDS, done_at=None).count() == 1
    clock.shift(timedelta(minutes=30))

    assert sweep(now=now()) == 1
    assert sweep(now=now()) == 0


def close(order: Order, cast: Cast) -> None:
    """Let Ben close the job."""
    complete_job(
        job_id=order.placed_job_id,
        friend_id=cast["Ben"].pk,
        summary="Router set up",
        material="",
        minutes=50,
        is_paid=True,
        why_now="They wanted it at once",
        now=now(),
    )


def cancel(tenant: Tenant, order: Order) -> None:
    """Let the manager cancel."""
    cancel_order(
        order_uuid=order.uuid,
        job_id=order.placed_job_id,
        tenant_id=tenant.pk,
        side=Side.MANAGER,
        who="Maja",
        why="test",
        now=now(),
    )
