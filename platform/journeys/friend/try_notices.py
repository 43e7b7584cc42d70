"""A friend tries whether notices arrive."""

from datetime import datetime
from uuid import UUID

from outbox.services import post


def send_trial(*, friend_id: UUID, now: datetime) -> None:
    """Post a notice to a friend that comes on every channel at once."""
    post(
        key=f"notice_trial:{friend_id}:{now.isoformat()}",
        topic="notice_trial",
        tenant_id=None,
        now=now,
        friend=str(friend_id),
    )
