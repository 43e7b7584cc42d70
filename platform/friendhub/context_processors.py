"""What the frame of the friends' app shows on every page."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from notifications.selectors import count_unread


def inbox(request: HttpRequest) -> dict[str, Any]:
    """Add ``unread_notices``, the number beside the bell; it is asked for only where a friend sees the bell."""
    return {"unread_notices": SimpleLazyObject(lambda: count_unread(request.user.uuid))}  # type: ignore[union-attr]  # shown to friends only
