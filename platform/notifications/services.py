"""Writes about notices, devices and preferences."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from notifications import client
from notifications.errors import BrokenSubscription, PushIsOff, UnknownPushService
from notifications.held_back import hold_back
from notifications.kinds import Channel, NoticeKind
from notifications.models import (
    AGENT_LENGTH,
    BODY_LENGTH,
    ENDPOINT_LENGTH,
    TITLE_LENGTH,
    Notice,
    NoticePreference,
    PushSubscription,
)
from notifications.selectors import devices_of
from tenants.context import sandbox_at_hand

MOST_DEVICES = 10
TOPIC_LENGTH = 32


@transaction.atomic
def subscribe(
    *, friend_id: UUID, endpoint: str, p256dh: str, auth: str, user_agent: str, now: datetime
) -> PushSubscription:
    """Note a device of a friend; a device that another friend had before is theirs no more.

    The oldest device goes where there would be more than ten. Raises PushIsOff, UnknownPushService, BrokenSubscription.
    """
    if not client.push_is_on():
        raise PushIsOff
    if not client.is_known_service(endpoint):
        raise UnknownPushService
    if len(endpoint) > ENDPOINT_LENGTH or not client.has_keys(client.Device(endpoint, p256dh, auth)):
        raise BrokenSubscription
    values = {
        "friend_id": friend_id,
        "p256dh": p256dh,
        "auth": auth,
        "user_agent": user_agent[:AGENT_LENGTH],
        "created_at": now,
        "last_ok_at": None,
    }
    subscription, _ = PushSubscription.objects.update_or_create(endpoint=endpoint, defaults=values)
    kept = list(devices_of(friend_id).values_list("pk", flat=True)[:MOST_DEVICES])
    PushSubscription.objects.filter(friend_id=friend_id).exclude(pk__in=kept).delete()
    return subscription


def unsubscribe(*, friend_id: UUID, device_id: UUID) -> bool:
    """Forget a device of a friend; say whether it was theirs."""
    deleted, _ = PushSubscription.objects.filter(pk=device_id, friend_id=friend_id).delete()
    return deleted == 1


def forget_device(*, friend_id: UUID, endpoint: str) -> None:
    """Send no more pushes to a device on which a friend signs out, if it is one of theirs."""
    PushSubscription.objects.filter(friend_id=friend_id, endpoint=endpoint).delete()


def forget_other_devices(*, friend_id: UUID, endpoint: str) -> None:
    """Send pushes to no device but this one of a friend: a new password has signed the others out."""
    PushSubscription.objects.filter(friend_id=friend_id).exclude(endpoint=endpoint).delete()


def keep_preference(
    *,
    friend_id: UUID,
    push: Iterable[NoticeKind],
    mail: Iterable[NoticeKind],
    quiet_from: time | None,
    quiet_until: time | None,
    time_zone: str,
) -> NoticePreference:
    """Keep which kinds a friend wants by push and by mail, and their quiet hours."""
    pushed, mailed = set(push), set(mail)
    preference, _ = NoticePreference.objects.update_or_create(
        friend_id=friend_id,
        defaults={
            "no_push": [kind for kind in NoticeKind if kind not in pushed],
            "no_mail": [kind for kind in NoticeKind if kind not in mailed],
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "time_zone": time_zone,
        },
    )
    return preference


def keep_notice(*, key: str, friend_id: UUID, topic: str, title: str, body: str, path: str, now: datetime) -> None:
    """Put a notice into a friend's inbox. Repeating a key changes nothing."""
    Notice.objects.bulk_create(
        [
            Notice(
                key=key,
                friend_id=friend_id,
                topic=topic,
                title=title[:TITLE_LENGTH],
                body=body[:BODY_LENGTH],
                path=path,
                created_at=now,
            )
        ],
        ignore_conflicts=True,
    )


def mark_read(*, friend_id: UUID, notice_id: int, now: datetime) -> Notice:
    """Note that a friend has read a notice, and return it.

    Raises ``Notice.DoesNotExist`` where it is not theirs.
    """
    notice = Notice.objects.get(pk=notice_id, friend_id=friend_id)
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=now)
    return notice


def mark_all_read(*, friend_id: UUID, now: datetime) -> int:
    """Note that a friend has read all that has come, and return how much that was."""
    return Notice.objects.filter(friend_id=friend_id, read_at=None, created_at__lte=now).update(read_at=now)


def mark_several_read(notices: Iterable[Notice], *, now: datetime) -> None:
    """Note that these notices are read."""
    if found := [notice.pk for notice in notices]:
        Notice.objects.filter(pk__in=found, read_at=None).update(read_at=now)


def forget_old_notices(*, now: datetime, older_than: timedelta) -> int:
    """Delete what came long ago, read or not, and return how much it was."""
    forgotten, _ = Notice.objects.filter(created_at__lt=now - older_than).delete()
    return forgotten


def send_push(
    *, device_id: UUID, payload: Mapping[str, str], key: str, ttl: timedelta, is_urgent: bool, now: datetime
) -> bool:
    """Send a push to a device, and say whether it went; a device that its service does not know any more is forgotten.

    ``key`` names the occasion: service and browser put a repeated one in the place of the first. Raises PushIsOff, and
    UnableToPush where it is worth another try.
    """
    device = PushSubscription.objects.filter(pk=device_id).first()
    if device is None:
        return False
    sandbox_id = sandbox_at_hand()
    if sandbox_id is not None:
        title, body = payload.get("title", ""), payload.get("body", "")
        hold_back(sandbox_id=sandbox_id, channel=Channel.PUSH, recipient=str(device_id), subject=title, text=body)
        return True
    tag = hashlib.sha256(key.encode()).hexdigest()[:TOPIC_LENGTH]
    is_there = client.push(
        client.Device(device.endpoint, device.p256dh, device.auth),
        {**payload, "tag": tag},
        ttl_s=int(ttl.total_seconds()),
        topic=tag,
        is_urgent=is_urgent,
    )
    if not is_there:
        PushSubscription.objects.filter(pk=device_id).delete()
        return False
    PushSubscription.objects.filter(pk=device_id).update(last_ok_at=now)
    return True
