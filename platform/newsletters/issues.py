"""An issue from its words to its last mail. Run inside the tenant."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from newsletters.audience import Audience
from newsletters.errors import IssueChanged, IssueUnderWay, NothingToSend, TimeIsPast, UnableToMoveIssue
from newsletters.models import Content, Issue, Mail, Subscriber
from newsletters.states import IssueState, MailState

AT_ONCE = 2_000


@dataclass(frozen=True)
class Written:
    """The words of an issue in one language, ready to go out."""

    language: str
    subject: str
    html: str
    text: str
    web: str


@transaction.atomic
def prepare_issue(*, key: UUID, title: str, written: Sequence[Written], now: datetime) -> Issue:
    """Keep the words of an issue as they will go out; recipients that were chosen before stay.

    Raises NothingToSend or IssueUnderWay.
    """
    if not written:
        raise NothingToSend
    Issue.objects.get_or_create(
        key=key, defaults={"title": title, "prepared_at": now, "audience": Audience().as_json()}
    )
    issue = Issue.objects.select_for_update().get(key=key)
    if issue.state != IssueState.DRAFT:
        raise IssueUnderWay
    issue.title, issue.prepared_at, issue.version = title, now, uuid4()
    issue.save(update_fields=["title", "prepared_at", "version"])
    issue.contents.all().delete()
    Content.objects.bulk_create(
        Content(issue=issue, language=one.language, subject=one.subject, html=one.html, text=one.text, web=one.web)
        for one in written
    )
    return issue


def choose_audience(*, issue_uuid: UUID, audience: Audience) -> None:
    """Say to whom an issue goes.

    Raises IssueUnderWay.
    """
    draft = Issue.objects.filter(uuid=issue_uuid, state=IssueState.DRAFT)
    if not draft.update(audience=audience.as_json(), version=uuid4()):
        raise IssueUnderWay


def schedule_issue(*, issue_uuid: UUID, version: UUID, at: datetime, who: str, now: datetime) -> None:
    """Let an issue go out at a time, or at once where that is now; ``version`` is what the manager has seen.

    Raises TimeIsPast, IssueChanged or UnableToMoveIssue.
    """
    if at < now:
        raise TimeIsPast
    draft = Issue.objects.filter(uuid=issue_uuid, state=IssueState.DRAFT)
    if draft.filter(version=version).update(state=IssueState.SCHEDULED, scheduled_at=at, decided_by=who):
        return
    raise IssueChanged if draft.exists() else UnableToMoveIssue


def take_back_issue(*, issue_uuid: UUID) -> None:
    """Let a planned issue not go out; it can be changed and planned again.

    Raises UnableToMoveIssue.
    """
    _move(issue_uuid, IssueState.SCHEDULED, IssueState.DRAFT, scheduled_at=None)


def pause_issue(*, issue_uuid: UUID) -> None:
    """Let no further mail go out for now.

    Raises UnableToMoveIssue.
    """
    _move(issue_uuid, IssueState.SENDING, IssueState.PAUSED)


def resume_issue(*, issue_uuid: UUID) -> None:
    """Let the rest go out.

    Raises UnableToMoveIssue.
    """
    _move(issue_uuid, IssueState.PAUSED, IssueState.SENDING)


@transaction.atomic
def begin_issue(
    *,
    issue_id: int,
    subscribers: QuerySet[Subscriber],
    friends: Mapping[UUID, str],
    main_language: str,
    now: datetime,
) -> int:
    """Write a row for each recipient of a planned issue and return how many; none where another worker has done so.

    ``friends`` are languages by friend. Who reads in a language that the issue lacks gets it in the main one, or in its
    first.
    """
    issue = Issue.objects.select_for_update().filter(pk=issue_id, state=IssueState.SCHEDULED).first()
    if issue is None:
        return 0
    there = list(issue.contents.order_by("pk").values_list("language", flat=True))
    other = main_language if main_language in there else there[0]
    rows = list(_rows(issue, subscribers, friends, {language: language for language in there}, other, now))
    Mail.objects.bulk_create(rows, batch_size=AT_ONCE)
    issue.state, issue.started_at = IssueState.SENDING, now
    issue.save(update_fields=["state", "started_at"])
    return len(rows)


def end_issue_if_done(*, issue_id: int, now: datetime) -> bool:
    """Note that an issue is sent where no mail of it waits any more, and say whether it is."""
    waiting = Mail.objects.filter(issue=issue_id, state=MailState.QUEUED)
    open_issue = Issue.objects.filter(pk=issue_id, state=IssueState.SENDING)
    return bool(not waiting.exists() and open_issue.update(state=IssueState.SENT, ended_at=now))


def _rows(
    issue: Issue,
    subscribers: QuerySet[Subscriber],
    friends: Mapping[UUID, str],
    own: Mapping[str, str],
    other: str,
    now: datetime,
) -> Iterator[Mail]:
    people: Iterable[tuple[int, str]] = subscribers.values_list("pk", "language").iterator(AT_ONCE)
    for pk, language in people:
        yield Mail(issue=issue, subscriber_id=pk, language=own.get(language, other), due_at=now)
    for friend_id, language in friends.items():
        yield Mail(issue=issue, friend_id=friend_id, language=own.get(language, other), due_at=now)


def _move(issue_uuid: UUID, of: IssueState, to: IssueState, **fields: object) -> None:
    if not Issue.objects.filter(uuid=issue_uuid, state=of).update(state=to, **fields):
        raise UnableToMoveIssue
