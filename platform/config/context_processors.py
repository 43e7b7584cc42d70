"""What pages need to know that belong to no app, or are open to readers of several."""

from typing import Any

from django.http import HttpRequest

from accounts.models import Kind
from tenants.models import PUBLIC


def frame(request: HttpRequest) -> dict[str, Any]:
    """Add ``frame``, the template around a page that everybody may open: that of the host and of whoever reads."""
    # Templates call it: who reads is asked for only where a page needs to know.
    return {"frame": lambda: _frame_of(request)}


def _frame_of(request: HttpRequest) -> str:
    tenant = getattr(request, "tenant", None)
    if tenant is None:
        return "base.html"
    if tenant.schema_name != PUBLIC:
        return "base_brand.html"
    # What is refused before anybody could sign in has no user.
    user = getattr(request, "user", None)
    return "operators/base.html" if getattr(user, "kind", "") == Kind.OPERATOR else "friendhub/base.html"
