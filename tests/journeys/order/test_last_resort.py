"""Quiet hours and last resort (R17): the customer is never left in silence."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from time_machine import Coordinates

from crowd.models import Friend
from dispatch.models import Deadline, Job, Offer
from dispatch.states import DeadlineKind, JobState, OfferState
from journeys.links import order_token
from journeys.order.deadlines import sweep
from journeys.order.finding.accept_offer import accept_offer, decline_offer
from journeys.order.finding.ask_friends import ask_next_friends
from journeys.order.finding.pass_on_job import give_back_job
from kernel.clock import now
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import Attention, OrderState
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.services import change_settings
from tests.cast import Cast, book, deliver, register_friend
from tests.conftest import NOON
from tests.pages import place_order

ONE_OWN_WAVE = {"own_waves": 1, "crowd_waves": 0, "overflows": False}


def set_rules(tenant: Tenant, **rules: Any) -> None:
    """Let the partner have other rules."""
    change_settings(tenant=tenant, who="Maja", now=now(), **rules)
    tenant.refresh_from_db()


def placed(tenant: Tenant, order: Order) -> Order:
    """Return the order as it is now."""
    with tenant_context(tenant):
        return order_by_uuid(order.uuid)


def only_order(tenant: Tenant) -> Order:
    """Return the one order that there is."""
    with tenant_context(tenant):
        return order_by_uuid(Order.objects.values_list("uuid", flat=True).get())


def status_page(tenant: Tenant, visitor: Client, order: Order) -> str:
    """Return what the customer sees."""
    with tenant_context(tenant):
        token = order_token(order.uuid)
    return unescape(visitor.get(f"/en/orders/{token}/").content.decode())


def log_page(manager_client: Client, order: Order) -> str:
    """Return the order as a manager sees it."""
    return manager_client.get(f"/admin/orders/inspect/{order.pk}/").content.decode()


@pytest.fixture
def night(nord: Tenant, four_near: Cast, clock: Coordinates) -> None:
    """Let it be half past ten in the evening at a partner with quiet hours from ten to seven."""
    set_rules(nord, quiet_from=22, quiet_until=7)
    clock.move_to(NOON + timedelta(hours=10, minutes=30))


@pytest.mark.usefixtures("night")
def test_an_order_of_the_night_says_when_friends_are_asked(
    nord: Tenant, visitor: Client, manager_client: Client, clock: Coordinates
) -> None:
    done = place_order(visitor)
    order = only_order(nord)

    assert not Offer.objects.exists()
    [confirmation] = [mail for mail in deliver() if mail.to == ["ada@customers.example"]]
    assert "from Wednesday, 25 November 2026, 07:00 we'll ask friends" in confirmation.body
    assert "right now" not in confirmation.body
    assert "from Wednesday, 25 November 2026, 07:00 we'll ask friends near you" in done
    assert "right now" not in done
    assert "from Wednesday, 25 November 2026, 07:00 we'll ask friends" in status_page(nord, visitor, order)
    assert "Quiet hours: friends are asked from" in log_page(manager_client, order)

    clock.move_to(NOON + timedelta(hours=18, minutes=59))
    assert sweep(now=now()) == 0
    clock.move_to(NOON + timedelta(hours=19))
    assert sweep(now=now()) == 1

    offers = Offer.objects.all()
    assert {offer.expires_at for offer in offers} == {now() + timedelta(minutes=30)}
    assert len(offers) == 4
    assert "disturb anyone" not in status_page(nord, visitor, order)


@pytest.mark.usefixtures("night")
def test_a_sweeper_that_comes_only_the_next_night_still_asks_in_the_morning_after(
    nord: Tenant, clock: Coordinates
) -> None:
    order = book(nord)
    clock.move_to(NOON + timedelta(hours=35))

    sweep(now=now())

    assert not Offer.objects.exists()
    waiting = Deadline.objects.get(job_id=order.placed_job_id, kind=DeadlineKind.WAVE_OPENS)
    assert (waiting.done_at, waiting.due_at) == (None, NOON + timedelta(hours=43))
    clock.move_to(waiting.due_at)
    sweep(now=now())
    assert Offer.objects.count() == 4


@pytest.mark.usefixtures("night")
def test_asking_twice_in_the_night_tells_once(nord: Tenant) -> None:
    order = book(nord)

    ask_next_friends(job_id=order.placed_job_id, after_wave=0, now=now() + timedelta(minutes=1))

    kinds = [event.kind for event in placed(nord, order).events.all()]
    assert kinds.count("search_waits") == 1


def test_a_wave_that_has_declined_in_the_night_is_followed_in_the_morning(
    nord: Tenant, four_near: Cast, visitor: Client, clock: Coordinates
) -> None:
    register_friend("Finn", km=9, communities=[nord.pk])
    set_rules(nord, quiet_from=22, quiet_until=7)
    clock.move_to(NOON + timedelta(hours=9, minutes=50))
    order = book(nord)
    clock.shift(timedelta(minutes=30))

    for friend in four_near.values():
        decline_offer(job_id=order.placed_job_id, friend_id=friend.pk, reason="no_time", now=now())

    assert Offer.objects.count() == 4
    assert "disturb anyone" in status_page(nord, visitor, order)
    clock.move_to(NOON + timedelta(hours=19))
    sweep(now=now())
    assert Offer.objects.filter(wave=2).count() == 1


def test_the_order_is_cancelled_with_honest_words_where_that_is_the_last_resort(
    nord: Tenant, four_near: Cast, visitor: Client, manager_client: Client, clock: Coordinates
) -> None:
    set_rules(nord, last_resort="cancel", **ONE_OWN_WAVE)
    order = book(nord)
    deliver()
    clock.shift(timedelta(minutes=31))

    sweep(now=now())

    job, ended = Job.objects.get(pk=order.placed_job_id), placed(nord, order)
    assert (job.state, ended.state, ended.attention) == (JobState.CANCELLED, OrderState.CANCELLED, Attention.NONE)
    assert set(Offer.objects.values_list("state", flat=True)) == {OfferState.EXPIRED}
    told = {mail.to[0]: mail for mail in deliver()}
    assert set(told) == {"ada@customers.example", "manager@nord.example"}
    assert "nobody was available" in told["ada@customers.example"].body
    assert "You don't pay anything" in told["ada@customers.example"].body
    assert "nobody was found" in told["manager@nord.example"].subject
    assert "book again with other times" in status_page(nord, visitor, order)
    assert "under the last-resort rule" in log_page(manager_client, order)
    assert sweep(now=now()) == 0


def test_an_open_offer_ends_with_the_search(nord: Tenant, four_near: Cast, clock: Coordinates) -> None:
    set_rules(nord, last_resort="cancel", **ONE_OWN_WAVE)
    order = book(nord)

    for friend in four_near.values():
        decline_offer(job_id=order.placed_job_id, friend_id=friend.pk, reason="no_time", now=now())

    assert placed(nord, order).state == OrderState.CANCELLED
    assert not Offer.objects.filter(state=OfferState.OPEN).exists()


def test_one_more_wave_looks_twice_as_far_and_then_the_desk_is_asked(
    nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    far = register_friend("Finn", km=70, communities=[nord.pk], radius_m=100_000)
    too_far = register_friend("Gabi", km=99, communities=[nord.pk], radius_m=100_000)
    set_rules(nord, last_resort="wider", reach_m=40_000, **ONE_OWN_WAVE)
    order = book(nord)
    clock.shift(timedelta(minutes=31))

    sweep(now=now())

    asked = set(Offer.objects.filter(wave=2).values_list("friend_id", flat=True))
    assert asked == {far.pk}
    assert too_far.pk not in asked
    clock.shift(timedelta(minutes=31))
    sweep(now=now())
    assert placed(nord, order).state == OrderState.UNFILLED
    assert any("We have not found anybody yet" in mail.subject for mail in deliver())


def test_a_wider_look_goes_to_the_own_community_first(nord: Tenant, four_near: Cast, clock: Coordinates) -> None:
    own = register_friend("Finn", km=70, communities=[nord.pk], radius_m=100_000)
    register_friend("Gabi", km=60, in_shared_crowd=True, radius_m=100_000)
    set_rules(nord, last_resort="wider", reach_m=40_000, own_waves=1, crowd_waves=1)
    book(nord)
    clock.shift(timedelta(minutes=31))

    sweep(now=now())

    assert set(Offer.objects.exclude(wave=1).values_list("friend_id", flat=True)) == {own.pk}


def test_the_end_of_a_wave_of_an_earlier_search_does_not_cut_the_new_one_short(
    nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    """R14: after a friend gave the job back, the new wave has all its minutes."""
    for km, name in enumerate(("Finn", "Gabi", "Hugo", "Ida"), start=5):
        register_friend(name, km=km, communities=[nord.pk])
    order = book(nord)
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    clock.shift(timedelta(minutes=10))
    ben = four_near["Ben"].pk
    give_back_job(job_id=order.placed_job_id, friend_id=ben, reason="ill", words="", now=now())
    assert Job.objects.get(pk=order.placed_job_id).wave == 1
    clock.shift(timedelta(minutes=21))

    sweep(now=now())

    assert Job.objects.get(pk=order.placed_job_id).wave == 1
    assert Offer.objects.filter(search=2, state=OfferState.OPEN).count() == 4


@pytest.mark.parametrize("last_resort", ["desk", "cancel"])
def test_who_books_where_nobody_is_free_reads_it_at_once(
    nord: Tenant, four_near: Cast, visitor: Client, last_resort: str
) -> None:
    set_rules(nord, last_resort=last_resort, **ONE_OWN_WAVE)
    Friend.objects.update(free_week=0)

    done = place_order(visitor)

    assert "We haven't found anyone who is available" in done
    assert "right now" not in done
    subjects = [mail.subject for mail in deliver() if mail.to == ["ada@customers.example"]]
    assert len(subjects) == 2
