"""A partner gets a new community manager: a row without a password, and a mail with the link to choose one."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.services import invite_staff
from journeys.posting import tell
from journeys.topics import ToStaff
from tenants.context import current_tenant


@transaction.atomic
def invite_manager(
    *, email: str, first_name: str, last_name: str, language: str, group_name: str, now: datetime
) -> User:
    """Create a manager of the partner at hand with the rights of a group, and post the invitation.

    Raises EmailIsTaken, ``Group.DoesNotExist``, and LookupError outside a partner.
    """
    user = invite_staff(
        email=email, first_name=first_name, last_name=last_name, language=language, group_name=group_name
    )
    invite_again(user=user, now=now)
    return user


def invite_again(*, user: User, now: datetime) -> None:
    """Post the invitation once more, where the first one got lost or its link was too old.

    Raises LookupError outside a partner.
    """
    tenant = current_tenant()
    if tenant is None:
        raise LookupError("Managers are invited by their partner.")
    tell(ToStaff.INVITED, user.uuid, now.isoformat(), tenant_id=tenant.pk, now=now, user=str(user.uuid))
