"""What the frame of the friends' app shows on every page."""

from functools import cache
from typing import Any

from django.http import HttpRequest

from notifications.selectors import count_unread


def inbox(request: HttpRequest) -> dict[str, Any]:
    """Add ``unread_notices``, the number beside the bell; it is asked for only where a friend sees the bell."""
    # Templates call it, at most once, and get a plain number: plural rules cannot reckon with a lazy object.
    return {"unread_notices": cache(lambda: count_unread(request.user.uuid))}  # type: ignore[union-attr]  # shown to friends only
