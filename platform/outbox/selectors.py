"""Reads about messages: how fast they leave, how many wait, which were given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet

from outbox.models import Message


@dataclass(frozen=True)
class Delivery:
    """What became of the messages of one topic. Milliseconds are from commit, or the end of a wait, to delivered.

    ``about`` is the notice that a message of a channel carries. ``waiting`` counts what is due, ``held`` what its
    recipient wants later, ``failing`` what waits for its next attempt.
    """

    topic: str
    about: str
    sent: int
    p50_ms: int | None
    p99_ms: int | None
    waiting: int
    held: int
    failing: int
    given_up: int


# One pass over two small indexes: what was sent since then, and what has not been sent at all.
_FIGURES = """
SELECT topic, coalesce(reference->>'notice', '') AS about,
       count(sent_at),
       percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (
         ORDER BY extract(epoch FROM sent_at - greatest(created_at, held_until)) * 1000
       ) FILTER (WHERE sent_at IS NOT NULL),
       count(*) FILTER (WHERE open AND attempts = 0 AND due_at <= %(now)s),
       count(*) FILTER (WHERE open AND attempts = 0 AND due_at > %(now)s),
       count(*) FILTER (WHERE open AND attempts > 0),
       count(gave_up_at)
  FROM (
    SELECT *, false AS open FROM public.outbox_message WHERE sent_at >= %(since)s
    UNION ALL
    SELECT *, true FROM public.outbox_message WHERE sent_at IS NULL AND gave_up_at IS NULL
    UNION ALL
    SELECT *, false FROM public.outbox_message WHERE gave_up_at IS NOT NULL AND sent_at IS NULL
  ) message
 GROUP BY topic, about
 ORDER BY topic, about
"""


def deliveries(*, since: datetime, now: datetime) -> list[Delivery]:
    """Return the figures by topic and notice: sent since then, and all that is not sent (1 query)."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, {"since": since, "now": now})
        rows = cursor.fetchall()
    return [
        Delivery(topic, about, sent, *_milliseconds(percentiles), waiting, held, failing, given_up)
        for topic, about, sent, percentiles, waiting, held, failing, given_up in rows
    ]


def given_up() -> QuerySet[Message]:
    """Return the messages that somebody has to look at, the latest first."""
    return Message.objects.filter(gave_up_at__isnull=False, sent_at=None).order_by("-gave_up_at", "-id")


def _milliseconds(percentiles: Sequence[float] | None) -> tuple[int | None, int | None]:
    if percentiles is None:
        return None, None
    half, nearly_all = percentiles
    return round(half), round(nearly_all)
