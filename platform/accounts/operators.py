"""Writes about operators. Run on the platform."""

from django.contrib.auth.password_validation import validate_password
from django.core.validators import validate_email
from django.db import transaction

from accounts.errors import EmailIsTaken
from accounts.models import Kind, User


@transaction.atomic
def register_operator(*, email: str, name: str, password: str, language: str = "en") -> User:
    """Create an operator of the platform.

    Raises EmailIsTaken, or ValidationError with what is wrong with address or password.
    """
    first_name, _space, last_name = name.strip().partition(" ")
    user = User(email=email.strip().lower(), first_name=first_name, last_name=last_name)
    validate_email(user.email)
    validate_password(password, user)
    if User.objects.filter(email=user.email).exists():
        raise EmailIsTaken
    return User.objects.create_user(
        email, password, kind=Kind.OPERATOR, first_name=first_name, last_name=last_name, language=language
    )
