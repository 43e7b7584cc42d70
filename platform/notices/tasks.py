"""What the scheduler starts each second: delivery of what is due."""

from typing import Any

from celery import shared_task

from kernel.clock import now
from kernel.database.alone import alone
from notices.delivery import channel_of
from notices.handlers import HANDLERS
from notices.partner.webhooks import WEBHOOKS
from notifications.kinds import Channel
from outbox.services import relay
from tenants.isolation.tasks_base import PlatformTask


@shared_task(base=PlatformTask)
def relay_outbox(**kwargs: Any) -> int:
    """Deliver all messages that are due."""
    # What stays in the database goes first, so that no inbox waits for a mail server.
    outside = [topic for topic in HANDLERS if channel_of(topic) != Channel.APP]
    sent = relay(HANDLERS, now=now(), left_out=outside)
    return sent + relay(HANDLERS, now=now(), channel_of=channel_of, left_out=list(WEBHOOKS))


@shared_task(base=PlatformTask)
def relay_webhooks(**kwargs: Any) -> int:
    """Call developers' endpoints about what is due, apart from all else: one that is slow holds nobody's mail up.

    One worker at a time is at it, or a few slow endpoints would soon have all workers wait for them.
    """
    with alone("relay-webhooks") as is_alone:
        if not is_alone:
            return 0
        return relay(WEBHOOKS, now=now(), left_out=[topic for topic in HANDLERS if topic not in WEBHOOKS])
