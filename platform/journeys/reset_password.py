"""Somebody has forgotten the password: a mail with a link, and silence where the address is unknown."""

from datetime import datetime

from accounts.selectors import friend_user_by_email, staff_by_email
from outbox.services import post
from tenants.context import current_tenant


def ask_for_new_password(*, email: str, now: datetime) -> None:
    """Post the mail with the link to who signs in with this address here; do nothing for anybody else.

    Whoever asks is told the same in both cases.
    """
    user = staff_by_email(email)
    if user is None:
        return
    tenant = current_tenant()
    post(
        key=f"password_reset:{user.uuid}:{now.isoformat()}",
        topic="password_reset",
        tenant_id=tenant.pk if tenant else None,
        now=now,
        user=str(user.uuid),
    )


def ask_for_new_friend_password(*, email: str, now: datetime) -> None:
    """Post the mail with the link to the friend who signs in with this address; do nothing for anybody else.

    One mail in ten minutes, so that nobody's mailbox can be flooded.
    """
    user = friend_user_by_email(email)
    if user is not None:
        ten_minutes = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0)
        post(
            key=f"friend_password_reset:{user.uuid}:{ten_minutes.isoformat()}",
            topic="friend_password_reset",
            tenant_id=None,
            now=now,
            user=str(user.uuid),
        )
