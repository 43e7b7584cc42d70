"""Writes about users."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction

from accounts.errors import EmailIsTaken, LinkIsVoid, SecondFactorIsNeeded
from accounts.models import Kind, User
from accounts.selectors import may_lose, unconfirmed_friends
from accounts.tokens import Purpose, holder_of


@dataclass(frozen=True)
class Registered:
    """A friend's user who is to confirm the address, and whom they replace who never did."""

    user: User
    replaced: UUID | None = None


@transaction.atomic
def add_staff(
    *, email: str, password: str | None, first_name: str, last_name: str, language: str, group_name: str
) -> User:
    """Create somebody of the partner at hand with the rights of a group; without a password nobody can sign in yet.

    Raises EmailIsTaken, or ``Group.DoesNotExist``.
    """
    if User.objects.filter(email=email.strip().lower()).exists():
        raise EmailIsTaken
    user = User.objects.create_user(
        email, password, kind=Kind.STAFF, first_name=first_name, last_name=last_name, language=language
    )
    user.groups.add(Group.objects.get(name=group_name))
    return user


def invite_staff(*, email: str, first_name: str, last_name: str, language: str, group_name: str) -> User:
    """Create somebody who chooses a password by the link of an invitation; the journey of that name sends it.

    Raises EmailIsTaken, or ``Group.DoesNotExist``.
    """
    return add_staff(
        email=email,
        password=None,
        first_name=first_name,
        last_name=last_name,
        language=language,
        group_name=group_name,
    )


@transaction.atomic
def choose_password(*, token: str, purpose: Purpose, password: str) -> User:
    """Set the password of whom a link was sent to, once; all their other sessions and links end by it.

    Raises LinkIsVoid.
    """
    user = holder_of(token, purpose=purpose, lock=True)
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


@transaction.atomic
def change_password(*, uuid: UUID, password: str) -> User:
    """Give somebody another password; all their sessions and links end by it, but for the one that asks to go on."""
    user = User.objects.select_for_update().get(uuid=uuid)
    user.set_password(password)
    user.save(update_fields=["password"])
    return user


@transaction.atomic
def register_friend_user(
    *, email: str, password_hash: str, first_name: str, last_name: str, language: str
) -> Registered | None:
    """Create the user of somebody who signs up and has not confirmed the address yet; None where it is somebody's.

    An address that nobody confirmed belongs to nobody: who registered with it before (unconfirmed_friends) is replaced.
    """
    fields = {"first_name": first_name, "last_name": last_name, "language": language, "password": password_hash}
    user = User(email=email.strip().lower(), kind=Kind.FRIEND, is_active=False, **fields)
    # Not deleted: that would look for what points to users, some of which lives in partners' schemas only.
    former = unconfirmed_friends(email).select_for_update().first()
    if former is not None:
        User.objects.filter(pk=former.pk).update(uuid=user.uuid, date_joined=user.date_joined, **fields)
        return Registered(user, replaced=former.uuid)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        return None
    return Registered(user)


@transaction.atomic
def confirm_friend_user(uuid: UUID, *, password: str | None = None) -> User:
    """Let somebody sign in whose address is confirmed by a link that went there; the link works once.

    ``password`` replaces the one that was chosen before. Raises LinkIsVoid.
    """
    user = (
        User.objects.select_for_update().filter(uuid=uuid, kind=Kind.FRIEND, is_active=False, last_login=None).first()
    )
    if user is None:
        raise LinkIsVoid
    user.is_active = True
    if password is not None:
        user.set_password(password)
    user.save(update_fields=["is_active", "password"])
    return user


def forget_unconfirmed(uuids: Iterable[UUID]) -> int:
    """Delete those of the users who never confirmed their address, and return how many they were."""
    # By hand: Django would look for what points to users, some of which lives in partners' schemas only.
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM accounts_user"
            " WHERE uuid = ANY(%s::uuid[]) AND kind = %s AND NOT is_active AND last_login IS NULL",
            [[str(uuid) for uuid in uuids], Kind.FRIEND],
        )
        return int(cursor.rowcount)


def choose_language(*, uuid: UUID, language: str) -> None:
    """Speak to somebody in another language from now on."""
    User.objects.filter(uuid=uuid).update(language=language)


@contextmanager
def losing_second_factor(*, authenticator: Authenticator) -> Iterator[None]:
    """Hold the person's row while a second factor is removed, so that two removals at once cannot take both.

    Raises SecondFactorIsNeeded where it is the last one and one is required.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=authenticator.user_id)
        if not may_lose(authenticator):
            raise SecondFactorIsNeeded
        yield
