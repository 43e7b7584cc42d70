"""Where the clock is read: at the edge. Everything below takes ``now``."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()
