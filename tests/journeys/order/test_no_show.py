"""Somebody was not there at the agreed time (R15, R7): reports of either side, the manager's ways."""

from datetime import timedelta

import pytest
from time_machine import Coordinates

from crowd.models import Friend
from dispatch.errors import JobMovedOn, OfferNotYours
from dispatch.models import Job, Owed
from dispatch.states import JobState, OwedFor
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.finding.pass_on_job import pass_on_job
from journeys.order.working.agree_date import accept_date_as_customer, propose_date_as_friend
from journeys.order.working.no_show import (
    agree_anew,
    end_for_absent_customer,
    report_no_show_as_customer,
    report_no_show_as_friend,
)
from kernel.clock import now
from orders.errors import NoAgreedDate, NoReportOfAbsence, TooEarlyForNoShow
from orders.models import Order
from orders.selectors import agreed_appointment, no_shows, order_by_uuid
from orders.states import Attention, OrderState, Side
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver


@pytest.fixture
def met(nord: Tenant, four_near: Cast, clock: Coordinates) -> Order:
    """Return an order whose agreed time was 15 minutes ago."""
    order = book(nord)
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    agree(nord, order, four_near["Ben"])
    clock.shift(timedelta(days=2, minutes=15))
    deliver()
    return order


def agree(tenant: Tenant, order: Order, friend: Friend) -> None:
    """Let both agree on a date in two days."""
    date = propose_date_as_friend(
        job_id=order.placed_job_id, friend_id=friend.pk, starts_at=now() + timedelta(days=2), now=now()
    )
    with tenant_context(tenant):
        accept_date_as_customer(order=order_by_uuid(order.uuid), appointment_id=date.pk, now=now())


def fresh(tenant: Tenant, order: Order) -> Order:
    """Return the whole order as it is now."""
    with tenant_context(tenant):
        return order_by_uuid(order.uuid)


def friend_reports(order: Order, friend: Friend) -> bool:
    """Let the friend say that nobody opened."""
    return report_no_show_as_friend(
        job_id=order.placed_job_id, friend_id=friend.pk, words="Rang three times", now=now()
    )


def customer_reports(tenant: Tenant, order: Order) -> bool:
    """Let the customer say that nobody came."""
    with tenant_context(tenant):
        return report_no_show_as_customer(
            order=order_by_uuid(order.uuid), tenant_id=tenant.pk, words="Waited for an hour", now=now()
        )


def end(tenant: Tenant, order: Order, search: int = 1) -> Order:
    """Let the manager end the order because the customer was absent."""
    with tenant_context(tenant):
        return end_for_absent_customer(
            order=order_by_uuid(order.uuid), tenant_id=tenant.pk, search=search, who="Maja", now=now()
        )


def test_neither_side_can_report_before_15_minutes_are_over(
    nord: Tenant, met: Order, four_near: Cast, clock: Coordinates
) -> None:
    clock.shift(-timedelta(seconds=1))
    with pytest.raises(TooEarlyForNoShow) as refusal:
        friend_reports(met, four_near["Ben"])
    assert "from" in str(refusal.value)
    with pytest.raises(TooEarlyForNoShow):
        customer_reports(nord, met)
    clock.shift(timedelta(seconds=1))

    assert friend_reports(met, four_near["Ben"])


def test_without_an_agreed_date_nobody_can_be_missing(nord: Tenant, four_near: Cast) -> None:
    order = book(nord)
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())

    with pytest.raises(NoAgreedDate):
        friend_reports(order, four_near["Ben"])
    with pytest.raises(NoAgreedDate):
        customer_reports(nord, order)


def test_only_who_has_the_job_can_report(met: Order, four_near: Cast) -> None:
    with pytest.raises(OfferNotYours):
        friend_reports(met, four_near["Cem"])


def test_a_friends_report_is_on_the_desk_and_customer_and_manager_are_told_once(
    nord: Tenant, met: Order, four_near: Cast
) -> None:
    assert friend_reports(met, four_near["Ben"]) is True
    assert friend_reports(met, four_near["Ben"]) is False

    found = fresh(nord, met)
    assert found.attention == Attention.NO_SHOW
    assert [(report.side, report.words) for report in no_shows(found)] == [(Side.FRIEND, "Rang three times")]
    mails = {mail.to[0]: mail for mail in deliver()}
    assert set(mails) == {"ada@customers.example", "manager@nord.example"}
    assert "Rang three times" in mails["manager@nord.example"].body


