"""Reads about keys."""

import hashlib
import ipaddress
import secrets
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from developers.errors import KeyEnded, KeyExpired, KeyUnknown, NetworkNotAllowed
from developers.models import Key, KeyAct
from tenants.context import current_tenant
from tenants.hosts.serving import TEST_KEY

# How a key begins, so that people and scanners for leaked secrets know it.
BEGINS = "qk_"
# Of the keys that are over so many are listed.
SHOWN_OVER = 20


def key_of_token(token: str, *, address: str, now: datetime) -> Key:
    """Return the key that a call carries, if it may be used from an address now (1 query).

    Raises KeyUnknown, KeyEnded, KeyExpired or NetworkNotAllowed.
    """
    begins = beginning_here()
    prefix, _separator, secret = token.removeprefix(begins).partition("_")
    is_whole = token.startswith(begins) and prefix.isalnum() and secret
    key = Key.objects.filter(prefix=prefix).first() if is_whole else None
    if key is None or not secrets.compare_digest(key.secret_sha256, hash_of(secret)):
        raise KeyUnknown
    if key.ended_at is not None:
        raise KeyEnded
    if key.has_expired(now):
        raise KeyExpired
    if key.networks and not _is_in(address, key.networks):
        raise NetworkNotAllowed
    return key


def running_keys(*, now: datetime) -> QuerySet[Key]:
    """Return the keys that can be used, with their logs, the newest first (2 queries)."""
    return _with_logs(Key.objects.filter(_runs(now)))


def latest_over_keys(*, now: datetime) -> QuerySet[Key]:
    """Return the newest of those that have ended or expired, with their logs (2 queries)."""
    return _with_logs(Key.objects.exclude(_runs(now)))[:SHOWN_OVER]


def beginning_here() -> str:
    """Return how the keys of the tenant begin: in a sandbox as test keys, so that nobody takes one for another."""
    tenant = current_tenant()
    return TEST_KEY if tenant is not None and tenant.is_sandbox else BEGINS


def hash_of(secret: str) -> str:
    """Return what is kept of a secret: it is random and long, so one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _runs(now: datetime) -> Q:
    return Q(ended_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now))


def _with_logs(found: QuerySet[Key]) -> QuerySet[Key]:
    acts = KeyAct.objects.order_by("at", "id")
    return found.prefetch_related(Prefetch("acts", acts)).order_by("-created_at", "-id")


def _is_in(address: str, networks: list[str]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # nobody knows where the call comes from
        return False
    return any(found in ipaddress.ip_network(network) for network in networks)
