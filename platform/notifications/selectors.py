"""Reads about notices, devices and preferences."""

from uuid import UUID

from django.db.models import QuerySet

from notifications.kinds import Channel, NoticeKind
from notifications.models import Notice, NoticePreference, PushSubscription


def preference_of(friend_id: UUID) -> NoticePreference:
    """Return what a friend has chosen, or what holds for whoever has chosen nothing (unsaved, everything on)."""
    return NoticePreference.objects.filter(pk=friend_id).first() or NoticePreference(friend_id=friend_id)


def is_on(preference: NoticePreference, kind: NoticeKind, channel: Channel) -> bool:
    """Say whether a friend wants to hear of something on a channel; the inbox of the app takes all."""
    off = {Channel.PUSH: preference.no_push, Channel.MAIL: preference.no_mail, Channel.APP: [], Channel.WEBHOOK: []}
    return kind not in off[channel]


def devices_of(friend_id: UUID) -> QuerySet[PushSubscription]:
    """Return a friend's devices, the newest first."""
    return PushSubscription.objects.filter(friend_id=friend_id).order_by("-created_at", "id")


def inbox_of(friend_id: UUID) -> QuerySet[Notice]:
    """Return a friend's notices, the newest first."""
    return Notice.objects.filter(friend_id=friend_id).order_by("-created_at", "-id")


def unread_of(friend_id: UUID) -> QuerySet[Notice]:
    """Return the notices that a friend has not read, the newest first."""
    return inbox_of(friend_id).filter(read_at=None)
