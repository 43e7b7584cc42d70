"""Writes about members. Run inside the tenant."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.local_users import admit_local_user, close_local_user, end_local_sessions
from accounts.models import Kind
from communities.models import Member

# ``.invalid`` never resolves (RFC 2606), so no mail can reach anybody by mistake.
MAIL_HOST = "friends.invalid"


@transaction.atomic
def admit_member(*, friend_id: UUID, first_name: str, last_name: str, language: str, now: datetime) -> Member:
    """Let a friend in: make member and local user at the first entry, refresh the name at each.

    Whether the friend may enter is asked before.
    """
    user = admit_local_user(
        uuid=friend_id,
        kind=Kind.FRIEND,
        mail_host=MAIL_HOST,
        first_name=first_name,
        last_name=last_name,
        language=language,
    )
    name = f"{first_name} {last_name}".strip()
    member, _created = Member.objects.update_or_create(
        friend_id=friend_id,
        defaults={"name": name, "entered_at": now, "is_active": True},
        create_defaults={"user": user, "name": name, "joined_at": now, "entered_at": now},
    )
    return member


def sign_out_member(*, friend_id: UUID) -> None:
    """End the friend's sessions on this partner's site; they stay a member and may come in again."""
    end_local_sessions(uuid=friend_id)


@transaction.atomic
def end_membership(*, friend_id: UUID) -> bool:
    """Close the friend's member and local user; their sessions stop working at once. Say whether there was one."""
    ended = Member.objects.filter(friend_id=friend_id, is_active=True).update(is_active=False)
    close_local_user(uuid=friend_id)
    return bool(ended)
