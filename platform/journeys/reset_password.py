"""Somebody of the staff has forgotten the password: a mail with a link, and silence where the address is unknown."""

from datetime import datetime

from accounts.selectors import staff_by_email
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
