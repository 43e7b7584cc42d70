"""Calling endpoints about what is due: each in a lane of its own, so that who is slow holds up nobody else."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from api.v1.webhook_bodies import event_said, trial_said
from developers.calling import Calls, Outcome
from developers.kinds import WEBHOOK
from developers.models import Endpoint
from developers.webhooks import secrets_of
from journeys.partner.tell_endpoints import Said, note_call
from kernel.clock import now
from orders.models import OrderEvent
from outbox.lanes import mark_failed, mark_sent, put_off, take_up
from outbox.models import Message
from outbox.services import LATER
from tenants.context import tenant_context
from tenants.errors import SchemaBehind
from tenants.models import Tenant
from tenants.selectors import tenant_by_id

# How long to wait after each failure, in seconds: three days and three and a half hours together.
BACKOFF = tuple(
    timedelta(seconds=seconds) for seconds in (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
# So many endpoints are called at once; of those that were slow the last time only so many, so that others have room.
MOST_AT_ONCE, MOST_SLOW = 32, 16
SLOW_MS = 2_000
# After this somebody else may take up a message of which nothing was heard; a call takes ten seconds at most.
LEASE = timedelta(minutes=1)
PAUSE_S = 0.2

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Out:
    """A message that is out."""

    message: Message
    tenant: Tenant
    endpoint: Endpoint
    said: Said


class Relay:
    """Calls endpoints and writes down what came of it, turn by turn; run on the platform."""

    def __init__(self) -> None:
        self._calls = Calls(MOST_AT_ONCE)
        self._out: dict[str, _Out] = {}
        self._slow: set[str] = set()

    def turn(self, *, within_s: float = PAUSE_S) -> bool:
        """Begin what is due, note what has ended or ends soon, and say whether there was anything to do."""
        moment = now()
        taken, ended = self._take_up(moment), self._calls.ended(within_s)
        self._settle_all(ended)
        return bool(taken or ended or self._out)

    def drain(self) -> None:
        """Note what is out when it has ended, and begin nothing meanwhile."""
        while self._calls.out:
            self._settle_all(self._calls.ended(PAUSE_S))

    def close(self) -> None:
        """Note what is out when it has ended, and begin nothing more."""
        self.drain()
        self._calls.close()

    def _take_up(self, moment: datetime) -> int:
        busy, slow_out = set(self._out), len(self._slow & set(self._out))
        swift = take_up(
            topic=WEBHOOK,
            lane="endpoint",
            left_out=busy | self._slow,
            most=MOST_AT_ONCE - MOST_SLOW - (len(busy) - slow_out),
            lease=LEASE,
            now=moment,
        )
        slow = self._slow and take_up(
            topic=WEBHOOK,
            lane="endpoint",
            left_out=busy,
            only=self._slow,
            most=MOST_SLOW - slow_out,
            lease=LEASE,
            now=moment,
        )
        taken = [*swift, *(slow or ())]
        for message in taken:
            self._begin(message, moment)
        return len(taken)

    def _begin(self, message: Message, moment: datetime) -> None:
        try:
            out = _prepared(message)
        except SchemaBehind:
            put_off(message, until=moment + LATER)
            return
        except Exception as error:  # whatever is wrong with one message holds up no other
            logger.exception("Message %s was not sent", message.key)
            mark_failed(message, why=f"{type(error).__name__}: {error}", backoff=BACKOFF, now=moment)
            return
        if out is None:
            mark_sent(message, now=moment)
            return
        lane = message.reference["endpoint"]
        self._calls.begin(
            lane,
            url=out.endpoint.url,
            secrets=secrets_of(out.endpoint, now=moment),
            message_id=out.said.message_id,
            body=out.said.body,
            now=moment,
        )
        self._out[lane] = out

    def _settle_all(self, ended: Mapping[str, Outcome]) -> None:
        for lane, outcome in ended.items():
            out = self._out.pop(lane)
            try:
                self._settle(lane, out, outcome)
            except Exception:  # it comes up again when its lease is over
                logger.exception("What came of message %s was not noted", out.message.key)

    def _settle(self, lane: str, out: _Out, outcome: Outcome) -> None:
        moment = now()
        is_slow = outcome.heard is None or outcome.heard.took_ms > SLOW_MS
        (self._slow.add if is_slow else self._slow.discard)(lane)
        # A trial is sent once; its answer stands in the log.
        is_trial = out.said.event_id is None
        is_last = not is_trial and out.message.attempts >= len(BACKOFF)
        with tenant_context(out.tenant):
            note_call(
                endpoint=out.endpoint,
                said=out.said,
                outcome=outcome,
                first_sent_at=out.message.created_at,
                is_last=is_last and not outcome.is_taken,
                now=moment,
            )
        if outcome.is_taken or is_trial:
            mark_sent(out.message, now=moment)
            return
        answer = outcome.fault or f"{outcome.heard.status if outcome.heard else ''}"
        # The host alone: an address may hold a secret of the partner's, and this stands in logs.
        why = f"{urlsplit(out.endpoint.url).hostname} answers {answer}"
        logger.warning("Message %s waits: %s", out.message.key, why)
        mark_failed(out.message, why=why, backoff=BACKOFF, now=moment)


def _prepared(message: Message) -> _Out | None:
    """Return whom to call and what to say, or None where there is nobody or nothing any more.

    Raises SchemaBehind, or whatever is wrong with the message.
    """
    assert message.tenant_id is not None, "an endpoint is a partner's"
    tenant, about = tenant_by_id(message.tenant_id), message.reference
    with tenant_context(tenant):
        endpoint = Endpoint.objects.filter(uuid=about["endpoint"], ended_at=None).first()
        if endpoint is None:
            return None
        if "test" in about:
            return _Out(message, tenant, endpoint, trial_said(endpoint, about["test"]))
        event = OrderEvent.objects.select_related("order__fed").filter(pk=about["event"]).first()
        if event is None or endpoint.paused_at is not None:
            return None
        return _Out(message, tenant, endpoint, event_said(endpoint, event))
