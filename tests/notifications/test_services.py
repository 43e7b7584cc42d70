"""Devices, preferences, quiet hours and the list of push services."""

from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from kernel.clock import now
from notifications.client import is_known_service, public_key
from notifications.errors import BrokenSubscription, PushIsOff, UnknownPushService
from notifications.hours import end_of_quiet
from notifications.kinds import Channel, NoticeKind
from notifications.mail import MailMessage
from notifications.models import Notice, NoticePreference, PushSubscription
from notifications.selectors import inbox_of, is_on, preference_of, unread_of
from notifications.services import (
    MOST_DEVICES,
    forget_old_notices,
    keep_notice,
    mark_all_read,
    mark_read,
    subscribe,
    unsubscribe,
)
from tests.notifications.push_service import Phone, PushService

BEN, CEM = uuid4(), uuid4()
BERLIN = ZoneInfo("Europe/Berlin")


def add(phone: Phone, friend_id: UUID = BEN, **other: Any) -> PushSubscription:
    return subscribe(friend_id=friend_id, user_agent="", now=now(), **(phone.fields | other))


def tell(friend_id: UUID, key: str) -> None:
    keep_notice(key=key, friend_id=friend_id, topic="t", title=key, body="", path="", now=now())


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc",
        "https://updates.push.services.mozilla.com/wpush/v2/abc",
        "https://web.push.apple.com/abc",
        "https://fcm.googleapis.com:443/abc",
        "https://wns2-par02p.notify.windows.com/w/?token=abc",
    ],
)
def test_the_push_services_of_the_browsers_are_known(endpoint: str) -> None:
    assert is_known_service(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://example.com/abc",
        "https://fcm.googleapis.com.example.com/abc",
        "https://example.com/fcm.googleapis.com",
        "https://push.apple.com.evil.example/",
        "http://fcm.googleapis.com/abc",
        "https://fcm.googleapis.com:8443/abc",
        "https://me@fcm.googleapis.com/abc",
        "https://fcm.googleapis.com@example.com/abc",
        "https://10.0.0.1/",
        "https://localhost/",
        "ftp://fcm.googleapis.com/",
        "https://fcm.googleapis.com:x/",
        "https://[::1/",
        "",
    ],
)
def test_nobody_can_make_us_call_another_address(endpoint: str, db: None, service: PushService) -> None:
    assert not is_known_service(endpoint)

    with pytest.raises(UnknownPushService):
        add(service.subscribe(public_key()), endpoint=endpoint)
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("broken", [{"p256dh": "AAAA"}, {"p256dh": "B" * 87}, {"auth": "AAAA"}, {"auth": "*"}])
def test_keys_that_nobody_could_encrypt_with_are_refused(
    db: None, service: PushService, broken: dict[str, Any]
) -> None:
    phone = service.subscribe(public_key())
    assert add(phone)

    with pytest.raises(BrokenSubscription):
        add(phone, **broken)


def test_without_a_key_nobody_can_subscribe(db: None, service: PushService, settings: Settings) -> None:
    settings.VAPID_PRIVATE_KEY = ""

    with pytest.raises(PushIsOff):
        add(service.subscribe("whose"))


def test_a_device_belongs_to_whoever_signed_in_last(db: None, service: PushService) -> None:
    phone = service.subscribe(public_key())
    add(phone)
    assert PushSubscription.objects.get().friend_id == BEN

    add(phone, CEM)

    assert PushSubscription.objects.get().friend_id == CEM


def test_the_oldest_device_makes_room(db: None, service: PushService, clock: time_machine.Coordinates) -> None:
    oldest = add(service.subscribe(public_key()))
    clock.shift(1)
    for _number in range(MOST_DEVICES):
        add(service.subscribe(public_key()))

    assert PushSubscription.objects.count() == MOST_DEVICES
    assert not PushSubscription.objects.filter(pk=oldest.pk).exists()


