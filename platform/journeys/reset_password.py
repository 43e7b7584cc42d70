"""Somebody has forgotten the password: a mail with a link, and silence where the address is unknown."""

from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from accounts.models import User
from accounts.selectors import friend_user_by_email, staff_by_email
from journeys.posting import tell
from journeys.topics import ToFriend, ToStaff
from kernel.web.limits import Limit
from tenants.context import current_tenant

# By the address that is typed, whether it is known or not.
MAILS = Limit("password-mails", most=5, within_s=600)


def ask_for_new_password(*, email: str, now: datetime) -> None:
    """Post the mail with the link to who signs in with this address here.

    Whoever asks is told the same for an address that nobody has, and waits as long. Raises TooManyAttempts.
    """
    MAILS.count(email.strip().lower())
    tenant = current_tenant()
    uuid = _uuid_of(staff_by_email(email), email)
    tenant_id = tenant.pk if tenant else None
    tell(ToStaff.PASSWORD_RESET, uuid, now.isoformat(), tenant_id=tenant_id, now=now, user=str(uuid))


def ask_for_new_friend_password(*, email: str, now: datetime) -> None:
    """Post the mail with the link to the friend who signs in with this address, as above.

    One mail in ten minutes, so that nobody's mailbox can be flooded. Raises TooManyAttempts.
    """
    MAILS.count(email.strip().lower())
    uuid = _uuid_of(friend_user_by_email(email), email)
    ten_minutes = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0)
    tell(ToFriend.PASSWORD_RESET, uuid, ten_minutes.isoformat(), now=now, user=str(uuid))


def _uuid_of(user: User | None, email: str) -> UUID:
    """Return whose mail it is, or somebody who is nobody: the message is posted all the same and tells nobody."""
    return user.uuid if user else uuid5(NAMESPACE_URL, f"mailto:{email.strip().lower()}")
