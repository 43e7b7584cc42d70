"""``manage.py sweep_deadlines``: act on deadlines as they come due, until SIGTERM."""

import logging
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from config.starting import refuse_or_leave
from journeys.order.deadlines import sweep
from kernel.clock import now

PAUSE_S = 1.0

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Act on deadlines as they come due, until SIGTERM. Needs the database alone: neither broker nor mail server "
        "can hold deadlines up. Run it twice, so that one goes on while the other is started again."
    )
    # They import all URLs, of which this process needs none: a fifth of its start, which deadlines wait for.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_or_leave()
        stopping = threading.Event()
        for sig in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sig, lambda *_: stopping.set())
        while not stopping.wait(PAUSE_S):
            close_old_connections()
            try:
                sweep(now=now())
            except DatabaseError as error:
                logger.warning("The database is away; deadlines wait: %s", error)
