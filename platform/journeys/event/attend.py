"""Somebody signs up for an event, confirms by mail, gives the seat back; who waits moves up. Run inside the tenant."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from events import services
from events.models import SignUp
from events.services import Guest
from journeys.event.telling import tell_guests
from journeys.topics import ToGuest


@transaction.atomic
def sign_up_guest(*, event_id: UUID, guest: Guest, tenant_id: int, now: datetime) -> SignUp:
    """Hold a seat or a place on the waiting list for a guest, and mail the link that confirms it.

    Whoever signs up again gets the link again, or what they know already. Raises NoSuchEvent, EventCalledOff or
    SignUpClosed.
    """
    sign_up, _is_new = services.sign_up(event_id=event_id, guest=guest, now=now)
    topic = ToGuest.PLEASE_CONFIRM if sign_up.confirmed_at is None else _standing(sign_up)
    tell_guests(topic, [sign_up], tenant_id=tenant_id, now=now, once=now.isoformat())
    return sign_up


@transaction.atomic
def confirm_guest(*, sign_up_id: UUID, tenant_id: int, now: datetime) -> SignUp:
    """Take a guest's word that the address is theirs, and mail where they stand; twice tells nothing.

    Raises ``SignUp.DoesNotExist``, EventCalledOff or SignUpClosed.
    """
    sign_up, is_new = services.confirm(sign_up_id=sign_up_id, now=now)
    if is_new:
        tell_guests(_standing(sign_up), [sign_up], tenant_id=tenant_id, now=now, once=now.isoformat())
    return sign_up


@transaction.atomic
def leave_event(*, sign_up_id: UUID, tenant_id: int, now: datetime) -> SignUp:
    """Give a seat back, confirm it by mail, and tell who moves up; twice tells nothing.

    Raises ``SignUp.DoesNotExist``, or SignUpClosed once the event has begun.
    """
    sign_up, moved_up = services.leave(sign_up_id=sign_up_id, now=now)
    if sign_up.cancelled_at == now:
        tell_guests(ToGuest.LEFT, [sign_up], tenant_id=tenant_id, now=now)
    tell_guests(ToGuest.MOVED_UP, moved_up, tenant_id=tenant_id, now=now)
    return sign_up


@transaction.atomic
def erase_guest(*, sign_up_id: UUID, tenant_id: int, now: datetime) -> None:
    """Delete all that is known of somebody who signed up, and tell who moves up.

    Raises ``SignUp.DoesNotExist``.
    """
    moved_up = services.erase_sign_up(sign_up_id=sign_up_id, now=now)
    tell_guests(ToGuest.MOVED_UP, moved_up, tenant_id=tenant_id, now=now)


def _standing(sign_up: SignUp) -> ToGuest:
    return ToGuest.HAS_SEAT if sign_up.is_going else ToGuest.WAITS
