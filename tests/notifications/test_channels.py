"""A friend is told by push, by mail and in the app, on the channels and in the hours of their choice (R14).

Each channel once, never what has become pointless, never anything of a customer on a locked screen.
"""

from datetime import datetime, time, timedelta

import pytest
from django.core import mail
from pytest_django.fixtures import Settings
from time_machine import Coordinates

from crowd.models import Friend
from dispatch.models import Job, Offer
from journeys.friend.try_notices import send_trial
from journeys.order.finding.accept_offer import accept_offer
from journeys.posting import tell_friend
from journeys.topics import ToFriend
from kernel.clock import now
from notices.channels import FriendNotice
from notices.handlers import HANDLERS
from notifications.kinds import NoticeKind
from notifications.models import Notice, PushSubscription
from notifications.services import keep_preference
from outbox.models import Message
from outbox.services import BACKOFF
from tenants.models import Tenant
from tests.cast import ADA, Cast, book, deliver
from tests.notifications.conftest import subscribed
from tests.notifications.push_service import Phone, PushService

EVERYTHING = list(NoticeKind)


def choose(friend: Friend, **chosen: object) -> None:
    """Let a friend choose; what is not named is on, at any hour."""
    everything = {"push": EVERYTHING, "mail": EVERYTHING, "quiet_from": None, "quiet_until": None}
    keep_preference(friend_id=friend.pk, time_zone="Europe/Berlin", **(everything | chosen))  # type: ignore[arg-type]


def mails_to(friend: Friend) -> list[str]:
    return [str(one.subject) for one in mail.outbox if one.to == [friend.email]]


def test_an_offer_comes_by_push_by_mail_and_in_the_app(nord: Tenant, four_near: Cast, phone: Phone) -> None:
    book(nord)

    deliver()

    ben = four_near["Ben"]
    assert mails_to(ben) == ["New job near you: Wi-Fi set-up in Berlin"]
    assert Notice.objects.get(friend_id=ben.pk).title == "New job near you: Wi-Fi set-up in Berlin"
    [push] = phone.got
    assert push["title"] == "New job near you: Wi-Fi set-up in Berlin"
    assert push["body"].startswith("You get €41.65")
    assert push["url"] == f"/en/jobs/{Offer.objects.get(friend=ben).job_id}/"
    assert PushSubscription.objects.get().last_ok_at == now()


def test_a_push_is_urgent_and_worthless_when_the_offer_is_over(nord: Tenant, phone: Phone) -> None:
    book(nord)

    deliver()

    [headers] = phone.headers
    offer = Offer.objects.get(friend__first_name="Ben")
    assert headers["urgency"] == "high"
    assert int(headers["ttl"]) == (offer.expires_at - now()).total_seconds()
    assert headers["topic"] == phone.got[0]["tag"]


# Posted by what was done before, or with another reference than a job.
NOT_ABOUT_A_JOB = {
    *("offer_made", "job_yours", "notice_trial", "review_answered"),
    *("certificate_issued", "certificate_ends_soon", "certificate_expired", "certificate_revoked"),
    *("rating_arrived", "words_decided_to_friend"),
}


def test_no_push_and_no_inbox_holds_anything_of_the_customer(nord: Tenant, four_near: Cast, phone: Phone) -> None:
    order = book(nord)
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    job = Job.objects.get(pk=order.placed_job_id)
    for topic in HANDLERS:
        if isinstance(HANDLERS[topic], FriendNotice) and topic not in NOT_ABOUT_A_JOB:
            tell_friend(ToFriend(topic), job=job, friend_id=four_near["Ben"].pk, now=now(), once="all")

    deliver()

    assert len(phone.got) >= 6
    shown = str(phone.got) + str(list(Notice.objects.values_list("title", "body")))
    for hidden in (*ADA["name"].split(), ADA["email"], ADA["street"], "1234567", "The signal is weak"):
        assert hidden not in shown


def test_what_is_delivered_is_not_delivered_again(nord: Tenant, four_near: Cast, phone: Phone) -> None:
    book(nord)
    deliver()
    before = (len(mail.outbox), len(phone.got), Notice.objects.count())
    assert before[1] == 1

    # A first step that is taken again, as after a crash between delivery and mark.
    Message.objects.filter(topic="offer_made").update(sent_at=None)
    deliver()

    assert (len(mail.outbox), len(phone.got), Notice.objects.count()) == before


@pytest.mark.parametrize(("off", "pushes", "mails"), [("push", 0, 1), ("mail", 1, 0)])
def test_a_channel_that_is_off_is_silent_and_the_inbox_keeps_the_notice(
    nord: Tenant, four_near: Cast, phone: Phone, off: str, pushes: int, mails: int
) -> None:
    choose(four_near["Ben"], **{off: [kind for kind in EVERYTHING if kind != NoticeKind.OFFERS]})
    book(nord)

    deliver()

    assert len(phone.got) == pushes
    assert len(mails_to(four_near["Ben"])) == mails
    assert Notice.objects.filter(friend_id=four_near["Ben"].pk).count() == 1


def test_news_wait_until_the_quiet_hours_end_and_the_inbox_does_not(
    nord: Tenant, four_near: Cast, phone: Phone, clock: Coordinates
) -> None:
    order = book(nord)
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    # Noon in London is one o'clock in Berlin.
    choose(four_near["Ben"], quiet_from=time(11), quiet_until=time(14))

    deliver()
    assert phone.got == []
    assert mails_to(four_near["Ben"]) == []
    assert Notice.objects.filter(friend_id=four_near["Ben"].pk, topic="job_yours").count() == 1

    clock.move_to(datetime.fromisoformat("2026-11-24T14:00:00+01:00"))
    deliver()
    assert [push["title"] for push in phone.got] == ["The job is yours: Wi-Fi set-up in Berlin"]
    assert mails_to(four_near["Ben"]) == ["The job is yours: Wi-Fi set-up in Berlin"]


