"""What the frame of the friends' app shows on every page."""

from functools import cache
from typing import Any

from django.http import HttpRequest

from journeys.friend.inbox import unread_count
from kernel.clock import now


def inbox(request: HttpRequest) -> dict[str, Any]:
    """Add ``unread_notices``, the number beside the bell; it is asked for only where a friend sees the bell."""
    # Templates call it, at most once, and get a plain number: plural rules cannot reckon with a lazy object.
    return {"unread_notices": cache(lambda: unread_count(request.user.uuid, now=now()))}  # type: ignore[union-attr]  # shown to friends only
