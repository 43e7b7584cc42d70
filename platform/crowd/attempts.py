"""Friends take online tests (R9): begin, answer, hand in; what runs out is closed. Run on the platform."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from crowd.certificates import RENEW_DAYS, issue_by_test
from crowd.errors import MayNotStartYet, NothingToProve
from crowd.models import Attempt, Certificate, Friend, Membership, OnlineTest
from crowd.onboarding import activate_when_ready
from crowd.papers import Answers, draw_paper, score
from crowd.states import Grade, OnlineTestKind
from kernel.wording.texts import pick

# For the way of the answers through the network.
GRACE = timedelta(seconds=30)
AT_ONCE = 200


@dataclass(frozen=True)
class HandedIn:
    """What came of handing in; the second time the first result counts."""

    attempt: Attempt
    is_first: bool
    certificate: Certificate | None = None
    is_active_now: bool = False


@dataclass(frozen=True)
class Chance:
    """A test as one friend meets it: open at this moment, held already, to be waited for, or free to begin."""

    test: OnlineTest
    attempt: Attempt | None = None
    last: Attempt | None = None
    since: datetime | None = None
    is_held: bool = False
    certificate: Certificate | None = None

    @property
    def may_start(self) -> bool:
        """Say whether the friend may begin now."""
        return self.attempt is None and self.since is None and not self.is_held


def chances_of(friend_id: UUID, *, now: datetime) -> list[Chance]:
    """Return every published test that is for the friend, the onboarding first. A fixed number of queries."""
    friend = Friend.objects.get(pk=friend_id)
    tests = list(_tests_for(friend))
    held = {certificate.skill_id: certificate for certificate in Certificate.objects.filter(friend=friend_id)}
    tries: dict[int, list[Attempt]] = {}
    for attempt in Attempt.objects.filter(friend=friend_id).order_by("-started_at").defer("paper", "answers"):
        tries.setdefault(attempt.test_id, []).append(attempt)
    found = [_chance(friend, test, tries.get(test.pk, []), held.get(test.skill_id or 0), now) for test in tests]
    return sorted(found, key=lambda one: (one.test.kind != OnlineTestKind.ONBOARDING, _title(one.test)))


def onboarding_chance_of(friend_id: UUID, *, now: datetime) -> Chance | None:
    """Return the test that comes before the first job as the friend meets it, or None where there is none."""
    return next((one for one in chances_of(friend_id, now=now) if one.test.kind == OnlineTestKind.ONBOARDING), None)


def chance_at(friend_id: UUID, slug: str, *, now: datetime) -> Chance:
    """Return one test as the friend meets it.

    Raises ``OnlineTest.DoesNotExist`` where there is none for this friend.
    """
    friend = Friend.objects.get(pk=friend_id)
    test = _tests_for(friend).get(slug=slug)
    tries = list(Attempt.objects.filter(friend=friend_id, test=test).order_by("-started_at"))
    held = Certificate.objects.filter(friend=friend_id, skill=test.skill_id).first() if test.skill_id else None
    return _chance(friend, test, tries, held, now)


@transaction.atomic
def start_attempt(*, slug: str, friend_id: UUID, now: datetime) -> Attempt:
    """Draw a paper and start the clock; who has begun gets the paper that is open.

    Raises ``OnlineTest.DoesNotExist``, MayNotStartYet during the waiting time, or NothingToProve.
    """
    # The lock on the friend lets one of two starts at once find the other's attempt; the database allows no second.
    Friend.objects.select_for_update(no_key=True).get(pk=friend_id)
    close_overdue_attempts(now=now, friend_id=friend_id)
    chance = chance_at(friend_id, slug, now=now)
    if chance.attempt is not None:
        return chance.attempt
    if chance.is_held:
        raise NothingToProve
    if chance.since is not None:
        raise MayNotStartYet(chance.since)
    pool = list(chance.test.questions.filter(is_active=True).order_by("id"))
    return Attempt.objects.create(
        test=chance.test,
        friend_id=friend_id,
        paper=draw_paper(pool, draws=chance.test.draws, chance=secrets.SystemRandom()),
        started_at=now,
        due_at=now + timedelta(minutes=chance.test.minutes),
    )


def keep_answers(*, attempt_id: UUID, friend_id: UUID, answers: Answers, now: datetime) -> bool:
    """Keep what is ticked so far, while there is time; say whether there was."""
    running = Attempt.objects.filter(pk=attempt_id, friend=friend_id, ended_at=None, due_at__gte=now - GRACE)
    return running.update(answers=answers) == 1


@transaction.atomic
def hand_in(*, attempt_id: UUID, friend_id: UUID, answers: Answers, now: datetime) -> HandedIn:
    """Score a paper once, and give what passing gives. Too late is failed, and so it stays.

    Raises ``Attempt.DoesNotExist``.
    """
    Friend.objects.select_for_update(no_key=True).get(pk=friend_id)
    found = Attempt.objects.select_for_update(of=("self",)).select_related("test", "test__skill")
    attempt = found.get(pk=attempt_id, friend=friend_id)
    if attempt.ended_at is not None:
        return HandedIn(attempt, is_first=False)
    is_late = now > attempt.due_at + GRACE
    _end(attempt, attempt.answers if is_late else answers, is_late=is_late, now=now)
    if not attempt.has_passed:
        return HandedIn(attempt, is_first=True)
    return _reward(attempt, now)


def close_overdue_attempts(*, now: datetime, friend_id: UUID | None = None) -> int:
    """Close as failed what nobody has handed in, with the answers kept so far; return how many there were."""
    with transaction.atomic():
        over = Attempt.objects.filter(ended_at=None, due_at__lt=now - GRACE)
        if friend_id is not None:
            over = over.filter(friend=friend_id)
        attempts = list(over.select_for_update(skip_locked=True, of=("self",)).select_related("test")[:AT_ONCE])
        for attempt in attempts:
            _end(attempt, attempt.answers, is_late=True, now=now)
    return len(attempts)


def attempt_of(friend_id: UUID, attempt_id: UUID) -> Attempt:
    """Return a friend's attempt with its test.

    Raises ``Attempt.DoesNotExist``.
    """
    return Attempt.objects.select_related("test", "test__skill").get(pk=attempt_id, friend=friend_id)


def was_late(attempt: Attempt) -> bool:
    """Say whether an attempt ended because its time was over."""
    return attempt.ended_at is not None and attempt.ended_at > attempt.due_at + GRACE


def retry_since(attempt: Attempt) -> datetime | None:
    """Return when a failed test can be tried again."""
    if attempt.has_passed or attempt.ended_at is None:
        return None
    return min(attempt.ended_at, attempt.due_at + GRACE) + timedelta(hours=attempt.test.retry_hours)


def _end(attempt: Attempt, answers: Answers, *, is_late: bool, now: datetime) -> None:
    result = score(attempt.paper, answers)
    attempt.answers, attempt.ended_at, attempt.right_count = answers, now, result.right_count
    attempt.has_passed = not is_late and result.passes(attempt.test.pass_percent)
    attempt.save(update_fields=["answers", "ended_at", "right_count", "has_passed"])


def _reward(attempt: Attempt, now: datetime) -> HandedIn:
    test = attempt.test
    if test.kind == OnlineTestKind.ONBOARDING:
        Friend.objects.filter(pk=attempt.friend_id, onboarded_at=None).update(onboarded_at=now)
        return HandedIn(attempt, is_first=True, is_active_now=activate_when_ready(attempt.friend_id, now))
    assert test.skill is not None
    certificate = issue_by_test(
        friend_id=attempt.friend_id,
        skill=test.skill,
        grade=test.grade,
        months=test.valid_months,
        test=_title(test),
        now=now,
    )
    return HandedIn(attempt, is_first=True, certificate=certificate)


def _tests_for(friend: Friend) -> QuerySet[OnlineTest]:
    """Return the published tests that a friend may take: those for pros are pros', and a partner's its community's."""
    communities = Membership.objects.filter(friend=friend).values_list("community", flat=True)
    general = Q(skill=None) | Q(skill__owner=None) | Q(skill__owner__in=list(communities))
    found = OnlineTest.objects.filter(general, is_published=True).exclude(skill__is_retired=True)
    if not friend.is_pro:
        found = found.exclude(kind=OnlineTestKind.SKILL, grade=Grade.PRO)
    return found.select_related("skill")