def test_a_deadline_does_not_wait(nord: Tenant, four_near: Cast, phone: Phone) -> None:
    order = book(nord)
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    choose(four_near["Ben"], quiet_from=time(0), quiet_until=time(23))
    job = Job.objects.get(pk=order.placed_job_id)
    tell_friend(ToFriend.CONTACT_LAST_CALL, job=job, friend_id=four_near["Ben"].pk, now=now(), once="1")

    deliver()

    assert [push["title"].partition(":")[0] for push in phone.got] == ["Last call"]


@pytest.mark.parametrize(
    ("minutes_until_quiet_ends", "comes_at_once"),
    # The offer is open for thirty minutes; less than fifteen left are not worth waiting for.
    [(10, False), (15, False), (16, True), (120, True)],
)
def test_an_offer_waits_only_where_enough_of_it_is_left(
    nord: Tenant, four_near: Cast, phone: Phone, clock: Coordinates, minutes_until_quiet_ends: int, comes_at_once: bool
) -> None:
    ends_at = time(12 + minutes_until_quiet_ends // 60, minutes_until_quiet_ends % 60)
    choose(four_near["Ben"], quiet_from=time(1), quiet_until=ends_at)
    book(nord)

    deliver()
    assert (len(phone.got) == 1) is comes_at_once

    clock.shift(timedelta(minutes=minutes_until_quiet_ends))
    deliver()
    assert len(phone.got) == 1


def test_an_offer_that_was_taken_meanwhile_is_not_sent(
    nord: Tenant, four_near: Cast, phone: Phone, clock: Coordinates
) -> None:
    choose(four_near["Ben"], quiet_from=time(1), quiet_until=time(12, 10))
    order = book(nord)
    deliver()
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Cem"].pk, now=now())

    clock.shift(timedelta(minutes=10))
    deliver()

    assert phone.got == []
    assert mails_to(four_near["Ben"]) == []
    assert not Message.objects.filter(sent_at=None, reference__notice="offer_made").exists()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_push_that_is_refused_is_tried_again_and_nothing_else_is(
    nord: Tenant, four_near: Cast, phone: Phone, clock: Coordinates, status: int
) -> None:
    phone.answers = [status]
    book(nord)

    deliver()
    assert phone.got == []
    assert len(mails_to(four_near["Ben"])) == 1
    waiting = Message.objects.get(sent_at=None)
    assert f"answers {status}" in waiting.last_error

    clock.shift(BACKOFF[0])
    deliver()
    assert len(phone.got) == 1
    assert len(mails_to(four_near["Ben"])) == 1


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [("600", 600), ("Tue, 24 Nov 2026 11:10:00 GMT", 600), ("9" * 30, 7200), ("2", 5), ("-5", 5), ("soon", 5)],
)
def test_a_busy_service_is_left_alone_as_long_as_it_asks(
    nord: Tenant, phone: Phone, clock: Coordinates, retry_after: str, seconds: int
) -> None:
    phone.answers, phone.retry_after = [429], retry_after
    book(nord)

    deliver()

    assert Message.objects.get(sent_at=None).due_at == now() + timedelta(seconds=seconds)


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_its_service_does_not_know_any_more_is_forgotten(
    nord: Tenant, four_near: Cast, service: PushService, phone: Phone, status: int
) -> None:
    tablet = subscribed(service, four_near["Ben"])
    phone.answers = [status]
    book(nord)

    deliver()

    assert [one.endpoint for one in PushSubscription.objects.all()] == [tablet.endpoint]
    assert len(tablet.got) == 1
    assert not Message.objects.filter(sent_at=None).exists()


def test_a_service_that_sends_us_elsewhere_is_not_followed(nord: Tenant, phone: Phone) -> None:
    phone.answers = [307]
    book(nord)

    deliver()

    assert "answers 307" in Message.objects.get(sent_at=None).last_error


def test_two_devices_are_two_steps(nord: Tenant, four_near: Cast, service: PushService, phone: Phone) -> None:
    tablet = subscribed(service, four_near["Ben"])
    tablet.answers = [503]
    book(nord)

    deliver()

    assert len(phone.got) == 1
    assert Message.objects.filter(topic="push_to_friend", sent_at=None).count() == 1


def test_without_a_key_of_ours_all_comes_by_mail(
    nord: Tenant, four_near: Cast, phone: Phone, settings: Settings
) -> None:
    settings.VAPID_PRIVATE_KEY = ""
    book(nord)

    deliver()

    assert phone.got == []
    assert len(mails_to(four_near["Ben"])) == 1
    assert not Message.objects.filter(sent_at=None).exists()


def test_the_test_notice_comes_on_every_channel_at_any_hour(nord: Tenant, four_near: Cast, phone: Phone) -> None:
    ben = four_near["Ben"]
    choose(ben, push=[], mail=[], quiet_from=time(0), quiet_until=time(23))

    send_trial(friend_id=ben.pk, now=now())
    deliver()

    assert [push["title"] for push in phone.got] == ["Your test notification has arrived"]
    assert mails_to(ben) == ["Your test notification has arrived"]
    assert phone.got[0]["url"] == Notice.objects.get(friend_id=ben.pk).path == "/en/notices/"
