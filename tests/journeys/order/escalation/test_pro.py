"""Friend to pro: what the pro sees and does, and what the friend sees no more (R10, R12, R21)."""

from datetime import date, timedelta

import pytest
from time_machine import Coordinates

from billing.models import Payment
from crowd.models import Friend
from dispatch.errors import OfferNotYours
from dispatch.models import Job
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.working.agree_date import accept_date_as_customer, propose_date_as_friend
from journeys.order.working.complete_job import complete_job, rate_completion
from journeys.order.working.escalate_to_pro import diagnosis_photo_for_friend
from journeys.order.working.unreachable import log_attempt, reopen_order, report_unreachable
from journeys.reads.friend_job import job_for_friend
from kernel.clock import now
from orders.models import Order
from orders.selectors import agreed_appointment, order_by_uuid
from tenants.context import tenant_context
from tenants.models import Commission, Tenant
from tests.cast import ADA, Cast
from tests.journeys.order.escalation.steps import FOUND, approve, escalate
from tests.overflow import fresh
from tests.ratings import rate_as_friend


def test_a_pro_reads_the_notes_before_acceptance_without_who_the_customer_is(
    nord: Tenant, asked: Order, pro: Friend, four_near: Cast
) -> None:
    order = approve(nord, asked)

    before = job_for_friend(job_id=order.placed_job_id, friend_id=pro.pk)

    (entry,) = before.job.diagnosis
    assert entry["text"].startswith("The cable in the wall is broken.")
    for secret in ("Ada", "Lovelace", "1234567", "customers.example", "Invalidenstr"):
        assert secret not in entry["text"]
    assert before.escalation is None
    assert diagnosis_photo_for_friend(
        job_id=order.placed_job_id, friend_id=pro.pk, photo_id=entry["photos"][0]
    ).startswith(b"\xff\xd8")
    with pytest.raises(OfferNotYours):
        diagnosis_photo_for_friend(
            job_id=order.placed_job_id, friend_id=four_near["Cem"].pk, photo_id=entry["photos"][0]
        )

    accept_offer(job_id=order.placed_job_id, friend_id=pro.pk, now=now())

    after = job_for_friend(job_id=order.placed_job_id, friend_id=pro.pk)
    assert after.escalation
    assert after.escalation.diagnosis == FOUND
    assert after.contact
    assert after.contact.name == ADA["name"]


def test_who_handed_over_loses_sight_of_the_customer(nord: Tenant, asked: Order, four_near: Cast) -> None:
    ben = four_near["Ben"]
    assert job_for_friend(job_id=asked.placed_job_id, friend_id=ben.pk).contact

    approve(nord, asked)

    after = job_for_friend(job_id=asked.placed_job_id, friend_id=ben.pk)
    assert (after.contact, after.order_state, after.diagnosis_minor) == (None, "handed_over", 2083)


def test_the_pro_agrees_on_a_date_of_their_own_and_closes_the_order(
    nord: Tenant, on_site: Order, four_near: Cast, pro: Friend, clock: Coordinates
) -> None:
    tomorrow = now() + timedelta(days=1)
    date = propose_date_as_friend(
        job_id=on_site.placed_job_id, friend_id=four_near["Ben"].pk, starts_at=tomorrow, now=now()
    )
    with tenant_context(nord):
        accept_date_as_customer(order=order_by_uuid(on_site.uuid), appointment_id=date.pk, now=now())
    escalate(on_site, four_near["Ben"])
    order = approve(nord, fresh(nord, on_site))
    accept_offer(job_id=order.placed_job_id, friend_id=pro.pk, now=now())
    with tenant_context(nord):
        assert agreed_appointment(order_by_uuid(order.uuid)) is None

    propose_date_as_friend(job_id=order.placed_job_id, friend_id=pro.pk, starts_at=tomorrow, now=now())
    complete_job(
        job_id=order.placed_job_id,
        friend_id=pro.pk,
        summary="New cable",
        material="",
        minutes=90,
        is_paid=True,
        why_now="They wanted it at once",
        now=now(),
    )

    with tenant_context(nord):
        payment = Payment.objects.get(order__uuid=order.uuid)
    assert (payment.state, payment.amount_minor) == ("paid", 7350)
    with tenant_context(nord):
        rate_completion(order_uuid=order.uuid, tenant_id=nord.pk, stars=4, words="", now=now())
    rate_as_friend(order, pro)
    assert Friend.objects.get(pk=pro.pk).ratings_count == 1


def test_a_reopened_pros_job_keeps_the_diagnosis_and_its_fee(
    nord: Tenant, asked: Order, pro: Friend, clock: Coordinates
) -> None:
    order = approve(nord, asked)
    accept_offer(job_id=order.placed_job_id, friend_id=pro.pk, now=now())
    before = job_for_friend(job_id=order.placed_job_id, friend_id=pro.pk)
    assert before.diagnosis_minor > 0
    for channel in ("phone", "sms", "phone", "sms", "phone"):
        log_attempt(job_id=order.placed_job_id, friend_id=pro.pk, channel=channel, note="", now=now())
        clock.shift(timedelta(hours=7))
    report_unreachable(job_id=order.placed_job_id, friend_id=pro.pk, now=now())

    with tenant_context(nord):
        job = reopen_order(order=order_by_uuid(order.uuid), tenant_id=nord.pk, who="Maja", now=now())

    after = job_for_friend(job_id=job.pk, friend_id=pro.pk)
    assert after.job.diagnosis == before.job.diagnosis
    assert after.diagnosis_minor == before.diagnosis_minor
    assert after.job.price_minor == before.job.price_minor


def test_a_pro_who_takes_over_is_paid_by_the_rate_of_the_day_of_booking(
    nord: Tenant, asked: Order, pro: Friend, clock: Coordinates
) -> None:
    booked = asked.created_at.date()

    def rate(basis_points: int, **days: date) -> Commission:
        return Commission.objects.create(tenant=nord, level="pro", basis_points=basis_points, **days)

    of_booking = rate(900, valid_until=booked + timedelta(days=1))
    rate(2_500, valid_from=booked + timedelta(days=1))
    clock.shift(timedelta(days=2))

    approve(nord, asked)

    order, job = fresh(nord, asked), Job.objects.get(follows__isnull=False)
    assert (order.commission_bp, order.commission_version) == (900, of_booking.version)
    assert (job.commission_bp, job.commission_version) == (900, of_booking.version)
