"""Taking mails of an issue in hand, one at a time, so that a killed worker neither loses nor doubles any.

A mail's row is locked from before it is handed over until what became of it is committed. A worker that dies lets go of
its lock and leaves the row waiting. Only one that dies between the mail server's yes and the commit lets a mail go out
once more, with the same Message-ID, by which mailboxes know it. Run inside the tenant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from newsletters.models import Issue, Mail, Suppression
from newsletters.states import IssueState, MailState
from newsletters.subscribers import address_hash, without_addresses

# How long to wait after each refusal that may pass; after the last one the mail is given up.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 60, 240))
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Waiting:
    """A mail that is due, and to whom it goes."""

    pk: int
    friend_id: UUID | None


def due_issues(now: datetime) -> list[Issue]:
    """Return the issues that are to begin or to go on, the longest due first (1 query)."""
    found = Issue.objects.filter(state__in=[IssueState.SCHEDULED, IssueState.SENDING], scheduled_at__lte=now)
    return list(found.order_by("scheduled_at", "pk"))


def waiting_mails(issue_id: int, *, now: datetime, most: int) -> list[Waiting]:
    """Return mails of an issue that are due, oldest first; whoever wants to send one has to claim it (1 query)."""
    queued = Mail.objects.filter(issue=issue_id, state=MailState.QUEUED, due_at__lte=now)
    return [Waiting(*row) for row in queued.order_by("due_at", "pk").values_list("pk", "friend_id")[:most]]


def next_due_at(issue_id: int) -> datetime | None:
    """Return when the next mail of an issue is due, or None where none waits (1 query)."""
    queued = Mail.objects.filter(issue=issue_id, state=MailState.QUEUED)
    return queued.order_by("due_at").values_list("due_at", flat=True).first()


def room_for(now: datetime, *, per_minute: int) -> int:
    """Return how many more mails may go out in this minute (1 query)."""
    return max(0, per_minute - Mail.objects.filter(sent_at__gt=now - MINUTE).count())


def claim_mail(pk: int) -> Mail | None:
    """Lock a mail until the transaction ends; None where another worker has it or its issue is paused (1 query)."""
    return (
        Mail.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("subscriber", "issue")
        .filter(pk=pk, state=MailState.QUEUED, issue__state=IssueState.SENDING)
        .first()
    )


def is_unwanted(mail: Mail, recipient: str) -> bool:
    """Say whether nobody writes to a recipient, or a friend gets the issue as a subscriber (2 queries at most).

    ``recipient`` is the address.
    """
    left = Q(address_hash=address_hash(recipient))
    if mail.subscriber is not None:
        return not mail.subscriber.is_on_the_list or Suppression.objects.filter(left).exists()
    if Suppression.objects.filter(left | Q(friend_id=mail.friend_id)).exists():
        return True
    return Mail.objects.filter(issue=mail.issue_id, subscriber__email=recipient.strip().lower()).exists()


def settle(mail: Mail, state: MailState, *, now: datetime, said: str = "") -> None:
    """Write down what became of a mail."""
    mail.state, mail.said = state, without_addresses(said)
    mail.sent_at = now if state == MailState.SENT else None
    mail.save(update_fields=["state", "said", "sent_at"])


def put_off(mail: Mail, *, now: datetime, said: str) -> None:
    """Try a mail again later, or give it up after the last time."""
    if mail.attempts >= len(BACKOFF):
        settle(mail, MailState.FAILED, now=now, said=said)
        return
    mail.due_at, mail.said = now + BACKOFF[mail.attempts], without_addresses(said)
    mail.attempts += 1
    mail.save(update_fields=["due_at", "said", "attempts"])


def friends_who_want_it(friend_ids: Iterable[UUID]) -> set[UUID]:
    """Return those of the friends who have not left the list (1 query)."""
    wanted = set(friend_ids)
    left = Suppression.objects.filter(friend_id__in=wanted).values_list("friend_id", flat=True)
    return wanted - {friend_id for friend_id in left if friend_id}
