"""Reads about users."""

from accounts.models import Kind, User


def managers() -> list[User]:
    """Return the active community managers of the partner at hand."""
    return list(User.objects.filter(kind=Kind.STAFF, is_active=True).order_by("email"))
