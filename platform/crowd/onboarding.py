"""What stands before a friend's first job (R9): a checked age and the onboarding test."""

from datetime import datetime
from uuid import UUID

from crowd.models import Friend


def activate_when_ready(friend_id: UUID, now: datetime) -> bool:
    """Let a friend be asked from now on, where age and ability are proved; say whether this was the moment."""
    ready = Friend.objects.filter(
        pk=friend_id, is_active=False, age_checked_at__isnull=False, onboarded_at__isnull=False
    )
    return ready.update(is_active=True, waiting_since=now) == 1
