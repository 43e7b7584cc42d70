"""Somebody signs up for an event, confirms by mail, gives the seat back; who waits moves up. Run inside the tenant."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from crowd.certificates import add_months
from events import services
from events.models import SignUp
from events.selectors import sign_up_by_id
from events.services import Guest
from journeys.event.telling import tell_guests
from journeys.friend.certify_friend import certify_by_partner
from journeys.topics import ToGuest
from tenants.models import Tenant

TOLD_LATER = timedelta(days=1)


@transaction.atomic
def sign_up_guest(*, event_id: UUID, guest: Guest, tenant_id: int, now: datetime) -> SignUp:
    """Hold a seat or a place on the waiting list for a guest, and mail the link that confirms it.

    Whoever signs up again gets the link again, or what they know already, but once an hour at most: anybody can type an
    address. Raises NoSuchEvent, EventCalledOff or
    SignUpClosed.
    """
    sign_up, _is_new = services.sign_up(event_id=event_id, guest=guest, now=now)
    topic = ToGuest.PLEASE_CONFIRM if sign_up.confirmed_at is None else _standing(sign_up)
    tell_guests(topic, [sign_up], tenant_id=tenant_id, now=now, once=f"{now:%Y-%m-%dT%H}")
    return sign_up


@transaction.atomic
def sign_up_friend(
    *, event_id: UUID, friend_id: UUID, name: str, language: str, tenant_id: int, now: datetime
) -> SignUp:
    """Give a friend of the community a seat or a place on the waiting list, and tell them; twice tells nothing.

    Raises NoSuchEvent, EventCalledOff or SignUpClosed.
    """
    guest = Guest(name=name, language=language, friend_id=friend_id)
    sign_up, is_new = services.sign_up(event_id=event_id, guest=guest, now=now)
    if is_new:
        tell_guests(_standing(sign_up), [sign_up], tenant_id=tenant_id, now=now)
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

    Raises ``SignUp.DoesNotExist``, SignUpClosed once the event has begun, or AlreadyThere.
    """
    sign_up, moved_up = services.leave(sign_up_id=sign_up_id, now=now)
    if sign_up.cancelled_at == now:
        tell_guests(ToGuest.LEFT, [sign_up], tenant_id=tenant_id, now=now)
    tell_guests(ToGuest.MOVED_UP, moved_up, tenant_id=tenant_id, now=now)
    return sign_up


def check_in_guest(
    *, sign_up_id: UUID, tenant: Tenant, who: str, now: datetime, arrived_at: datetime | None = None
) -> bool:
    """Note that somebody is there, and certify a friend where the event counts for that; False where they were before.

    What was noted without a connection is told later: ``arrived_at`` counts where it lies within the last day.

    Raises ``SignUp.DoesNotExist``, NotOnTheList, or UnableToCertify, after which the friend is checked in all the same.
    """
    is_told_later = arrived_at is not None and now - TOLD_LATER <= arrived_at <= now
    at = arrived_at if arrived_at is not None and is_told_later else now
    is_new = services.check_in(sign_up_id=sign_up_id, who=who, at=at)
    sign_up = sign_up_by_id(sign_up_id)
    event = sign_up.event
    if is_new and sign_up.friend_id is not None and event.skill_id is not None:
        today = now.astimezone(event.zone).date()
        certify_by_partner(
            tenant=tenant,
            friend_id=sign_up.friend_id,
            skill_id=event.skill_id,
            # No certificate may begin tomorrow, which is what the place has already after its midnight.
            valid_from=min(today, now.date()),
            valid_until=add_months(today, event.skill_months) if event.skill_months else None,
            who=who,
            why=event.title_in(tenant.default_language),
            now=now,
        )
    return is_new


@transaction.atomic
def erase_guest(*, sign_up_id: UUID, tenant_id: int, now: datetime) -> None:
    """Delete all that is known of somebody who signed up, and tell who moves up.

    Raises ``SignUp.DoesNotExist``.
    """
    moved_up = services.erase_sign_up(sign_up_id=sign_up_id, now=now)
    tell_guests(ToGuest.MOVED_UP, moved_up, tenant_id=tenant_id, now=now)


def _standing(sign_up: SignUp) -> ToGuest:
    return ToGuest.HAS_SEAT if sign_up.is_going else ToGuest.WAITS
