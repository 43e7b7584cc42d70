"""Reads about users. Who is meant depends on the host: staff at a partner, operators on the platform."""

from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import Kind, User
from tenants.context import current_tenant

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def managers() -> list[User]:
    """Return the active community managers of the partner at hand."""
    return list(User.objects.filter(kind=Kind.STAFF, is_active=True).order_by("email"))


def operators() -> list[User]:
    """Return the active operators, by mail address. Run on the platform."""
    return list(User.objects.filter(kind=Kind.OPERATOR, is_active=True).order_by("email"))


def kind_here() -> Kind:
    """Return who signs in by the staff's door of this host; friends have one of their own, customers none."""
    return Kind.OPERATOR if current_tenant() is None else Kind.STAFF


def signs_in_here(user: User | AnonymousUser) -> bool:
    """Say whether somebody may sign in by the staff's door of this host."""
    return isinstance(user, User) and user.is_active and user.kind == kind_here()


def staff_by_email(email: str) -> User | None:
    """Return who signs in here with an address, whatever its case, or None."""
    return _staff().filter(email=email.strip().lower()).first()


def staff_by_uuid(uuid: UUID | str) -> User | None:
    """Return who signs in here, or None where they left meanwhile."""
    return _staff().filter(uuid=uuid).first()


def unconfirmed_friends(email: str) -> QuerySet[User]:
    """Return who signed up as a friend with an address and never followed the link that went there; at most one."""
    return User.objects.filter(email=email.strip().lower(), kind=Kind.FRIEND, is_active=False, last_login=None)


def unconfirmed_friend(uuid: UUID) -> User | None:
    """Return who signed up as a friend and has not followed the link yet, or None."""
    return User.objects.filter(uuid=uuid, kind=Kind.FRIEND, is_active=False, last_login=None).first()


def long_unconfirmed(*, before: datetime) -> list[UUID]:
    """Return who signed up as a friend before the moment and never followed the link."""
    waiting = User.objects.filter(kind=Kind.FRIEND, is_active=False, last_login=None, date_joined__lt=before)
    return list(waiting.order_by("id").values_list("uuid", flat=True))


def friend_user_by_email(email: str) -> User | None:
    """Return the friend who signs in with an address, whatever its case, or None. Run on the platform."""
    return User.objects.filter(email=email.strip().lower(), kind=Kind.FRIEND, is_active=True).first()


def user_by_email(email: str) -> User | None:
    """Return whose address it is here, whoever they are, or None."""
    return User.objects.filter(email=email.strip().lower()).first()


def user_by_uuid(uuid: UUID | str) -> User | None:
    """Return somebody of this schema, whoever they are, or None."""
    return User.objects.filter(uuid=uuid).first()


def second_factors(user: User) -> QuerySet[Authenticator]:
    """Return what somebody has besides the password: an authenticator app, passkeys. Recovery codes are not one."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS).order_by("created_at", "id")


def must_have_second_factor(user: User | AnonymousUser) -> bool:
    """Say whether the partner, or the platform, requires a second factor of this person."""
    if not signs_in_here(user):
        return False
    tenant = current_tenant()
    return settings.OPERATORS_NEED_SECOND_FACTOR if tenant is None else tenant.requires_second_factor


def lacks_second_factor(user: User | AnonymousUser) -> bool:
    """Say whether somebody must set up a second factor before anything else."""
    return isinstance(user, User) and must_have_second_factor(user) and not second_factors(user).exists()


def may_lose(authenticator: Authenticator) -> bool:
    """Say whether somebody may remove this second factor."""
    user = authenticator.user
    return not must_have_second_factor(user) or second_factors(user).exclude(pk=authenticator.pk).exists()


def _staff() -> QuerySet[User]:
    return User.objects.filter(kind=kind_here(), is_active=True)
