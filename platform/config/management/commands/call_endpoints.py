"""``manage.py call_endpoints``: tell partners' own systems what is due, until SIGTERM."""

import logging
import signal
import threading
from itertools import count
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from api.webhooks import Relay
from config.starting import refuse_or_leave
from kernel.database.alone import alone

PAUSE_S = 1.0
# So many turns are taken before another process has its chance, and the connection is looked at.
TURNS = 1_000

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Tell partners' own systems what is due, until SIGTERM. Needs the database alone. One process is at it at a "
        "time; run it twice, so that one goes on while the other is started again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_or_leave()
        stopping = threading.Event()
        for sig in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sig, lambda *_: stopping.set())
        relay = Relay()
        while not stopping.wait(PAUSE_S):
            close_old_connections()
            try:
                with alone("call-endpoints") as is_alone:
                    if is_alone:
                        _go_on(relay, stopping)
            except DatabaseError as error:
                logger.warning("The database is away; webhooks wait: %s", error)
        relay.close()


def _go_on(relay: Relay, stopping: threading.Event) -> None:
    turns = count()
    try:
        while not stopping.is_set() and next(turns) < TURNS and relay.turn():
            pass
    finally:
        # Whoever is alone next calls nobody whom we are still calling.
        relay.drain()