def test_a_customers_report_tells_friend_and_manager(nord: Tenant, met: Order) -> None:
    assert customer_reports(nord, met)

    mails = {mail.to[0]: mail for mail in deliver()}
    assert set(mails) == {"ben@friends.example", "manager@nord.example"}
    assert "did not come" in mails["ben@friends.example"].body
    assert fresh(nord, met).attention == Attention.NO_SHOW


def test_reports_about_each_other_are_told_as_such(nord: Tenant, met: Order, four_near: Cast) -> None:
    friend_reports(met, four_near["Ben"])
    customer_reports(nord, met)

    to_manager = [mail.body for mail in deliver() if mail.to == ["manager@nord.example"]][-1]
    assert "Each of the two says that the other was not there" in to_manager
    assert {report.side for report in no_shows(fresh(nord, met))} == {Side.FRIEND, Side.CUSTOMER}


def test_a_new_date_stays_with_the_friend_and_an_old_report_says_nothing_about_it(
    nord: Tenant, met: Order, four_near: Cast, clock: Coordinates
) -> None:
    friend_reports(met, four_near["Ben"])
    with tenant_context(nord):
        agree_anew(order=order_by_uuid(met.uuid), tenant_id=nord.pk, who="Maja", now=now())

    found = fresh(nord, met)
    assert (found.state, found.attention) == (OrderState.CONTACTED, Attention.NONE)
    assert found.friend_id == four_near["Ben"].pk
    assert agreed_appointment(found) is None
    told = {mail.to[0] for mail in deliver()}
    assert told >= {"ada@customers.example", "ben@friends.example"}
    agree(nord, met, four_near["Ben"])
    assert no_shows(fresh(nord, met)) == ()
    with pytest.raises(NoReportOfAbsence):
        end(nord, met)
    clock.shift(timedelta(days=2, minutes=15))
    assert friend_reports(met, four_near["Ben"])


def test_an_absent_customer_ends_the_order_and_the_friend_is_owed_the_share_of_the_terms(
    nord: Tenant, met: Order, four_near: Cast
) -> None:
    friend_reports(met, four_near["Ben"])
    deliver()

    end(nord, met)

    found = fresh(nord, met)
    assert (found.state, found.attention) == (OrderState.CANCELLED, Attention.NONE)
    assert Job.objects.get(pk=met.placed_job_id).state == JobState.CANCELLED
    # 30 % of 41.65, rounded half up.
    owed = Owed.objects.get(job=met.job_id)
    assert (owed.friend_id, owed.why, owed.amount_minor, owed.currency) == (
        four_near["Ben"].pk,
        OwedFor.NO_SHOW,
        1250,
        "EUR",
    )
    assert Friend.objects.get(pk=four_near["Ben"].pk).open_jobs == 0
    mails = {mail.to[0]: mail.body for mail in deliver()}
    assert "You don't pay anything" in mails["ada@customers.example"]
    assert "12.50" in mails["ben@friends.example"]
    with pytest.raises((JobMovedOn, NoReportOfAbsence)):
        end(nord, met)
    assert Owed.objects.count() == 1


def test_an_order_does_not_end_for_an_absent_customer_whom_no_friend_has_missed(nord: Tenant, met: Order) -> None:
    customer_reports(nord, met)

    with pytest.raises(NoReportOfAbsence):
        end(nord, met)

    assert fresh(nord, met).state == OrderState.SCHEDULED
    assert not Owed.objects.exists()


def test_an_absent_friend_is_owed_nothing_and_the_job_is_passed_on(nord: Tenant, met: Order) -> None:
    customer_reports(nord, met)

    with tenant_context(nord):
        pass_on_job(order=order_by_uuid(met.uuid), search=1, who="Maja", why="Did not come", now=now())

    assert not Owed.objects.exists()
    assert fresh(nord, met).friend_id is None
