"""A friend tries whether notices arrive."""

from datetime import datetime
from uuid import UUID

from journeys.posting import tell
from journeys.topics import ToFriend


def send_trial(*, friend_id: UUID, now: datetime) -> None:
    """Post a notice to a friend that comes on every channel at once."""
    tell(ToFriend.TRIAL, friend_id, now.isoformat(), now=now, friend=str(friend_id))
