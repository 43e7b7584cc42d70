"""The friends' app after acceptance (R15): give back, attempts, absence, asking again."""

from datetime import timedelta

import pytest
from django.test import Client
from time_machine import Coordinates

from dispatch.models import ContactAttempt, Job, Offer
from dispatch.states import JobState
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.working.agree_date import accept_date_as_customer, propose_date_as_friend
from kernel.clock import now
from orders.models import Order
from orders.selectors import order_by_uuid
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import PASSWORD, Cast, book, register_friend
from tests.pages import assert_valid_html, press

STEPS = ("give-back", "attempts", "not-there", "unreachable")


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that Ben has."""
    placed = book(nord)
    accept_offer(job_id=placed.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    return placed


@pytest.fixture
def job_url(order: Order) -> str:
    """Return the path of its job."""
    return f"/en/jobs/{order.placed_job_id}/"


def signed_in(name: str) -> Client:
    """Return a friend, signed in."""
    client = Client(headers={"host": "app.localhost"})
    client.post("/en/sign-in/", {"username": f"{name.lower()}@friends.example", "password": PASSWORD})
    return client


@pytest.mark.parametrize("step", STEPS)
def test_who_does_not_have_the_job_finds_nothing(job_url: str, sued: Tenant, step: str) -> None:
    register_friend("Greta", km=1, communities=[sued.pk])

    for name in ("Cem", "Greta"):
        assert signed_in(name).get(f"{job_url}{step}/").status_code == 404
        assert signed_in(name).post(f"{job_url}{step}/", {"reason": "ill", "channel": "phone"}).status_code == 404
    assert signed_in("Greta").post(f"{job_url}ask-again/", {"wants": "1"}).status_code == 404
    assert Client(headers={"host": "app.localhost"}).get(f"{job_url}{step}/").status_code == 302
    assert Job.objects.get().state == JobState.ASSIGNED


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_a_page_of_its_own(friend_client: Client, job_url: str, step: str) -> None:
    page = friend_client.get(f"{job_url}{step}/")

    assert page.status_code == 200
    assert_valid_html(page)


def test_the_job_says_before_and_after_acceptance_what_is_owed(
    nord: Tenant, friend_client: Client, job_url: str
) -> None:
    other = book(nord)

    for path in (job_url, f"/en/jobs/{other.placed_job_id}/"):
        page = friend_client.get(path)
        assert "What you get when something goes wrong" in page.content.decode()
        assert "12.50" in page.content.decode()
        assert_valid_html(page)


def test_giving_back_needs_a_reason_and_says_what_happens(friend_client: Client, job_url: str) -> None:
    refused = friend_client.post(f"{job_url}give-back/", {"words": "Sorry"})
    assert refused.status_code == 422
    assert "Please choose a reason." in refused.content.decode()
    assert "Sorry" in refused.content.decode()
    assert_valid_html(refused)

    done = friend_client.post(f"{job_url}give-back/", {"reason": "ill", "words": "Sorry"}, follow=True)

    assert "Other friends are being asked" in done.content.decode()
    assert "Ask me again if the job comes up again" in done.content.decode()
    assert "Ada Lovelace" not in done.content.decode()
    assert Job.objects.get().friend_id is None
    assert_valid_html(done)


def test_attempts_are_counted_and_the_way_out_opens_only_when_enough_was_tried(
    friend_client: Client, job_url: str, clock: Coordinates
) -> None:
    too_early = friend_client.post(f"{job_url}unreachable/")
    assert too_early.status_code == 422
    assert "5 more attempts are needed." in too_early.content.decode()
    for channel in ("phone", "sms", "phone", "visit", "phone"):
        assert f"{job_url}unreachable/" not in friend_client.get(job_url).content.decode()
        friend_client.post(f"{job_url}attempts/", {"channel": channel, "note": "Voicemail"})
        clock.shift(timedelta(hours=6))
    assert ContactAttempt.objects.count() == 5
    page = friend_client.get(job_url)
    assert "5 attempts logged" in page.content.decode()
    assert f"{job_url}unreachable/" in page.content.decode()
    assert_valid_html(page)

    done = friend_client.post(f"{job_url}unreachable/", follow=True)

    assert "What you are owed has been noted" in done.content.decode()
    assert "Under the rules you get €12.50" in done.content.decode()
    assert_valid_html(done)
    assert Job.objects.get().state == JobState.CANCELLED


def test_the_jobs_own_button_leads_to_the_attempts_and_on_to_the_end_of_the_job(
    friend_client: Client, job_url: str, clock: Coordinates
) -> None:
    for channel in ("phone", "sms", "phone", "visit", "phone"):
        page = press(friend_client, friend_client.get(job_url), "Log an attempt to reach the customer")
        page = press(friend_client, page, "Log this attempt", {"channel": channel, "note": "Voicemail"})
        assert "Your attempt has been logged." in page.content.decode()
        clock.shift(timedelta(hours=6))

    page = press(friend_client, friend_client.get(job_url), "The customer cannot be reached")
    page = press(friend_client, page, "End the job")

    assert "What you are owed has been noted" in page.content.decode()
    assert Job.objects.get().state == JobState.CANCELLED


def test_an_attempt_by_the_same_channel_within_a_minute_is_said_not_to_count(
    friend_client: Client, job_url: str, clock: Coordinates
) -> None:
    form = press(friend_client, friend_client.get(job_url), "Log an attempt to reach the customer")
    press(friend_client, form, "Log this attempt", {"channel": "phone", "note": "Voicemail"})
    clock.shift(timedelta(seconds=20))

    refused = press(friend_client, form, "Log this attempt", {"channel": "phone", "note": "Engaged"})

    assert refused.status_code == 422
    body = refused.content.decode()
    assert "Not counted: an attempt by the same channel is already logged at 12:00." in body
    assert "The next one counts from 12:01." in body
    assert "Engaged" in body
    assert ContactAttempt.objects.count() == 1
    assert_valid_html(refused)
    press(friend_client, refused, "Log this attempt", {"channel": "sms"})
    clock.shift(timedelta(seconds=40))
    press(friend_client, refused, "Log this attempt", {"channel": "phone"})
    assert ContactAttempt.objects.count() == 3


def test_an_attempt_needs_a_channel(friend_client: Client, job_url: str) -> None:
    answer = friend_client.post(f"{job_url}attempts/", {"channel": "pigeon", "note": "Voicemail"})

    assert answer.status_code == 422
    assert "Voicemail" in answer.content.decode()
    assert not ContactAttempt.objects.exists()


def test_absence_is_reported_15_minutes_after_the_agreed_time(
    nord: Tenant, order: Order, four_near: Cast, friend_client: Client, job_url: str, clock: Coordinates
) -> None:
    date = propose_date_as_friend(
        job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, starts_at=now() + timedelta(hours=3), now=now()
    )
    with tenant_context(nord):
        accept_date_as_customer(order=order_by_uuid(order.uuid), appointment_id=date.pk, now=now())
    clock.shift(timedelta(hours=3, minutes=14))
    assert "not-there" not in friend_client.get(job_url).content.decode()
    refused = friend_client.post(f"{job_url}not-there/", {"words": "Nobody opened"})
    assert refused.status_code == 422
    assert "You can report this from" in refused.content.decode()
    assert "Nobody opened" in refused.content.decode()
    clock.shift(timedelta(minutes=1))
    assert "not-there" in friend_client.get(job_url).content.decode()

    done = friend_client.post(f"{job_url}not-there/", {"words": "Nobody opened"}, follow=True)

    assert "You have reported that the customer was not there" in done.content.decode()
    assert_valid_html(done)


def test_a_friend_who_was_too_late_can_ask_to_be_asked_again(job_url: str) -> None:
    cem = signed_in("Cem")
    assert "Ask me again" in cem.get(job_url).content.decode()

    wanted = cem.post(f"{job_url}ask-again/", {"wants": "1"}, follow=True)
    assert "Do not ask me again" in wanted.content.decode()
    assert_valid_html(wanted)
    assert Offer.objects.get(friend__first_name="Cem").wants_again

    cem.post(f"{job_url}ask-again/", {"wants": "0"})
    assert not Offer.objects.get(friend__first_name="Cem").wants_again
