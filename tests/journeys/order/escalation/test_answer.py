"""Friend to pro: the customer says yes, no or nothing, once (R10, R12, R21)."""

from datetime import timedelta

import pytest
from time_machine import Coordinates

from billing.models import Payment
from crowd.models import Friend, ProCountry
from dispatch.errors import IllegalJobMove
from dispatch.models import Job, Offer, Owed
from dispatch.states import JobState, OwedFor
from journeys.order.deadlines import sweep
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.working.complete_job import complete_job, rate_completion
from journeys.order.working.escalate_to_pro import EscalationAnswered, NoProToAsk, ask_manager_for_pro, prospect_of
from kernel.clock import now
from orders.errors import IllegalOrderMove
from orders.models import Order
from orders.states import Attention, EscalationState, OrderState, Side
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import ADA, Cast, book, deliver
from tests.journeys.order.escalation.steps import approve, decline, escalate, figures_are_right
from tests.overflow import fresh, job_of
from tests.ratings import rate_as_friend


def test_the_customer_is_asked_with_diagnosis_both_prices_and_what_a_no_means(
    nord: Tenant, asked: Order, four_near: Cast
) -> None:
    assert asked.state == OrderState.ESCALATED
    assert (asked.escalation.price_before_minor, asked.escalation.price_after_minor) == (4900, 7350)
    # Half of what Ben would have had.
    assert asked.escalation.diagnosis_minor == 2083

    (mail,) = [mail for mail in deliver() if "Can we send a pro" in mail.subject]

    assert mail.to == [ADA["email"]]
    for words in ("cable in the wall", "49.00", "73.50", "+ €24.50", "20.83", "do not answer by"):
        assert words in mail.body


def test_with_a_yes_pros_are_asked_at_once_and_the_customer_pays_the_new_price_only(
    nord: Tenant, asked: Order, four_near: Cast, pro: Friend
) -> None:
    old = job_of(asked)

    order = approve(nord, asked)

    new = Job.objects.get(follows=old)
    old.refresh_from_db()
    assert (order.state, order.price_minor, order.job_id) == (OrderState.SEARCHING, 7350, new.pk)
    assert (old.state, new.state, new.needs_pro) == (JobState.DONE, JobState.SEARCHING, True)
    assert list(Offer.objects.filter(job=new).values_list("friend", flat=True)) == [pro.pk]
    assert (new.brief, new.windows, new.package_slug) == (old.brief, old.windows, old.package_slug)
    assert figures_are_right(fresh(nord, order), old, new)
    assert order.commission_minor == new.commission_minor == 790
    assert Friend.objects.get(pk=four_near["Ben"].pk).open_jobs == 0
    with tenant_context(nord):
        assert Payment.objects.get(order=order).amount_minor == 7350
    told = {mail.subject: mail.body for mail in deliver()}
    assert any("73.50" in body for subject, body in told.items() if subject.startswith("We are asking pros"))
    assert any("20.83" in body for subject, body in told.items() if "A pro takes over" in subject)


def test_the_friend_is_paid_for_the_diagnosis_once_whatever_the_answer_is(
    nord: Tenant, asked: Order, four_near: Cast
) -> None:
    owed = Owed.objects.get()
    assert (owed.friend_id, owed.why, owed.amount_minor) == (four_near["Ben"].pk, OwedFor.DIAGNOSIS, 2083)

    decline(nord, asked)

    assert Owed.objects.count() == 1


def test_with_a_no_the_order_ends_with_the_diagnosis_and_the_customer_pays_that(
    nord: Tenant, asked: Order, four_near: Cast
) -> None:
    order = decline(nord, asked)

    job = job_of(order)
    assert (order.state, order.price_minor, order.commission_minor, order.friend_minor) == (
        OrderState.DONE,
        2083,
        0,
        2083,
    )
    assert (job.state, order.payment_method) == (JobState.DONE, "invoice")
    assert figures_are_right(order, job)
    with tenant_context(nord):
        payment = Payment.objects.get(order=order)
        assert (payment.amount_minor, payment.state) == (2083, "to_invoice")
        rate_completion(order_uuid=order.uuid, tenant_id=nord.pk, stars=5, words="", now=now())
    assert fresh(nord, order).state == OrderState.CONFIRMED
    rate_as_friend(order, four_near["Ben"])
    assert Friend.objects.get(pk=four_near["Ben"].pk).ratings_count == 1


