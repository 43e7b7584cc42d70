"""When friends are free: their week, the days on which it is another one, and pauses."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from crowd.errors import ExceptionEndsBeforeItStarts, ExceptionIsOver, ExceptionsOverlap, PauseIsOver
from crowd.horizon import check_horizon
from crowd.models import AvailabilityException, Friend
from crowd.services import pause_friend
from kernel.database.constraints import constraint_of
from kernel.slots import WHOLE_WEEK

OVERLAP = "exception_no_overlap"
LONGEST_NOTE = 100
LONGEST_PAUSE = timedelta(days=366)


def set_week(*, friend_id: UUID, week: int) -> None:
    """Say at which parts of the week (kernel.slots) the friend is free from now on."""
    Friend.objects.filter(pk=friend_id).update(free_week=week & WHOLE_WEEK)


def add_exception(
    *, friend_id: UUID, starts_on: date, ends_on: date, parts: int, note: str = "", now: datetime
) -> AvailabilityException:
    """Let the friend be free at these parts only, from the first to the last day; 0 parts means away.

    Raises ExceptionEndsBeforeItStarts, ExceptionIsOver, TooFarAhead or ExceptionsOverlap; of two at one moment the
    database lets one through.
    """
    if ends_on < starts_on:
        raise ExceptionEndsBeforeItStarts
    if ends_on < now.date():
        raise ExceptionIsOver
    check_horizon(ends_on, today=now.date())
    try:
        with transaction.atomic():
            # The constraint decides; in line for one row its rivals cannot wait for each other in a circle.
            Friend.objects.select_for_update(no_key=True).get(pk=friend_id)
            return AvailabilityException.objects.create(
                friend_id=friend_id, starts_on=starts_on, ends_on=ends_on, parts=parts, note=note
            )
    except IntegrityError as error:
        if constraint_of(error) != OVERLAP:
            raise
        raise ExceptionsOverlap from error


def remove_exception(*, friend_id: UUID, exception_id: int) -> None:
    """Let the week count again on these days; one that is gone already stays gone."""
    AvailabilityException.objects.filter(friend=friend_id, pk=exception_id).delete()


def pause_through(*, friend_id: UUID, last_day: date, time_zone: str, now: datetime) -> datetime:
    """Offer the friend nothing up to and including the day, by the clock of their home; return when it ends.

    Raises PauseIsOver for a day that is over or more than a year away.
    """
    zone = ZoneInfo(time_zone)
    if last_day > now.date() + LONGEST_PAUSE:
        raise PauseIsOver
    until = datetime.combine(last_day + timedelta(days=1), time(), zone)
    if until <= now:
        raise PauseIsOver
    pause_friend(friend_id=friend_id, until=until)
    return until


def coming_exceptions(friend_id: UUID, *, today: date) -> QuerySet[AvailabilityException]:
    """Return the exceptions that are not over, next first."""
    return AvailabilityException.objects.filter(friend=friend_id, ends_on__gte=today).order_by("starts_on", "id")
