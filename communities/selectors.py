"""Reads about members. Run inside the tenant."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser

from accounts.models import Kind, User
from communities.models import Member


def member_of(user: User | AnonymousUser) -> Member | None:
    """Return the active member whom a signed-in user stands for, or None."""
    if not user.is_authenticated or user.kind != Kind.FRIEND:
        return None
    return Member.objects.select_related("user").filter(user=user.pk, is_active=True).first()


def former_members() -> list[UUID]:
    """Return the friends whose membership has ended (1 query)."""
    return list(Member.objects.filter(is_active=False).values_list("friend_id", flat=True))
