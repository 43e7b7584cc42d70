"""Carrying out operations: one after the other, by whoever has the owner's login, and again after a kill.

While an operation is at work its worker holds an advisory lock on a connection of its own, which also shows the
progress to others before anything is committed. A killed worker loses the lock with the connection; the next one
begins the operation anew, of which nothing was committed.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from kernel.errors import DomainError
from tenants.context import platform_context
from tenants.models import Operation, OperationState, Tenant

logger = logging.getLogger(__name__)

Progress = Callable[[str, int], None]

OPEN = (OperationState.WAITING, OperationState.RUNNING)
ERROR_LENGTH = 500


@dataclass(frozen=True)
class Outcome:
    """What an operation has led to: the partner that there is afterwards, and what the one who asked wants to know."""

    tenant: Tenant | None
    told: dict[str, Any]


Handler = Callable[[Operation, Progress, datetime], Outcome]


def tell_nobody(step: str, percent: int) -> None:
    """Take a step's name and the percentage done, for work that nobody watches."""


def carry_out_operations(handlers: Mapping[str, Handler], *, now: datetime) -> int:
    """Carry out all operations that nobody else is at, oldest first, and return how many came to an end."""
    ended = 0
    with platform_context():
        waiting = Operation.objects.filter(state__in=OPEN).order_by("created_at", "id")
        for operation_id in list(waiting.values_list("pk", flat=True)):
            with _at_work_on(operation_id) as progress:
                if progress is not None:
                    ended += _carry_out(operation_id, handlers, progress, now)
    return ended


def _carry_out(operation_id: UUID, handlers: Mapping[str, Handler], progress: Progress, now: datetime) -> bool:
    operation = Operation.objects.get(pk=operation_id)
    if operation.state not in OPEN:
        return False
    Operation.objects.filter(pk=operation_id).update(state=OperationState.RUNNING, started_at=now)
    try:
        with translation.override(operation.request.get("language", "en")), transaction.atomic():
            outcome = handlers[operation.kind](operation, progress, now)
            # In the transaction of the work itself: a kill in between must not make it twice.
            ended = {"percent": 100, "result": outcome.told, "tenant": outcome.tenant}
            _end(operation_id, OperationState.DONE, now, **ended)
    except DomainError as error:
        _end(operation_id, OperationState.FAILED, now, error=str(error)[:ERROR_LENGTH])
    except Exception:  # whatever it was belongs into the log, and the next operation goes on
        logger.exception("Operation %s failed", operation_id)
        with translation.override(operation.request.get("language", "en")):
            _end(
                operation_id,
                OperationState.FAILED,
                now,
                error=_("Something failed on our side; see the log for details."),
            )
    return True


def _end(operation_id: UUID, state: str, now: datetime, **fields: Any) -> None:
    Operation.objects.filter(pk=operation_id).update(state=state, finished_at=now, **fields)


@contextmanager
def _at_work_on(operation_id: UUID) -> Iterator[Progress | None]:
    """Hold the operation's lock; yield how to tell the progress, or None where another worker is at it."""
    watch = connection.copy()
    try:
        with watch.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [str(operation_id)])
            is_ours = cursor.fetchone()[0]

        def tell(step: str, percent: int) -> None:
            with watch.cursor() as cursor:
                cursor.execute(
                    "UPDATE public.tenants_operation SET step = %s, percent = %s WHERE id = %s",
                    [step, percent, str(operation_id)],
                )

        yield tell if is_ours else None
    finally:
        watch.close()
