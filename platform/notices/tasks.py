"""What the scheduler starts each second: delivery of what is due."""

from typing import Any

from celery import shared_task

from developers.kinds import WEBHOOK
from kernel.clock import now
from notices.delivery import channel_of
from notices.handlers import HANDLERS
from notifications.kinds import Channel
from outbox.services import relay
from tenants.isolation.tasks_base import PlatformTask


@shared_task(base=PlatformTask)
def relay_outbox(**kwargs: Any) -> int:
    """Deliver all messages that are due, but those to partners' own systems (manage.py call_endpoints)."""
    # What stays in the database goes first, so that no inbox waits for a mail server.
    outside = [topic for topic in HANDLERS if channel_of(topic) != Channel.APP]
    sent = relay(HANDLERS, now=now(), left_out=[*outside, WEBHOOK])
    return sent + relay(HANDLERS, now=now(), channel_of=channel_of, left_out=[WEBHOOK])
