"""From signing up to the first offer: the rules of who may join, and when a friend becomes active (R9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from crowd.documents import latest_document
from crowd.eligibility import FULL_AGE, years_before
from crowd.errors import BornInFuture, BornTooLongAgo, RadiusOutOfRange, UnderAge
from crowd.horizon import OLDEST_AGE
from crowd.models import DocumentCheck, Friend
from crowd.profiles import declare_skills
from crowd.services import join_community, join_crowd
from crowd.states import CheckState, DocumentKind

METRES_A_KM = 1000
LEAST_KM, MOST_KM = 1, 100
# What we tell people about a check by hand.
EXPECTED_DAYS = 3


@dataclass(frozen=True)
class Progress:
    """How far somebody is on the way to the first offer."""

    friend: Friend
    document: DocumentCheck | None

    @property
    def is_age_checked(self) -> bool:
        """Whether somebody has seen a proof of age."""
        return self.friend.age_checked_at is not None

    @property
    def is_waiting(self) -> bool:
        """Whether a proof of age waits for its check."""
        return self.document is not None and self.document.state == CheckState.WAITING

    @property
    def refusal(self) -> str:
        """Why the last proof of age was refused, where none was sent since."""
        is_refused = self.document is not None and self.document.state == CheckState.REJECTED
        return self.document.reason if self.document and is_refused else ""

    @property
    def is_onboarded(self) -> bool:
        """Whether the onboarding test is passed."""
        return self.friend.onboarded_at is not None


def check_birth(born_on: date, *, today: date) -> None:
    """Refuse who is not of full age today.

    Raises BornInFuture, UnderAge, or BornTooLongAgo where nobody lives who was born then.
    """
    if born_on > today:
        raise BornInFuture
    if born_on < years_before(today, OLDEST_AGE):
        raise BornTooLongAgo
    if born_on > years_before(today, FULL_AGE):
        raise UnderAge


def check_radius(radius_m: int) -> None:
    """Refuse a travel radius that is none.

    Raises RadiusOutOfRange.
    """
    if not LEAST_KM * METRES_A_KM <= radius_m <= MOST_KM * METRES_A_KM:
        raise RadiusOutOfRange


@transaction.atomic
def begin_onboarding(
    *,
    friend_id: UUID,
    born_on: date,
    radius_m: int,
    skill_ids: Iterable[int],
    communities: Iterable[int],
    in_shared_crowd: bool,
    now: datetime,
    **profile: Any,
) -> Friend:
    """Register who signs up: not active, so that no offer reaches them before age and onboarding test are done.

    ``profile`` is what ``join_crowd`` takes. Raises BornInFuture, BornTooLongAgo, UnderAge or RadiusOutOfRange.
    """
    check_birth(born_on, today=now.date())
    check_radius(radius_m)
    friend = join_crowd(
        friend_id=friend_id,
        born_on=born_on,
        radius_m=radius_m,
        in_shared_crowd=in_shared_crowd,
        is_active=False,
        now=now,
        **profile,
    )
    for community in communities:
        join_community(friend=friend, community=community)
    declare_skills(friend_id=friend_id, skill_ids=skill_ids)
    return friend


def note_age_checked(friend_id: UUID, *, now: datetime) -> None:
    """Record that somebody has seen a proof of the friend's age."""
    Friend.objects.filter(pk=friend_id, age_checked_at=None).update(age_checked_at=now)


def activate_when_ready(friend_id: UUID, now: datetime) -> bool:
    """Make the friend active once age and onboarding test are both done; say whether this call did it.

    The time of waiting for a first offer begins now.
    """
    ready = Friend.objects.filter(
        pk=friend_id, is_active=False, age_checked_at__isnull=False, onboarded_at__isnull=False
    )
    return ready.update(is_active=True, waiting_since=now) == 1


def progress_of(friend_id: UUID) -> Progress:
    """Return how far the friend is (2 queries).

    Raises ``Friend.DoesNotExist``.
    """
    return Progress(Friend.objects.get(pk=friend_id), latest_document(friend_id, DocumentKind.IDENTITY))


def is_joining(friend: Friend) -> bool:
    """Say whether the friend's age or onboarding test is still open."""
    return friend.age_checked_at is None or friend.onboarded_at is None
