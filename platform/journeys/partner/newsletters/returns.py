"""A mail server sends a newsletter back, or tells of a complaint: its recipient gets none any more (R1)."""

from datetime import datetime

from newsletters.models import Mail
from newsletters.returns import read_returned
from newsletters.subscribers import note_return
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_id


def take_returned_mail(content: bytes, *, now: datetime) -> bool:
    """Note what a mail reports and say whether it was about a newsletter of ours. Run on the platform."""
    returned = read_returned(content)
    if returned is None:
        return False
    try:
        with tenant_context(tenant_by_id(returned.tenant_id)):
            note_return(mail_uuid=returned.mail_uuid, is_complaint=returned.is_complaint, said=returned.said, now=now)
    except (Tenant.DoesNotExist, Mail.DoesNotExist):
        return False
    return True
