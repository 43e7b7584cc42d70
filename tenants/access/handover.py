"""The one-time hand-over: somebody who is signed in on the platform host enters one tenant, in one browser.

1. ``begin_handover``: the tenant's host puts a random state into its session and sends its hash to the platform.
2. ``issue_code``: the platform writes a row and sends a code, good for a minute, to a verified domain of that tenant.
3. ``take_pending`` and ``consume_handover``: the tenant's host takes the state out of its session and uses the code up.

Nobody learns both secrets but the browser that began: the state never leaves its session, the code is kept as a hash.
"""

import hashlib
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.utils.http import url_has_allowed_host_and_scheme

from tenants.context import platform_context
from tenants.errors import HandoverNotBegun, HandoverRefused
from tenants.models import Handover, HandoverPurpose, SupportAccess, Tenant

logger = logging.getLogger(__name__)

LIFE = timedelta(seconds=60)
SESSION_KEY = "handover"
HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Pending:
    """What the tenant's session remembers of a hand-over that it began."""

    state: str
    next_path: str


@dataclass(frozen=True)
class Arrival:
    """Who has arrived: the uuid of their user on the platform, and the access they use where it is for support."""

    person_id: UUID
    access_id: UUID | None


def begin_handover(session: SessionBase, *, purpose: HandoverPurpose, next_path: str = "") -> str:
    """Remember a fresh state in the session and return its hash, which the platform gets.

    ``next_path`` is where to go afterwards; what is no path of this host is forgotten.
    """
    state = secrets.token_urlsafe(32)
    is_local = next_path.startswith("/") and url_has_allowed_host_and_scheme(next_path, allowed_hosts=None)
    session[SESSION_KEY] = {"state": state, "purpose": purpose.value, "next": next_path if is_local else ""}
    return _digest(state)


def issue_code(
    *,
    tenant: Tenant,
    state_hash: str,
    purpose: HandoverPurpose,
    person_id: UUID,
    access: SupportAccess | None = None,
    now: datetime,
) -> str:
    """Write a hand-over and return its code. Run on the platform; whether the person may go there is asked before.

    Raises HandoverRefused where ``state_hash`` is none.
    """
    if not HASH.fullmatch(state_hash):
        raise HandoverRefused
    code = secrets.token_urlsafe(32)
    Handover.objects.create(
        code_hash=_digest(code),
        state_hash=state_hash,
        tenant=tenant,
        purpose=purpose,
        person_id=person_id,
        support_access=access,
        created_at=now,
        expires_at=now + LIFE,
    )
    return code


def take_pending(session: SessionBase, *, purpose: HandoverPurpose) -> Pending:
    """Take what the session remembers out of it: each state serves one attempt.

    Raises HandoverNotBegun where this browser began none.
    """
    pending = session.pop(SESSION_KEY, None)
    if pending is None or pending["purpose"] != purpose:
        logger.warning("hand-over refused: none was begun in this session")
        raise HandoverNotBegun
    return Pending(pending["state"], pending["next"])


def consume_handover(*, code: str, state: str, purpose: HandoverPurpose, tenant: Tenant, now: datetime) -> Arrival:
    """Use a code up and say who has arrived.

    Raises HandoverRefused, and does not say why: wrong, used, expired, another tenant's or another browser's.
    """
    code_hash = _digest(code)
    with platform_context():
        # The filter is the lock: of two UPDATEs only one still finds the code unused.
        consumed = Handover.objects.filter(
            code_hash=code_hash,
            state_hash=_digest(state),
            tenant=tenant,
            purpose=purpose,
            used_at=None,
            expires_at__gt=now,
        ).update(used_at=now)
        if consumed != 1:
            logger.warning("hand-over refused: the code is not valid here")
            raise HandoverRefused
        handover = Handover.objects.get(code_hash=code_hash)
    return Arrival(handover.person_id, handover.support_access_id)


def forget_handovers(*, now: datetime, older_than: timedelta) -> int:
    """Delete hand-overs that were made long ago and return how many. Run on the platform."""
    deleted, _by_model = Handover.objects.filter(created_at__lt=now - older_than).delete()
    return deleted


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