def test_silence_for_72_hours_is_a_no_and_the_desk_is_told(nord: Tenant, asked: Order, clock: Coordinates) -> None:
    clock.shift(timedelta(hours=71, minutes=59))
    sweep(now=now())
    assert fresh(nord, asked).state == OrderState.ESCALATED

    clock.shift(timedelta(minutes=1))
    sweep(now=now())

    order = fresh(nord, asked)
    assert (order.state, order.attention) == (OrderState.DONE, Attention.ESCALATION_LAPSED)
    assert order.escalation.state == EscalationState.DECLINED
    assert any("No answer about a pro" in mail.subject and mail.to == ["manager@nord.example"] for mail in deliver())


def test_a_deadline_that_comes_after_the_answer_changes_nothing(nord: Tenant, asked: Order, clock: Coordinates) -> None:
    approve(nord, asked)
    clock.shift(timedelta(hours=72))

    sweep(now=now())

    assert fresh(nord, asked).escalation.state == EscalationState.APPROVED


def test_the_same_answer_twice_is_one_and_the_other_one_is_refused(nord: Tenant, asked: Order) -> None:
    approve(nord, asked)
    approve(nord, asked)

    with pytest.raises(EscalationAnswered):
        decline(nord, asked)
    assert Job.objects.filter(order_id=asked.uuid).count() == 2

    order = fresh(nord, asked)
    assert order.escalation.state == EscalationState.APPROVED


def test_nobody_can_close_cancel_or_escalate_again_while_the_customer_decides(
    nord: Tenant, asked: Order, four_near: Cast
) -> None:
    ben = four_near["Ben"].pk
    with pytest.raises(IllegalOrderMove):
        complete_job(
            job_id=asked.placed_job_id,
            friend_id=ben,
            summary="x",
            material="",
            minutes=1,
            is_paid=True,
            why_now="At once",
            now=now(),
        )
    with pytest.raises(IllegalOrderMove):
        escalate(asked, four_near["Ben"])
    with tenant_context(nord), pytest.raises(IllegalOrderMove):
        cancel_order(
            order_uuid=asked.uuid,
            job_id=asked.placed_job_id,
            tenant_id=nord.pk,
            side=Side.CUSTOMER,
            who="Ada",
            why="",
            now=now(),
        )
    assert fresh(nord, asked).state == OrderState.ESCALATED


def test_only_who_has_the_job_and_was_in_contact_hands_over(nord: Tenant, pro: Friend, four_near: Cast) -> None:
    order = book(nord)
    with pytest.raises(IllegalJobMove):
        escalate(order, four_near["Ben"])
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())

    with pytest.raises(IllegalOrderMove):
        escalate(order, four_near["Ben"])
    with pytest.raises(IllegalJobMove):
        escalate(order, four_near["Cem"])


def test_where_no_pro_can_be_asked_the_friend_is_told_so_and_can_tell_the_manager(
    nord: Tenant, on_site: Order, four_near: Cast, pro: Friend
) -> None:
    ben = four_near["Ben"]
    with platform_context():
        Friend.objects.filter(pk=pro.pk).update(pro_until=now().date() - timedelta(days=1))
        assert prospect_of(job_of(on_site), now=now()).obstacle == "nobody_near"
        ProCountry.objects.all().delete()
        assert prospect_of(job_of(on_site), now=now()).obstacle == "not_enabled"
    with pytest.raises(NoProToAsk):
        escalate(on_site, ben)

    ask_manager_for_pro(job_id=on_site.placed_job_id, friend_id=ben.pk, words="The wall must be opened.", now=now())

    assert fresh(nord, on_site).attention == Attention.PRO_WANTED
    (mail,) = [mail for mail in deliver() if "A pro is needed" in mail.subject]
    assert "The wall must be opened." in mail.body
