"""Sending what is due of a partner's newsletters: paced, to be paused at any moment, and exactly once (R1, R22).

Run on the platform: a friend's address is the platform's and never stands in a partner's schema.
"""

import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from crowd.segments import addresses_of
from journeys.partner.newsletters.recipients import friends_of
from journeys.partner.newsletters.senders import sender_of
from journeys.partner.newsletters.ways import links_of
from kernel.clock import now as read_clock
from newsletters import sending
from newsletters.issues import begin_issue, end_issue_if_done
from newsletters.mails import NotTaken, Sender, hand_over, make_mail, name_of
from newsletters.models import Content, Issue, Mail
from newsletters.selectors import readers
from newsletters.states import IssueState, MailState
from newsletters.subscribers import note_return, without_addresses
from outbox.errors import UnableToReach
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_url

logger = logging.getLogger(__name__)

# So many mails are looked up at once.
AT_ONCE = 100
# After so long another worker's task gets its turn, in seconds.
BUDGET_S = 5.0
# A mail server that is away is asked again after this.
AWAY = timedelta(minutes=1)
# Where the pace is used up, there is room again soon.
BREATH = timedelta(seconds=5)


@dataclass(frozen=True)
class _Turn:
    """What the mails of one turn share; ``site`` is the root of its addresses, and ``friends`` are mail addresses."""

    tenant: Tenant
    site: str
    contents: Mapping[str, Content]
    sender: Sender
    connection: BaseEmailBackend
    friends: Mapping[UUID, str]


def send_newsletters(tenant: Tenant, *, budget_s: float = BUDGET_S) -> timedelta | None:
    """Begin what is due and send for some seconds; return after what time there is more to do, or None.

    Any number of workers may do so at once. Run on the platform.
    """
    ends, wait = time.monotonic() + budget_s, None
    with tenant_context(tenant):
        issues = sending.due_issues(read_clock())
    for issue in issues:
        if issue.state == IssueState.SCHEDULED:
            _begin(tenant, issue)
        try:
            found = _send_issue(tenant, issue, ends)
        except UnableToReach as error:
            logger.warning("Newsletter %s of %s waits: %s", issue.pk, tenant.slug, error)
            return AWAY
        if found is not None:
            wait = found if wait is None else min(wait, found)
    return wait


def send_trial(*, tenant: Tenant, issue: Issue, recipient: str) -> int:
    """Send each language of an issue to somebody who wants to see it first; return how many. Run inside the tenant.

    Raises NotTaken or UnableToReach.
    """
    site, sender = tenant_url(tenant, ""), sender_of(tenant)
    with _connected() as connection:
        for content in issue.contents.all():
            mail = Mail(issue=issue, language=content.language)
            message = make_mail(
                content=content,
                sender=sender,
                recipient=recipient,
                links=links_of(site, mail),
                name=name_of(mail.uuid, tenant.pk),
                is_test=True,
            )
            hand_over(message, connection)
    return issue.contents.count()


def _begin(tenant: Tenant, issue: Issue) -> None:
    with tenant_context(tenant):
        audience = issue.chosen
        friends = friends_of(tenant, audience)
        begin_issue(
            issue_id=issue.pk,
            subscribers=readers(audience),
            friends=friends,
            main_language=tenant.default_language,
            now=read_clock(),
        )


def _send_issue(tenant: Tenant, issue: Issue, ends: float) -> timedelta | None:
    """Send mails of one issue until time or pace are used up; return after what time to come back, or None.

    Raises UnableToReach.
    """
    with tenant_context(tenant):
        contents = {content.language: content for content in issue.contents.all()}
        site, sender = tenant_url(tenant, ""), sender_of(tenant)
    with _connected() as connection:
        while time.monotonic() < ends:
            with tenant_context(tenant):
                room = sending.room_for(read_clock(), per_minute=settings.NEWSLETTERS_PER_MINUTE)
                waiting = sending.waiting_mails(issue.pk, now=read_clock(), most=min(AT_ONCE, room))
            if not waiting:
                return BREATH if room == 0 else _rest(tenant, issue)
            friends = addresses_of([one.friend_id for one in waiting if one.friend_id is not None])
            turn = _Turn(tenant, site, contents, sender, connection, friends)
            if _send_all(turn, waiting):
                return None
    return timedelta(0)


def _send_all(turn: _Turn, waiting: Iterable[sending.Waiting]) -> bool:
    """Send mails one by one; return whether none of them was to be had, as when the issue has been paused."""
    with tenant_context(turn.tenant):
        return not sum(_send_one(one.pk, turn) for one in waiting)


def _send_one(pk: int, turn: _Turn) -> bool:
    """Hand one mail over while its row is locked, and say whether it was to be had.

    Raises UnableToReach where the server is away, which leaves the mail as it was, or takes nothing from us.
    """
    refusal: NotTaken | None = None
    with transaction.atomic():
        mail = sending.claim_mail(pk)
        if mail is None:
            return False
        recipient = mail.subscriber.email if mail.subscriber else turn.friends.get(mail.friend_id or mail.uuid)
        if recipient is None or sending.is_unwanted(mail, recipient):
            sending.settle(mail, MailState.SKIPPED, now=read_clock())
            return True
        message = make_mail(
            content=turn.contents[mail.language],
            sender=turn.sender,
            recipient=recipient,
            links=links_of(turn.site, mail),
            name=name_of(mail.uuid, turn.tenant.pk),
        )
        try:
            hand_over(message, turn.connection)
        except NotTaken as error:
            refusal = error
            _note_refusal(mail, refusal)
        else:
            sending.settle(mail, MailState.SENT, now=read_clock())
    if refusal is not None and refusal.is_final and not refusal.is_address:
        # Most likely it would refuse the others too.
        raise UnableToReach(without_addresses(f"mail server: {refusal}"))
    return True


def _note_refusal(mail: Mail, refusal: NotTaken) -> None:
    if refusal.is_final and refusal.is_address:
        note_return(mail_uuid=mail.uuid, is_complaint=False, said=refusal.said, now=read_clock())
    else:
        sending.put_off(mail, now=read_clock(), said=refusal.said)


def _rest(tenant: Tenant, issue: Issue) -> timedelta | None:
    """End an issue of which nothing waits; return when the next mail of it is due otherwise."""
    with tenant_context(tenant):
        if end_issue_if_done(issue_id=issue.pk, now=read_clock()):
            return None
        due_at = sending.next_due_at(issue.pk)
    return max(due_at - read_clock(), BREATH) if due_at else None


@contextmanager
def _connected() -> Iterator[BaseEmailBackend]:
    """Keep one connection to the mail server for many mails; one that was lost is opened anew by the next turn.

    Raises UnableToReach.
    """
    connection = get_connection()
    try:
        connection.open()
    except (SMTPException, OSError) as error:
        raise UnableToReach(f"mail server: {type(error).__name__}: {error}") from error
    try:
        yield connection
    finally:
        connection.close()
