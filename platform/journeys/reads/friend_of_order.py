"""What a customer sees of the friend who has the order: face, words about themselves, languages, a pro or not (R16)."""

from dataclasses import dataclass
from uuid import UUID

from crowd.models import Friend
from crowd.selectors import friend_by_id
from journeys.order.talking.hide_contact import hide_in_profile
from journeys.reads.friend_profile import photo_of_friend
from orders.models import Order
from orders.states import OrderState
from tenants.context import platform_context


@dataclass(frozen=True)
class Portrait:
    """A friend besides name, phone and reputation; ``languages`` are codes, ``about`` is masked."""

    languages: tuple[str, ...]
    about: str
    is_pro: bool
    has_photo: bool


def portrait_for_customer(order: Order) -> Portrait | None:
    """Return the portrait of the friend who has the order, or None while nobody has it. Run inside the tenant."""
    friend_id = _shown(order)
    if friend_id is None:
        return None
    with platform_context():
        try:
            friend = friend_by_id(friend_id)
        except Friend.DoesNotExist:
            return None
        return Portrait(
            languages=tuple(friend.languages),
            about=hide_in_profile(friend.about).text,
            is_pro=friend.is_pro,
            has_photo=bool(friend.photo),
        )


def friends_photo_for_customer(order: Order) -> bytes | None:
    """Return the JPEG of the friend who has the order, if there is one. Run inside the tenant.

    Raises ``Friend.DoesNotExist``.
    """
    friend_id = _shown(order)
    if friend_id is None:
        return None
    with platform_context():
        return photo_of_friend(friend_id)


def _shown(order: Order) -> UUID | None:
    return None if order.state == OrderState.CANCELLED else order.friend_id
