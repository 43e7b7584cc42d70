"""Writes about keys, and calls that are answered once."""

import ipaddress
import secrets
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from psycopg2.errors import LockNotAvailable

from developers.errors import IdempotencyKeyReused, KeyIsOver, StillBeingAnswered, TooManyKeys, UnableToMakeKey
from developers.kinds import Act, Scope
from developers.models import KeptAnswer, Key, KeyAct
from developers.selectors import beginning_here, hash_of, running_keys
from kernel.web.limits import IPV6_PREFIX

PREFIX_LETTERS, PREFIX_LENGTH = string.ascii_lowercase + string.digits, 8
SECRET_BYTES = 32
LONGEST_NAME = 80
MOST_NETWORKS = 20
# So many keys can be used at a time.
MOST_KEYS = 50
# How long answers are kept, and how long a replaced key may go on at most.
KEEP_ANSWERS = timedelta(hours=24)
LONGEST_OVERLAP = timedelta(days=30)
# The moment of the last use is good to this: a busy key should not write a row with every call.
USE_IS_NOTED_AFTER = timedelta(minutes=1)


# How often a call looks for its row, which the clean-up may have taken away.
TRIES = 3


@dataclass(frozen=True)
class MadeKey:
    """A new key and the only copy of its token, which is shown once."""

    key: Key
    token: str


@dataclass(frozen=True)
class Answered:
    """Status and body of an answer; ``is_repeated`` says that the call was answered before and did nothing now."""

    status: int
    body: Any
    is_repeated: bool = False


@transaction.atomic
def make_key(
    *,
    name: str,
    scopes: Sequence[str],
    networks: Sequence[str] = (),
    expires_at: datetime | None = None,
    who: str,
    now: datetime,
) -> MadeKey:
    """Make a key and return it with its token.

    Raises UnableToMakeKey with the faults by field.
    """
    faults = _faults_of(name, scopes, networks, expires_at, now)
    if running_keys(now=now).count() >= MOST_KEYS:
        faults["name"] = str(TooManyKeys().message)
    if faults:
        raise UnableToMakeKey(faults)
    return _new_key(
        name=name.strip(),
        scopes=[scope.value for scope in Scope if scope in scopes],
        networks=list(dict.fromkeys(map(_plain_network, networks))),
        expires_at=expires_at,
        who=who,
        now=now,
    )


@transaction.atomic
def rotate_key(*, key_uuid: UUID, overlap: timedelta, who: str, now: datetime) -> MadeKey:
    """Make a key that may do what this one may, and let this one expire after ``overlap``, at most 30 days.

    Raises ``Key.DoesNotExist``, KeyIsOver or TooManyKeys.
    """
    old = _locked_key(key_uuid, now)
    if running_keys(now=now).count() >= MOST_KEYS + 1:
        raise TooManyKeys
    ends_at = now + min(max(overlap, timedelta(0)), LONGEST_OVERLAP)
    made = _new_key(
        name=old.name,
        scopes=old.scopes,
        networks=old.networks,
        expires_at=None if old.expires_at is None else now + (old.expires_at - old.created_at),
        first=old.line,
        who=who,
        now=now,
    )
    old.expires_at = ends_at if old.expires_at is None else min(old.expires_at, ends_at)
    old.save(update_fields=["expires_at"])
    _note(old, Act.ROTATED, who, now, by=made.key.prefix)
    return made


@transaction.atomic
def end_key(*, key_uuid: UUID, who: str, now: datetime) -> Key:
    """End a key at once and return it.

    Raises ``Key.DoesNotExist``, or KeyIsOver.
    """
    key = _locked_key(key_uuid, now)
    key.ended_at = now
    key.save(update_fields=["ended_at"])
    _note(key, Act.ENDED, who, now)
    return key


