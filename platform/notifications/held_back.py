"""What a sandbox would have sent is written down instead, at the last step before it would leave."""

from datetime import datetime, timedelta

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from kernel.clock import real_now
from notifications.kinds import Channel
from notifications.models import HeldBack
from tenants.context import platform_context
from tenants.models import Tenant
from tenants.selectors import tenant_by_id

LONGEST_SUBJECT = 300


def hold_back(*, sandbox_id: int, channel: Channel, recipient: str, subject: str, text: str) -> None:
    """Write down what would have been sent, at the moment of the sandbox's clock."""
    with platform_context():
        HeldBack.objects.create(
            tenant_id=sandbox_id,
            at=real_now() + tenant_by_id(sandbox_id).clock_ahead,
            channel=channel,
            recipient=recipient,
            subject=subject[:LONGEST_SUBJECT],
            text=text,
        )


def held_back_of(sandbox_id: int) -> QuerySet[HeldBack]:
    """Return what a sandbox would have sent, the latest first."""
    return HeldBack.objects.filter(tenant_id=sandbox_id).order_by("-at", "-id")


def forget_held_back(*, now: datetime, older_than: timedelta) -> int:
    """Delete what was held back long ago and return how much it was: it holds what somebody has typed.

    ``now`` is the real moment; each sandbox's own clock counts, by which its mails are kept.
    """
    ahead = Tenant.objects.filter(pk=OuterRef("tenant_id")).values("clock_ahead")
    really = F("at") - Coalesce(Subquery(ahead), Value(timedelta(0)))
    return HeldBack.objects.alias(really=really).filter(really__lt=now - older_than).delete()[0]
