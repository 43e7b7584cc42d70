"""Writing and delivering messages."""

import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from kernel.clock import now as read_clock
from kernel.clock import real_now
from outbox.errors import NotGivenUp, UnableToDeliver, UnableToReach
from outbox.models import Message
from tenants.context import in_name_of, platform_context
from tenants.errors import SchemaBehind
from tenants.models import Tenant

logger = logging.getLogger(__name__)

Handler = Callable[[Message], None]

# How long to wait after each failure: seconds first, for most outages are short. After the last one an operator has to
# look.
BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (5, 20, 60, 300, 1_800, 7_200, 21_600, 43_200, 86_400))
# So long may a relay go on before the next one takes its place, in seconds.
BUDGET_S = 20.0
ERROR_LENGTH = 300
# Whoever asks us to come back later is not heard for longer: nobody else should decide when a notice goes out.
LONGEST_WAIT = timedelta(hours=2)
# A partner that is being migrated is tried again after this.
LATER = timedelta(minutes=1)


def message(*, key: str, topic: str, tenant_id: int | None, now: datetime, **reference: Any) -> Message:
    """Return a message that is due at once, for ``post_all``."""
    return Message(key=key, topic=topic, tenant_id=tenant_id, reference=reference, created_at=now, due_at=now)


def post_held(
    *,
    key: str,
    topic: str,
    tenant_id: int | None,
    now: datetime,
    held_until: datetime | None,
    reference: Mapping[str, Any],
) -> None:
    """Write a message for a recipient who wants it later, or with None now. Repeating a key changes nothing."""
    held = Message(
        key=key,
        topic=topic,
        tenant_id=tenant_id,
        reference=dict(reference),
        created_at=now,
        due_at=held_until or now,
        held_until=held_until,
    )
    post_all([held])


def post_all(messages: Sequence[Message]) -> None:
    """Write messages in the transaction at hand (1 query). Repeating a key changes nothing.

    They leave by the real clock: what a sandbox posts by its own, which is ahead, is as due as if it were not (2
    queries).
    """
    _be_on_time(messages)
    Message.objects.bulk_create(messages, ignore_conflicts=True)


def relay(
    handlers: Mapping[str, Handler],
    *,
    now: datetime,
    channel_of: Callable[[str], str] = str,
    left_out: Collection[str] = (),
    limit: int = 200,
    budget_s: float = BUDGET_S,
) -> int:
    """Deliver due messages, oldest first, and return how many were sent.

    Each message is locked, delivered and marked in a transaction of its own, so two relays never deliver the
    same one and a killed relay loses none. A failure is recorded and tried again later. ``channel_of`` says by which
    channel a topic goes out: a channel that cannot be reached is left alone until the next relay. Topics that are
    ``left_out`` are not touched. Nothing new is begun after ``budget_s`` seconds.
    """
    sent, away, ends = 0, set[str](), time.monotonic() + budget_s
    for _ in range(limit):
        cut_off = [topic for topic in handlers if channel_of(topic) in away]
        outcome = _relay_one(handlers, now, skipped=[*left_out, *cut_off])
        if outcome is None:
            break
        if outcome.is_away:
            away.add(channel_of(outcome.topic))
        sent += outcome.is_sent
        if time.monotonic() >= ends:
            break
    return sent


def try_again(*, message_id: int, operator: str, now: datetime) -> None:
    """Let a message that was given up be delivered once more, as often as a new one, because an operator asks for it.

    Raises NotGivenUp where it is not given up (any more).
    """
    taken_up = Message.objects.filter(pk=message_id, gave_up_at__isnull=False).update(
        gave_up_at=None, attempts=0, due_at=now
    )
    if not taken_up:
        raise NotGivenUp
    logger.info("Message %s is tried again, asked for by %s", message_id, operator)


def _be_on_time(messages: Sequence[Message]) -> None:
    later = {message.tenant_id for message in messages if message.due_at > real_now()}
    if not later:
        return
    with platform_context():
        ahead = dict(Tenant.objects.filter(pk__in=later, clock_ahead__gt=timedelta(0)).values_list("pk", "clock_ahead"))
    for message in messages:
        shift = ahead.get(message.tenant_id, timedelta(0)) if message.tenant_id else timedelta(0)
        message.created_at, message.due_at = message.created_at - shift, message.due_at - shift
        message.held_until = message.held_until and message.held_until - shift


@dataclass(frozen=True)
class _Outcome:
    """What became of one message: sent or not, and whether the other side was away altogether."""

    topic: str
    is_sent: bool
    is_away: bool = False


def _relay_one(handlers: Mapping[str, Handler], now: datetime, *, skipped: Sequence[str]) -> _Outcome | None:
    """Deliver the oldest due message of other topics than the skipped ones; return None where there is none."""
    with transaction.atomic():
        message = (
            Message.objects.select_for_update(skip_locked=True)
            .filter(due_at__lte=now, sent_at=None, gave_up_at=None)
            .exclude(topic__in=skipped)
            .annotate(is_of_sandbox=Exists(Tenant.objects.filter(pk=OuterRef("tenant_id"), sandbox_of__isnull=False)))
            .order_by("due_at", "id")
            .first()
        )
        if message is None:
            return None
        try:
            with transaction.atomic(), in_name_of(message.tenant_id if message.is_of_sandbox else None):
                handlers[message.topic](message)
        except SchemaBehind:
            # No fault of the message: it counts no attempt and comes up again.
            message.due_at = now + LATER
            message.save(update_fields=["due_at"])
            return _Outcome(message.topic, is_sent=False)
        except UnableToReach as error:
            logger.warning("Message %s waits: %s", message.key, error)
            _record(message, error, now)
            return _Outcome(message.topic, is_sent=False, is_away=True)
        except Exception as error:  # whatever a delivery raises belongs into its row, and the next one goes on
            logger.exception("Message %s was not delivered", message.key)
            _record(message, error, now)
            return _Outcome(message.topic, is_sent=False)
        # Measured when it is over: the relay's own ``now`` is that of its first message.
        message.sent_at = max(now, read_clock())
        message.save(update_fields=["sent_at"])
        return _Outcome(message.topic, is_sent=True)


def record_failure(
    message: Message,
    why: str,
    *,
    backoff: Sequence[timedelta] = BACKOFF,
    wait: timedelta = timedelta(0),
    now: datetime,
) -> None:
    """Note why an attempt has failed, if the message is still there.

    The next attempt follows after ``wait`` at the earliest, if there is one.
    """
    message.last_error = why[:ERROR_LENGTH]
    if message.attempts < len(backoff):
        message.due_at = now + max(backoff[message.attempts], min(wait, LONGEST_WAIT))
    else:
        message.gave_up_at = now
    message.attempts += 1
    Message.objects.filter(pk=message.pk).update(
        last_error=message.last_error, due_at=message.due_at, gave_up_at=message.gave_up_at, attempts=message.attempts
    )


def _record(message: Message, error: Exception, now: datetime) -> None:
    wait = error.wait if isinstance(error, UnableToDeliver) else timedelta(0)
    record_failure(message, f"{type(error).__name__}: {error}", wait=wait, now=now)
