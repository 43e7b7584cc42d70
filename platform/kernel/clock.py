"""Where the clock is read: at the edge. Everything below takes ``now``."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """Return the present moment, aware, in UTC; inside a sandbox it is that of the sandbox's own clock."""
    ahead: timedelta | None = getattr(getattr(connection, "tenant", None), "clock_ahead", None)
    return timezone.now() + ahead if ahead else timezone.now()


def real_now() -> datetime:
    """Return the present moment as everybody has it: for keys, which no sandbox's clock lets expire."""
    return timezone.now()
