"""A friend's inbox: what is over calls for nobody's attention any more. Run on the platform."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from dispatch.selectors import open_offers
from journeys.topics import ToFriend
from notifications.models import Notice
from notifications.selectors import unread_of
from notifications.services import mark_several_read


def unread_count(friend_id: UUID, *, now: datetime) -> int:
    """Return how many notices wait for the friend, but for those of offers that are over (1 or 2 queries)."""
    unread = list(unread_of(friend_id))
    return len(unread) - len(_over(friend_id, unread, now))


def read_what_is_over(friend_id: UUID, *, now: datetime) -> None:
    """Mark the notices of offers as read that the friend cannot accept any more."""
    mark_several_read(_over(friend_id, unread_of(friend_id), now), now=now)


def read_about_job(friend_id: UUID, job_id: UUID, *, now: datetime) -> None:
    """Mark as read what was said about a job to a friend who looks at it."""
    mark_several_read([one for one in unread_of(friend_id) if _job_of(one) == str(job_id)], now=now)


def _over(friend_id: UUID, notices: Iterable[Notice], now: datetime) -> list[Notice]:
    offers = [one for one in notices if one.topic == ToFriend.OFFER_MADE]
    if not offers:
        return []
    live = {str(job_id) for job_id in open_offers(friend_id, now=now).values_list("job_id", flat=True)}
    return [one for one in offers if _job_of(one) not in live]


def _job_of(notice: Notice) -> str:
    """Return the job that a notice is about, by the key that journeys.posting gives it."""
    return [*notice.key.split(":"), ""][1]
