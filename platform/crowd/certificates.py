"""Certificates of friends: issued by a test, an operator or a partner; renewed, revoked, expired. Run on the platform.

Each step stands in the history, and the candidate rows follow in the same transaction.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crowd.errors import UnableToCertify
from crowd.horizon import is_too_far_ahead
from crowd.models import Certificate, CertificateEvent, Friend, Membership
from crowd.services import refresh_candidates
from crowd.states import CertificateStep, Grade
from skills.models import Skill

# A friend is reminded so many days before a certificate ends.
REMIND_DAYS = (30, 7, 1)
# From this many days before its end a certificate can be renewed by a test.
RENEW_DAYS = 60
MONTHS_A_YEAR = 12
AT_ONCE = 500

Faults = dict[str, str | Promise]


@dataclass(frozen=True)
class Ending:
    """A certificate that ends soon: ``days`` is the reminder (30, 7 or 1) that is due."""

    certificate: Certificate
    days: int


def issue_by_operator(
    *,
    friend_id: UUID,
    skill_id: int,
    grade: int,
    valid_from: date | None,
    valid_until: date | None,
    who: str,
    why: str,
    now: datetime,
) -> Certificate:
    """Certify a friend by hand, or renew; ``why`` names the proof that was seen.

    Raises UnableToCertify.
    """
    faults: Faults = {} if why.strip() else {"why": _("Please say which proof you have seen.")}
    if grade not in {Grade.FRIEND, Grade.PRO}:
        faults["grade"] = _("Please choose a level.")
    return _issue(
        friend_id=friend_id,
        skill=_skill(Q(pk=skill_id)),
        grade=grade,
        valid_from=valid_from or now.date(),
        valid_until=valid_until,
        issuer=None,
        who=who,
        why=why.strip(),
        now=now,
        faults=faults,
    )


def issue_by_partner(
    *,
    friend_id: UUID,
    skill_id: int,
    valid_until: date | None,
    issuer: int,
    who: str,
    why: str = "",
    valid_from: date | None = None,
    now: datetime,
) -> Certificate:
    """Certify a member of a partner's community for one of the partner's own products (``issuer`` its tenant id).

    Raises UnableToCertify.
    """
    if not Membership.objects.filter(friend=friend_id, community=issuer).exists():
        raise UnableToCertify({"friend": _("This friend is not in your community.")})
    return _issue(
        friend_id=friend_id,
        skill=_skill(Q(pk=skill_id, owner=issuer)),
        grade=Grade.FRIEND,
        valid_from=valid_from or now.date(),
        valid_until=valid_until,
        issuer=issuer,
        who=who,
        why=why.strip(),
        now=now,
        faults={},
    )


@transaction.atomic
def issue_by_test(
    *, friend_id: UUID, skill: Skill, grade: int, months: int | None, test: str, now: datetime
) -> Certificate:
    """Certify a friend who has passed a test. A better certificate, or one that lasts longer, is never made worse."""
    until = add_months(now.date(), months) if months else None
    _lock(friend_id)
    held = Certificate.objects.filter(friend=friend_id, skill=skill, grade__gte=grade).first()
    if held is not None and _is_valid(held, now.date()):
        if held.grade > grade or held.valid_until is None:
            return held
        until = None if until is None else max(until, held.valid_until)
    return _write(
        friend_id=friend_id,
        skill=skill,
        grade=grade,
        valid_from=now.date(),
        valid_until=until,
        issuer=skill.owner,
        who="",
        why=test,
        now=now,
    )


@transaction.atomic
def revoke_certificate(
    *, certificate_id: int, issuer: int | None = None, who: str, why: str, now: datetime
) -> Certificate:
    """Take a certificate back, for a reason. A partner takes back only those for its own products.

    Raises ``Certificate.DoesNotExist`` for anybody else's, or UnableToCertify without a reason.
    """
    found = Certificate.objects.filter(grade__gte=Grade.FRIEND)
    if issuer is not None:
        found = found.filter(skill__owner=issuer)
    certificate = found.select_related("skill").get(pk=certificate_id)
    if not why.strip():
        raise UnableToCertify({"why": _("Please give a reason; the friend reads it.")})
    _lock(certificate.friend_id)
    certificate = found.select_related("skill").get(pk=certificate_id)
    _note(certificate, CertificateStep.REVOKED, who=who, why=why.strip(), now=now)
    _fall_back(certificate)
    refresh_candidates([certificate.friend_id])
    return certificate


def friends_with_expired(*, now: datetime) -> list[UUID]:
    """Return friends of whom a certificate's last day is over, at most 500 at once."""
    over = Certificate.objects.filter(valid_until__lt=now.date()).order_by("friend_id")
    return list(over.values_list("friend_id", flat=True).distinct()[:AT_ONCE])


@transaction.atomic
def expire_certificates(*, friend_id: UUID, now: datetime) -> list[Certificate]:
    """End a friend's certificates whose last day is over, and return them as they were. May run twice."""
    _lock(friend_id)
    over = list(Certificate.objects.filter(friend=friend_id, valid_until__lt=now.date()).select_related("skill"))
    ended = [certificate for certificate in over if certificate.grade >= Grade.FRIEND]
    for certificate in over:
        if certificate in ended:
            _note(certificate, CertificateStep.EXPIRED, who="", why="", now=now)
        _fall_back(certificate)
    refresh_candidates([friend_id])
    return ended


