"""Secrets that are tried: passwords and codes. Failures count by account and by address, at every door alike."""

from django.http import HttpRequest

from kernel.web.limits import Limit, address_of

MINUTES_5_S = 300
BY_ACCOUNT = Limit("secret-of-account", most=5, within_s=MINUTES_5_S)
# A family or an office behind one address mistypes less often; who tries one password on everybody does so more often.
FROM_ADDRESS = Limit("secret-from-address", most=20, within_s=MINUTES_5_S)


def count_try(request: HttpRequest, account: str) -> None:
    """Count a secret before it is judged, so that many at once gain nothing; ``account`` need not exist.

    Raises TooManyAttempts.
    """
    FROM_ADDRESS.count(address_of(request))
    BY_ACCOUNT.count(_known_as(account))


def take_back_try(request: HttpRequest, account: str) -> None:
    """Let a secret that was right not have counted."""
    FROM_ADDRESS.take_back(address_of(request))
    BY_ACCOUNT.take_back(_known_as(account))


def forget_tries(account: str) -> None:
    """Let somebody in at once who has shown to own the account's mailbox."""
    BY_ACCOUNT.forget(_known_as(account))


def _known_as(account: str) -> str:
    return account.strip().lower()
