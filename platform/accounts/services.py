"""Writes about users."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.errors import EmailIsTaken, SecondFactorIsNeeded
from accounts.models import Kind, User
from accounts.selectors import may_lose
from accounts.tokens import Purpose, holder_of


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