def _chance(
    friend: Friend, test: OnlineTest, tries: Sequence[Attempt], certificate: Certificate | None, now: datetime
) -> Chance:
    """Say how a test stands for a friend, by what they hold and their attempts at it, newest first."""
    running = next((one for one in tries if one.ended_at is None and one.due_at + GRACE >= now), None)
    last = next((one for one in tries if one is not running), None)
    if certificate is not None and certificate.grade < test.grade:
        certificate = None
    is_held = friend.onboarded_at is not None if test.skill_id is None else _is_settled(certificate, now)
    since = None
    if last is not None and not last.has_passed:
        # One that nobody has handed in yet has ended with its time.
        ended = min(last.ended_at or last.due_at, last.due_at + GRACE)
        over = ended + timedelta(hours=test.retry_hours)
        since = over if over > now else None
    return Chance(test, attempt=running, last=last, since=since, is_held=is_held, certificate=certificate)


def _is_settled(certificate: Certificate | None, now: datetime) -> bool:
    """Say whether a certificate is good for so long that there is nothing to renew yet."""
    if certificate is None:
        return False
    soon = now.date() + timedelta(days=RENEW_DAYS)
    return certificate.valid_until is None or certificate.valid_until > soon


def _title(test: OnlineTest) -> str:
    return pick(test.title, get_language() or "en")
