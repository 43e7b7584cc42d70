"""A friend's inbox: what is over calls for nobody's attention any more. Run on the platform."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Count, Exists, F, Func, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce

from crowd.models import Friend
from crowd.selectors import friends_with_facts
from dispatch.selectors import open_offers
from journeys.topics import ToFriend
from kernel.database.written_once import only_one, written_once
from notifications.selectors import unread_of
from notifications.services import mark_several_read


def unread_count(friend_id: UUID, *, now: datetime) -> int:
    """Return how many notices wait for the friend, but for those of offers that are over (1 query)."""
    return _unread(friend_id, now).filter(is_over=False).count()


def read_what_is_over(friend_id: UUID, *, now: datetime) -> None:
    """Mark the notices of offers as read that the friend cannot accept any more."""
    mark_several_read(_unread(friend_id, now).filter(is_over=True), now=now)


def read_about_job(friend_id: UUID, job_id: UUID, *, now: datetime) -> int:
    """Mark as read what was said about a job to a friend who looks at it; return ``unread_count`` (1 or 2 queries)."""
    unread = _all_unread(friend_id, now)
    mark_several_read([one for one in unread if one.about == str(job_id)], now=now)
    return sum(one.about != str(job_id) and not one.is_over for one in unread)


def friend_with_inbox(friend_id: UUID, *, now: datetime) -> Friend:
    """Return a friend with what a decision knows of them, and ``unread_count`` as ``unread_notices`` (1 query).

    Raises ``Friend.DoesNotExist``.
    """
    return only_one(_friend_with_inbox(friend_id, now), Friend)


@written_once
def _friend_with_inbox(friend_id: UUID, now: datetime) -> QuerySet[Friend]:
    waiting = _unread(friend_id, now).filter(is_over=False).order_by().values("friend_id")
    count = waiting.annotate(count=Count("pk")).values("count")
    return friends_with_facts().annotate(unread_notices=Coalesce(Subquery(count), 0)).filter(pk=friend_id)


@written_once
def _all_unread(friend_id: UUID, now: datetime) -> QuerySet[Any]:
    return _unread(friend_id, now)


def _unread(friend_id: UUID, now: datetime) -> QuerySet[Any]:
    """Return what the friend has not read, with the job that it is ``about`` and whether its offer ``is_over``."""
    live = open_offers(friend_id, now=now).annotate(id_of_job=Cast("job", CharField()))
    of_live = Exists(live.filter(id_of_job=OuterRef("about")))
    # journeys.posting makes the key.
    about = Func(F("key"), Value(":"), Value(2), function="split_part", output_field=CharField())
    is_over = Case(When(topic=ToFriend.OFFER_MADE, then=~of_live), default=Value(False))
    return unread_of(friend_id).annotate(about=about).annotate(is_over=is_over)