def note_use(key: Key, *, now: datetime) -> None:
    """Note that a key is used, to the minute."""
    since = now - USE_IS_NOTED_AFTER
    if key.last_used_at is None or key.last_used_at < since:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=since)
        Key.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def answer_once(
    *, key: Key, idempotency_key: str, request_sha256: str, act: Callable[[], tuple[int, Any]], now: datetime
) -> Answered:
    """Do what a call asks for and return the answer; a call that was answered in the last 24 hours gets the same again.

    ``act`` returns status and body, and runs in the transaction that keeps them: a process that dies in between has
    done neither. A key that has replaced another is taken for it. Where ``act`` raises, nothing is kept, and the call
    may be repeated, corrected too. Raises IdempotencyKeyReused where another call had that key, and StillBeingAnswered
    while another process is at it.
    """
    for _try in range(TRIES):
        # Committed at once, so that a second call finds a row to wait for.
        first = KeptAnswer(
            key_id=key.line, idempotency_key=idempotency_key, request_sha256=request_sha256, created_at=now
        )
        KeptAnswer.objects.bulk_create([first], ignore_conflicts=True)
        try:
            return _answer(key, idempotency_key, request_sha256, act, now)
        except KeptAnswer.DoesNotExist:
            # There was an old answer, and the clean-up was faster.
            continue
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise StillBeingAnswered from error
            raise
    raise StillBeingAnswered


@transaction.atomic
def _answer(
    key: Key, idempotency_key: str, request_sha256: str, act: Callable[[], tuple[int, Any]], now: datetime
) -> Answered:
    # The lock says that somebody is at it, and is gone with whoever dies.
    rows = KeptAnswer.objects.select_for_update(nowait=True)
    kept = rows.get(key_id=key.line, idempotency_key=idempotency_key)
    if kept.status is not None and kept.created_at > now - KEEP_ANSWERS:
        if kept.request_sha256 != request_sha256:
            raise IdempotencyKeyReused
        return Answered(kept.status, kept.body, is_repeated=True)
    kept.status, kept.body = act()
    kept.request_sha256, kept.created_at = request_sha256, now
    kept.save(update_fields=["status", "body", "request_sha256", "created_at"])
    return Answered(kept.status, kept.body)


def forget_answers(*, now: datetime) -> int:
    """Delete answers that are older than 24 hours and return how many; they hold what customers have typed."""
    return KeptAnswer.objects.filter(created_at__lt=now - KEEP_ANSWERS).delete()[0]


def _new_key(
    *,
    name: str,
    scopes: Sequence[str],
    networks: Sequence[str],
    expires_at: datetime | None,
    first: int | None = None,
    who: str,
    now: datetime,
) -> MadeKey:
    prefix = "".join(secrets.choice(PREFIX_LETTERS) for _letter in range(PREFIX_LENGTH))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    key = Key.objects.create(
        name=name,
        prefix=prefix,
        secret_sha256=hash_of(secret),
        scopes=list(scopes),
        networks=list(networks),
        created_at=now,
        expires_at=expires_at,
        first=first,
    )
    _note(key, Act.MADE, who, now)
    return MadeKey(key, f"{beginning_here()}{prefix}_{secret}")


def _locked_key(key_uuid: UUID, now: datetime) -> Key:
    key = Key.objects.select_for_update().get(uuid=key_uuid)
    if key.is_over(now):
        raise KeyIsOver
    return key


def _note(key: Key, kind: Act, who: str, now: datetime, **detail: Any) -> None:
    KeyAct.objects.create(key=key, kind=kind, who=who, at=now, detail=detail)


def _faults_of(
    name: str, scopes: Sequence[str], networks: Sequence[str], expires_at: datetime | None, now: datetime
) -> dict[str, str]:
    faults = {}
    if not name.strip():
        faults["name"] = _("Please fill in this field.")
    if len(name.strip()) > LONGEST_NAME:
        faults["name"] = _("Please use at most %(count)d characters.") % {"count": LONGEST_NAME}
    if not scopes or set(scopes) - set(Scope.values):
        faults["scopes"] = _("Please choose what the key may do.")
    if expires_at is not None and expires_at <= now:
        faults["expires_on"] = _("Please choose a day in the future.")
    wrong = [network for network in networks if not _is_network(network)]
    if wrong:
        faults["networks"] = _("%(network)s is not a network. It looks like 203.0.113.0/24.") % {"network": wrong[0]}
    if len(networks) > MOST_NETWORKS:
        faults["networks"] = _("Please enter at most %(count)d networks.") % {"count": MOST_NETWORKS}
    return faults


def _is_network(written: str) -> bool:
    try:
        _plain_network(written)
    except ValueError:
        return False
    return True


def _plain_network(written: str) -> str:
    """Return a network as it is kept: of IPv6 at least the /64 that a visitor's address is known by.

    Raises ValueError.
    """
    network = ipaddress.ip_network(written.strip(), strict=False)
    if isinstance(network, ipaddress.IPv6Network) and network.prefixlen > IPV6_PREFIX:
        network = network.supernet(new_prefix=IPV6_PREFIX)
    return str(network)
