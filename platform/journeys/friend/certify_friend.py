"""Certificates from test to end, with what the friend is told, and what a partner's managers may do about them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from crowd.attempts import HandedIn, hand_in
from crowd.certificates import (
    certified_by,
    endings,
    expire_certificates,
    friends_with_expired,
    issue_by_operator,
    issue_by_partner,
    revoke_certificate,
)
from crowd.models import Certificate, Friend
from crowd.papers import Answers
from crowd.selectors import members_of
from journeys.friend.change_skill import rename_or_move_skill
from journeys.posting import tell
from journeys.topics import ToFriend
from skills.models import Skill
from skills.services import add_skill, bring_back_skill, retire_skill
from tenants.context import platform_context
from tenants.models import Tenant


@dataclass(frozen=True)
class Member:
    """A friend of a partner's community, as its managers see them."""

    id: UUID
    name: str
    town: str


@dataclass(frozen=True)
class OwnCertificate:
    """A valid certificate for one of a partner's own products."""

    id: int
    friend: Member
    skill_id: int
    skill: str
    valid_until: date | None
    issued_by: str


@dataclass(frozen=True)
class OwnCertificates:
    """A partner's members, and who of them is certified for its own products."""

    members: list[Member]
    certificates: list[OwnCertificate]


@transaction.atomic
def hand_in_test(*, attempt_id: UUID, friend_id: UUID, answers: Answers, now: datetime) -> HandedIn:
    """Score a friend's paper and tell them of the certificate that it brings. Run on the platform.

    Raises ``Attempt.DoesNotExist``.
    """
    done = hand_in(attempt_id=attempt_id, friend_id=friend_id, answers=answers, now=now)
    if done.certificate is not None:
        _tell(ToFriend.CERTIFICATE_ISSUED, done.certificate, now=now)
    return done


@transaction.atomic
def certify_by_operator(
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
    """Certify a friend for the platform. Run on the platform.

    Raises UnableToCertify.
    """
    certificate = issue_by_operator(
        friend_id=friend_id,
        skill_id=skill_id,
        grade=grade,
        valid_from=valid_from,
        valid_until=valid_until,
        who=who,
        why=why,
        now=now,
    )
    _tell(ToFriend.CERTIFICATE_ISSUED, certificate, now=now)
    return certificate


@transaction.atomic
def revoke_by_operator(*, certificate_id: int, who: str, why: str, now: datetime) -> Certificate:
    """Take a certificate back for the platform. Run on the platform.

    Raises ``Certificate.DoesNotExist`` or UnableToCertify.
    """
    certificate = revoke_certificate(certificate_id=certificate_id, who=who, why=why, now=now)
    _tell(ToFriend.CERTIFICATE_REVOKED, certificate, now=now, why=why.strip())
    return certificate


def certify_by_partner(
    *,
    tenant: Tenant,
    friend_id: UUID,
    skill_id: int,
    valid_from: date | None,
    valid_until: date | None,
    who: str,
    why: str,
    now: datetime,
) -> Certificate:
    """Certify a member of the partner's community for one of its own products.

    Raises UnableToCertify.
    """
    with platform_context(), transaction.atomic():
        certificate = issue_by_partner(
            friend_id=friend_id,
            skill_id=skill_id,
            valid_from=valid_from,
            valid_until=valid_until,
            issuer=tenant.pk,
            who=who,
            why=why,
            now=now,
        )
        _tell(ToFriend.CERTIFICATE_ISSUED, certificate, now=now)
        return certificate


def revoke_by_partner(*, tenant: Tenant, certificate_id: int, who: str, why: str, now: datetime) -> Certificate:
    """Take back a certificate for one of the partner's own products.

    Raises ``Certificate.DoesNotExist`` for anybody else's, or UnableToCertify.
    """
    with platform_context(), transaction.atomic():
        certificate = revoke_certificate(certificate_id=certificate_id, issuer=tenant.pk, who=who, why=why, now=now)
        _tell(ToFriend.CERTIFICATE_REVOKED, certificate, now=now, why=why.strip())
        return certificate


def own_certificates(*, tenant: Tenant, today: date) -> OwnCertificates:
    """Return what the partner's page of certificates shows."""
    with platform_context():
        return OwnCertificates(
            members=[_member(friend) for friend in members_of(tenant.pk)],
            certificates=[
                OwnCertificate(
                    id=one.pk,
                    friend=_member(one.friend),
                    skill_id=one.skill_id,
                    skill=one.skill.name,
                    valid_until=one.valid_until,
                    issued_by=one.issued_by,
                )
                for one in certified_by(tenant.pk, today=today)
            ],
        )


def add_own_skill(
    *, tenant: Tenant, names: dict[str, str], parent_id: int | None, needs_certificate: bool, who: str, now: datetime
) -> Skill:
    """Add a skill for the partner's own products.

    Raises UnableToKeepSkill.
    """
    with platform_context():
        return add_skill(
            names=names,
            parent_id=parent_id,
            needs_certificate=needs_certificate,
            owner=tenant.pk,
            owner_slug=tenant.slug,
            who=who,
            now=now,
        )


def change_own_skill(
    *,
    tenant: Tenant,
    skill_id: int,
    names: dict[str, str],
    parent_id: int | None,
    needs_certificate: bool,
    who: str,
    now: datetime,
) -> Skill:
    """Rename a skill for the partner's own products, or say whether it needs a certificate.

    Raises ``Skill.DoesNotExist`` for anybody else's, or UnableToKeepSkill.
    """
    with platform_context():
        return rename_or_move_skill(
            skill_id=skill_id,
            names=names,
            parent_id=parent_id,
            needs_certificate=needs_certificate,
            owner=tenant.pk,
            who=who,
            now=now,
        )


def retire_own_skill(*, tenant: Tenant, skill_id: int, is_back: bool, who: str, now: datetime) -> Skill:
    """Retire a skill for the partner's own products, or bring it back.

    Raises ``Skill.DoesNotExist`` for anybody else's, or UnableToKeepSkill.
    """
    act = bring_back_skill if is_back else retire_skill
    with platform_context():
        return act(skill_id=skill_id, owner=tenant.pk, who=who, now=now)


def sweep_certificates(*, now: datetime) -> int:
    """Remind of certificates that end soon, end those that are over, and return how many ended. Run on the platform."""
    for ending in endings(today=now.date()):
        _tell(
            ToFriend.CERTIFICATE_ENDS_SOON,
            ending.certificate,
            now=now,
            # Once for each reminder of each term, however often this runs.
            once=f"{ending.certificate.valid_until}:{ending.days}",
        )
    count = 0
    for friend_id in friends_with_expired(now=now):
        with transaction.atomic():
            ended = expire_certificates(friend_id=friend_id, now=now)
            for certificate in ended:
                _tell(ToFriend.CERTIFICATE_EXPIRED, certificate, now=now, once=str(certificate.valid_until))
        count += len(ended)
    return count


def _member(friend: Friend) -> Member:
    return Member(id=friend.pk, name=f"{friend.first_name} {friend.last_name}", town=friend.town)


def _tell(topic: ToFriend, certificate: Certificate, *, now: datetime, once: str = "", why: str = "") -> None:
    until = certificate.valid_until
    tell(
        topic,
        certificate.friend_id,
        certificate.skill_id,
        once or now.isoformat(),
        now=now,
        friend=str(certificate.friend_id),
        skill=certificate.skill_id,
        issuer=certificate.issuer or 0,
        until=until.isoformat() if until else "",
        why=why,
    )
