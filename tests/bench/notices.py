"""Notices from commit to delivered: as the scheduler relays them, each second, and what the relay itself takes."""

import logging
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from itertools import count

from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from crowd.models import Friend
from dispatch.models import Job
from dispatch.selectors import job_by_id
from embedded.processes import free_port
from journeys.posting import tell_friend
from journeys.topics import ToFriend
from kernel.clock import now
from notices.channels import MAIL_TOPIC, PUSH_TOPIC
from notices.handlers import HANDLERS
from notifications.client import public_key
from notifications.services import subscribe, unsubscribe
from outbox.models import Message
from outbox.services import message, post_all, relay
from tenants.context import platform_context
from tenants.selectors import partners, tenant_by_slug
from tests.bench.figures import SIGNIFICANT, Figure
from tests.cast import book, plant_partners, register_friend
from tests.databases import as_owner
from tests.notifications.push_service import new_private_key, push_service

NOTICES = 300
# So many a second are committed while the relay ticks: seventy thousand an hour.
PACE = 20
BARE = "bench_bare"

_serial = count()


class Sink:
    """A mail server that takes everything."""

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802  # aiosmtpd's name
        """Say yes."""
        return "250 taken"


def notice_delivery() -> Iterator[Figure]:
    """Tell a friend something 300 times, by mail over SMTP and by push over HTTP, both to servers on this machine.

    The baseline is a message that nobody has to be told of, in the same ticks: the ratio says what the channels add.
    """
    with ExitStack() as stack:
        stack.enter_context(platform_context())
        # It says hello and good-bye to every mail.
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        mailbox = Controller(Sink(), hostname="127.0.0.1", port=free_port())
        mailbox.start()
        stack.callback(mailbox.stop)
        service = stack.enter_context(push_service())
        stack.enter_context(
            override_settings(
                EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
                EMAIL_HOST="127.0.0.1",
                EMAIL_PORT=mailbox.port,
                VAPID_PRIVATE_KEY=new_private_key(),
                PUSH_HOSTS=[*settings.PUSH_HOSTS, "127.0.0.1"],
            )
        )
        job, friend = _job_with_friend()
        # What was posted by the way, or by a benchmark before this one, is no part of it.
        Message.objects.filter(sent_at=None).delete()
        phone = service.subscribe(public_key())
        device = subscribe(friend_id=friend.pk, user_agent="bench", now=now(), **phone.fields)
        stack.callback(unsubscribe, friend_id=friend.pk, device_id=device.pk)
        _forget()
        stack.callback(_forget)

        _in_ticks(lambda: _tell(job, friend))
        assert len(phone.got) == NOTICES, f"{len(phone.got)} of {NOTICES} pushes arrived"
        bare, _p99 = _measured([BARE])
        both, p99 = _measured([MAIL_TOPIC, PUSH_TOPIC])
        yield Figure("notice-delivery", both, "ms", p99, bare)
        for name, topic in (("mail", MAIL_TOPIC), ("push", PUSH_TOPIC)):
            median, p99 = _measured([topic])
            yield Figure(f"notice-delivery.{name}", median, "ms", p99, bare)

        _forget()
        for _notice in range(NOTICES):
            _tell(job, friend)
            relay(_handlers(), now=now())
        bare, _p99 = _measured([BARE])
        both, p99 = _measured([MAIL_TOPIC, PUSH_TOPIC])
        yield Figure("notice-delivery.without-ticks", both, "ms", p99, bare)


def _in_ticks(tell: Callable[[], None]) -> None:
    """Commit notices at an even pace, and relay once a second, as the scheduler does."""
    begun = time.perf_counter()
    next_tick = 1.0
    for number in range(NOTICES):
        while (elapsed := time.perf_counter() - begun) < number / PACE:
            if elapsed >= next_tick:
                next_tick = _relay(begun)
            time.sleep(0.001)
        tell()
    while Message.objects.filter(sent_at=None, gave_up_at=None, reference__has_key="bench").exists():
        time.sleep(max(next_tick - (time.perf_counter() - begun), 0))
        next_tick = _relay(begun)


def _relay(begun: float) -> float:
    """Deliver what is due; return when the next tick is, in seconds from the beginning."""
    relay(_handlers(), now=now())
    return float(int(time.perf_counter() - begun) + 1)


def _handlers() -> dict[str, Callable[[Message], None]]:
    return {**HANDLERS, BARE: lambda message: None}


def _tell(job: Job, friend: Friend) -> None:
    with transaction.atomic():
        moment, once = now(), f"bench-{next(_serial)}"
        tell_friend(ToFriend.CONTACT_REMINDER, job=job, friend_id=friend.pk, now=moment, once=once, bench="1")
        post_all([message(key=once, topic=BARE, tenant_id=None, now=moment, bench="1")])


def _measured(topics: list[str]) -> tuple[float, float]:
    """Return median and 99th percentile of commit to delivered, in milliseconds."""
    sent = Message.objects.filter(topic__in=topics, sent_at__isnull=False, reference__has_key="bench")
    taken = [_ms(created_at, sent_at) for created_at, sent_at in sent.values_list("created_at", "sent_at")]
    return round(statistics.median(taken), SIGNIFICANT), round(statistics.quantiles(taken, n=100)[98], SIGNIFICANT)


def _ms(begun: datetime, ended: datetime | None) -> float:
    assert ended is not None
    return (ended - begun) / timedelta(milliseconds=1)


def _job_with_friend() -> tuple[Job, Friend]:
    """Return a job at Nord, the tests' partner, and a friend who was asked for it."""
    if not partners().filter(slug="nord").exists():
        with as_owner():
            plant_partners(now())
    nord = tenant_by_slug("nord")
    friend = Friend.objects.filter(email="notker@friends.example").first()
    if friend is None:
        friend = register_friend("Notker", km=1, communities=[nord.pk])
    days = [(now() + timedelta(days=ahead)).date().isoformat() for ahead in (2, 3)]
    order = book(nord, times={"windows": [f"{day}:2" for day in days]})
    assert order.job_id is not None
    return job_by_id(order.job_id), friend


def _forget() -> None:
    Message.objects.filter(reference__has_key="bench").delete()