def endings(*, today: date) -> Iterator[Ending]:
    """Yield the certificates of which a reminder is due: the nearest of 30, 7 or 1 days that has come.

    One that was given for less than a reminder's days gets none of it. The same is yielded on each day until the next;
    whoever reminds knows what was said.
    """
    soon = Certificate.objects.filter(
        grade__gte=Grade.FRIEND,
        valid_until__gte=today,
        valid_until__lte=today + timedelta(days=max(REMIND_DAYS)),
    )
    for certificate in soon.select_related("skill").order_by("valid_until", "id").iterator():
        assert certificate.valid_until is not None
        left = (certificate.valid_until - today).days
        days = min(days for days in REMIND_DAYS if left <= days)
        given = certificate.valid_until - (certificate.valid_from or date.min)
        if given > timedelta(days=days):
            yield Ending(certificate, days)


def standings(friend_id: UUID, *, today: date) -> list[Certificate]:
    """Return what a friend holds, certified first, with the skills; expired ones are left out."""
    found = _valid(today).filter(friend=friend_id).select_related("skill", "skill__parent")
    return sorted(found, key=lambda one: (one.grade == Grade.DECLARED, one.skill.name.casefold(), one.pk))


def history_of(friend_id: UUID) -> QuerySet[CertificateEvent]:
    """Return what happened to a friend's certificates, newest first."""
    return CertificateEvent.objects.filter(friend=friend_id).select_related("skill").order_by("-at", "-id")


def certified_by(issuer: int, *, today: date) -> list[Certificate]:
    """Return the valid certificates for a partner's own products, with friend and skill."""
    found = _valid(today).filter(skill__owner=issuer, grade__gte=Grade.FRIEND).select_related("friend", "skill")
    return list(found.order_by("friend__first_name", "friend__last_name", "id"))


def holders(skill_ids: list[int], *, today: date) -> dict[int, tuple[int, int]]:
    """Return by skill how many friends have declared it and how many are certified. One query."""
    counted = (
        _valid(today)
        .filter(skill__in=skill_ids)
        .values("skill_id")
        .annotate(
            declared=Count("pk", filter=Q(grade=Grade.DECLARED)),
            certified=Count("pk", filter=Q(grade__gte=Grade.FRIEND)),
        )
        .order_by("skill_id")
    )
    return {row["skill_id"]: (row["declared"], row["certified"]) for row in counted}


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month where it has no such day."""
    year, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@transaction.atomic
def _issue(
    *,
    friend_id: UUID,
    skill: Skill | None,
    grade: int,
    valid_from: date,
    valid_until: date | None,
    issuer: int | None,
    who: str,
    why: str,
    now: datetime,
    faults: Faults,
) -> Certificate:
    """Write a certificate that a person gives, where dates and skill are right."""
    today = now.date()
    if skill is None:
        faults["skill"] = _("Please choose a skill from the list.")
    if valid_from > today:
        faults["valid_from"] = _("A certificate counts from today or from an earlier day.")
    if valid_until is not None and valid_until < valid_from:
        faults["valid_until"] = _("A certificate cannot end before it starts.")
    elif valid_until is not None and valid_until < today:
        faults["valid_until"] = _("This day has already passed.")
    elif valid_until is not None and is_too_far_ahead(valid_until, today=today):
        faults["valid_until"] = _("Please choose a day within the next ten years.")
    if faults or skill is None:
        raise UnableToCertify(faults)
    _lock(friend_id)
    return _write(
        friend_id=friend_id,
        skill=skill,
        grade=grade,
        valid_from=valid_from,
        valid_until=valid_until,
        issuer=issuer,
        who=who,
        why=why,
        now=now,
    )


def _write(
    *,
    friend_id: UUID,
    skill: Skill,
    grade: int,
    valid_from: date,
    valid_until: date | None,
    issuer: int | None,
    who: str,
    why: str,
    now: datetime,
) -> Certificate:
    is_renewal = Certificate.objects.filter(friend=friend_id, skill=skill, grade__gte=Grade.FRIEND).exists()
    certificate, _is_new = Certificate.objects.update_or_create(
        friend_id=friend_id,
        skill=skill,
        defaults={
            "grade": grade,
            "valid_from": valid_from,
            "valid_until": valid_until,
            "issuer": issuer,
            "issued_by": who,
            "issued_at": now,
        },
    )
    _note(certificate, CertificateStep.RENEWED if is_renewal else CertificateStep.ISSUED, who=who, why=why, now=now)
    refresh_candidates([friend_id])
    return certificate


def _fall_back(certificate: Certificate) -> None:
    """Leave what the friend says of themselves where that is enough for the skill, and nothing where it is not."""
    if certificate.skill.needs_certificate:
        Certificate.objects.filter(pk=certificate.pk).delete()
        return
    Certificate.objects.filter(pk=certificate.pk).update(
        grade=Grade.DECLARED, valid_from=None, valid_until=None, issuer=None, issued_by="", issued_at=None
    )


def _note(certificate: Certificate, step: CertificateStep, *, who: str, why: str, now: datetime) -> None:
    CertificateEvent.objects.create(
        friend_id=certificate.friend_id,
        skill=certificate.skill,
        at=now,
        step=step,
        grade=certificate.grade,
        valid_until=certificate.valid_until,
        issuer=certificate.issuer,
        who=who,
        why=why,
    )


def _lock(friend_id: UUID) -> None:
    """Let one at a time change a friend's certificates: two who derive the candidate rows at once would collide.

    Raises ``Friend.DoesNotExist``.
    """
    Friend.objects.select_for_update(no_key=True).get(pk=friend_id)


def _skill(which: Q) -> Skill | None:
    """Return a skill that somebody can have."""
    return Skill.objects.filter(which, is_retired=False, children=None).first()


def _valid(today: date) -> QuerySet[Certificate]:
    return Certificate.objects.filter(Q(valid_until=None) | Q(valid_until__gte=today))


def _is_valid(certificate: Certificate, today: date) -> bool:
    return certificate.valid_until is None or certificate.valid_until >= today
