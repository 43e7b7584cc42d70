"""Reads about newsletters. Run inside the tenant."""

from collections import Counter
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from newsletters.audience import Audience
from newsletters.models import Consent, Content, Issue, Mail, Subscriber
from newsletters.states import IssueState, MailState

# What went out, whatever became of it.
HANDED_OVER = (MailState.SENT, MailState.BOUNCED, MailState.COMPLAINED)


@dataclass(frozen=True)
class Report:
    """What became of an issue's mails; ``by_language`` are all of them."""

    states: Counter[str] = field(default_factory=Counter)
    by_language: dict[str, int] = field(default_factory=dict)
    unsubscribed: int = 0

    @property
    def total(self) -> int:
        """How many recipients it has."""
        return sum(self.states.values())

    @property
    def sent(self) -> int:
        """How many mails went out."""
        return sum(self.states[state] for state in HANDED_OVER)

    @property
    def waiting(self) -> int:
        """How many mails wait."""
        return self.states[MailState.QUEUED]

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return 100 * (self.total - self.waiting) // self.total if self.total else 0


def subscriber_by_uuid(subscriber_uuid: UUID | str) -> Subscriber:
    """Return a subscriber.

    Raises ``Subscriber.DoesNotExist``.
    """
    return Subscriber.objects.get(uuid=subscriber_uuid)


def readers(audience: Audience) -> QuerySet[Subscriber]:
    """Return who is on the list and belongs to the choice of recipients, oldest first."""
    if not audience.customers:
        return Subscriber.objects.none()
    found = Subscriber.objects.filter(confirmed_at__isnull=False, ended_at=None)
    if audience.languages:
        found = found.filter(language__in=audience.languages)
    return found.order_by("pk")


def subscribers(words: str = "") -> QuerySet[Subscriber]:
    """Return everybody who signed up, newest first, each with the proof."""
    found = Subscriber.objects.filter(email__icontains=words.strip()) if words.strip() else Subscriber.objects.all()
    steps = Prefetch("steps", Consent.objects.order_by("at", "pk"))
    return found.prefetch_related(steps).order_by("-asked_at", "-pk")


def issues() -> QuerySet[Issue]:
    """Return all issues, the newest first, each with how many mails it has and how many are out."""
    out = Count("mails", filter=Q(mails__state__in=HANDED_OVER))
    return Issue.objects.annotate(recipients=Count("mails"), out=out).order_by("-prepared_at", "-pk")


def issue_by_uuid(issue_uuid: UUID | str) -> Issue:
    """Return an issue with its words (2 queries).

    Raises ``Issue.DoesNotExist``.
    """
    return Issue.objects.prefetch_related(Prefetch("contents", Content.objects.order_by("pk"))).get(uuid=issue_uuid)


def issue_of_key(key: UUID) -> Issue | None:
    """Return the issue that is made of the pieces of a key, or None (1 query)."""
    return Issue.objects.filter(key=key).first()


def report_of(issue: Issue) -> Report:
    """Return what became of an issue's mails (2 queries)."""
    mails = Mail.objects.filter(issue=issue)
    states, languages = Counter[str](), Counter[str]()
    for state, language, count in mails.values_list("state", "language").annotate(Count("pk")).order_by():
        states[state] += count
        languages[language] += count
    left = mails.filter(unsubscribed_at__isnull=False).count()
    return Report(states, dict(sorted(languages.items())), left)


def archive(language: str) -> QuerySet[Content]:
    """Return the words of all issues that went to customers, in a language, newest first."""
    public = _begun().filter(issue__audience__customers=True, language=language)
    return public.order_by("-issue__started_at", "-pk")


def archived(issue_uuid: UUID, language: str) -> Content | None:
    """Return an issue's words in a language as whoever has its link may read them, or None (1 query)."""
    return _begun().filter(issue__uuid=issue_uuid, language=language).first()


def languages_of(issue_uuid: UUID) -> list[str]:
    """Return the languages in which whoever has its link may read an issue (1 query)."""
    return list(_begun().filter(issue__uuid=issue_uuid).order_by("pk").values_list("language", flat=True))


def _begun() -> QuerySet[Content]:
    begun = (IssueState.SENDING, IssueState.PAUSED, IssueState.SENT)
    return Content.objects.filter(issue__state__in=begun).select_related("issue")