def test_nobody_removes_the_device_of_another(db: None, service: PushService) -> None:
    device = add(service.subscribe(public_key()))

    assert not unsubscribe(friend_id=CEM, device_id=device.pk)
    assert unsubscribe(friend_id=BEN, device_id=device.pk)


def test_whoever_has_chosen_nothing_hears_of_everything(db: None) -> None:
    preference = preference_of(BEN)

    assert all(is_on(preference, kind, channel) for kind in NoticeKind for channel in Channel)
    assert preference.quiet_from is None
    assert not NoticePreference.objects.exists()


@pytest.mark.parametrize("hours", [(time(22), None), (None, time(7)), (time(7), time(7))])
def test_the_database_refuses_quiet_hours_without_an_end(db: None, hours: tuple[time | None, time | None]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        NoticePreference.objects.create(friend_id=BEN, quiet_from=hours[0], quiet_until=hours[1])


@pytest.mark.parametrize(
    ("local", "ends"),
    [
        ("2026-11-24T21:59", None),
        ("2026-11-24T22:00", "2026-11-25T07:00"),
        ("2026-11-24T23:30", "2026-11-25T07:00"),
        ("2026-11-25T00:30", "2026-11-25T07:00"),
        ("2026-11-25T06:59", "2026-11-25T07:00"),
        ("2026-11-25T07:00", None),
        # The clocks go forward at 2 o'clock, and back at 3.
        ("2027-03-27T23:00", "2027-03-28T07:00"),
        ("2026-10-24T23:00", "2026-10-25T07:00"),
    ],
)
def test_quiet_hours_run_past_midnight_in_the_friends_own_time(local: str, ends: str | None) -> None:
    moment = datetime.fromisoformat(local).replace(tzinfo=BERLIN).astimezone(UTC)

    found = end_of_quiet(moment, quiet_from=time(22), quiet_until=time(7), zone=BERLIN)

    assert found == (datetime.fromisoformat(ends).replace(tzinfo=BERLIN) if ends else moment)
    assert found >= moment


def test_quiet_hours_by_day_end_on_the_same_day() -> None:
    noon = datetime(2026, 11, 24, 12, 0, tzinfo=BERLIN)

    assert end_of_quiet(noon, quiet_from=time(11), quiet_until=time(14), zone=BERLIN) == noon + timedelta(hours=2)
    assert end_of_quiet(noon, quiet_from=time(8), quiet_until=time(12), zone=BERLIN) == noon


def test_a_notice_is_kept_once_and_read_by_its_friend_only(db: None) -> None:
    tell(BEN, "a")
    tell(BEN, "a")
    tell(BEN, "b")
    tell(CEM, "c")
    assert unread_of(BEN).count() == 2

    with pytest.raises(Notice.DoesNotExist):
        mark_read(friend_id=CEM, notice_id=Notice.objects.get(key="a").pk, now=now())
    mark_read(friend_id=BEN, notice_id=Notice.objects.get(key="a").pk, now=now())
    assert unread_of(BEN).count() == 1

    mark_all_read(friend_id=BEN, now=now())
    assert unread_of(BEN).count() == 0
    assert unread_of(CEM).count() == 1
    assert inbox_of(BEN).count() == 2


def test_old_notices_are_forgotten(db: None) -> None:
    tell(BEN, "old")
    inbox_of(BEN).update(created_at=now() - timedelta(days=91))
    tell(BEN, "new")

    assert forget_old_notices(now=now(), older_than=timedelta(days=90)) == 1
    assert inbox_of(BEN).get().key == "new"


@pytest.mark.parametrize(
    "subject", ["Neuer Auftrag in deiner Nähe: WLAN einrichten in Berlin und in ganz Brandenburg", "A" * 40 + " b" * 40]
)
def test_a_long_subject_begins_with_its_first_word(subject: str) -> None:
    raw = MailMessage(subject=subject, body="x", to=["a@friends.example"]).message().as_bytes()

    assert message_from_bytes(raw, policy=policy.default)["Subject"] == subject
