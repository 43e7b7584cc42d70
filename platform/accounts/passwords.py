"""Passwords that everybody guesses who knows where they are typed."""

import re
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tenants.context import current_tenant

# What a guesser tries first at this door, with a year or a few digits behind it.
HOUSE_WORDS = {"quartett", "quartet", "friend", "friends", "community", "password", "passwort", "welcome", "willkommen"}
SHORTEST_WORD = 4
LEAST_LEFT = 5


class HouseWordsValidator:
    """Refuse a password that is little more than names of the house: the platform's, the brand's, the host's."""

    def validate(self, password: str, user: Any = None) -> None:
        """Take the words out and look at what is left.

        Raises ValidationError.
        """
        left = password.lower()
        for word in sorted(_words(), key=len, reverse=True):
            left = left.replace(word, " ")
        letters = re.sub(r"[\W\d_]", "", left)
        if left != password.lower() and len(letters) < LEAST_LEFT:
            raise ValidationError(self.get_help_text(), code="password_of_house_words")

    def get_help_text(self) -> str:
        """Say what is wrong with such a password."""
        return _("This password is too easy to guess. It is made of little more than our name.")


def _words() -> set[str]:
    tenant = current_tenant()
    names = f"{settings.BASE_DOMAIN} {tenant.name} {tenant.slug}" if tenant else settings.BASE_DOMAIN
    return HOUSE_WORDS | {word for word in re.split(r"\W+", names.lower()) if len(word) >= SHORTEST_WORD}
