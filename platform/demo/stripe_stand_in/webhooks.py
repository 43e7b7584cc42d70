"""Events and their signed deliveries; tests let them be late, doubled, reordered or forged."""

import hashlib
import hmac
import json
import logging
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import stripe

from demo.stripe_stand_in.store import Object, Store

# Seconds to wait after each failure; the real one goes on for three days.
PAUSES_S = (1, 2, 5, 15, 60, 300)
POLL_S = 0.2
TIMEOUT_S = 20

logger = logging.getLogger(__name__)


class Webhooks:
    """Delivers events to one address, in the order in which they happened as long as nobody asks for another."""

    def __init__(self, store: Store, *, url: str, secret: str) -> None:
        self.store, self.url, self.secret = store, url, secret
        # What tests set: nothing is delivered by itself, each event so often, each so many seconds late.
        self.is_held, self.copies, self.delay_s = False, 1, 0.0

    def emit(self, kind: str, about: Object, *, account: str = "") -> None:
        """Note that something has happened to an object, or to somebody's ``account``."""
        event = self.store.new(
            "evt",
            "event",
            type=kind,
            api_version=stripe.api_version,
            pending_webhooks=1 if self.url else 0,
            request={"id": None, "idempotency_key": None},
            data={"object": about},
            **({"account": account} if account else {}),
        )
        if self.url and not self.is_held:
            for _ in range(self.copies):
                self.store.queue(event["id"], time.time() + self.delay_s)

    def signed(self, event: str, *, age_s: int = 0, secret: str = "") -> dict[str, str]:
        """Return body and signature of an event as they are delivered, signed so many seconds ago."""
        body, at = json.dumps(self.store.get("event", event)), self.store.now() - age_s
        key = (secret or self.secret).encode()
        signature = hmac.new(key, f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
        return {"body": body, "signature": f"t={at},v1={signature}"}

    def start(self, *, before: Callable[[], None]) -> None:
        """Deliver what is due, in a thread that ends with the process; ``before`` each turn what takes time happens."""
        threading.Thread(target=self._deliver_for_ever, args=[before], daemon=True).start()

    def _deliver_for_ever(self, before: Callable[[], None]) -> None:
        while True:
            with self.store.alone():
                before()
                due = [(number, tries, self.signed(event)) for number, event, tries in self.store.due()]
            for number, tries, signed in due:
                taken = self._post(signed)
                with self.store.alone():
                    if taken:
                        self.store.delivered(number)
                    else:
                        self.store.try_later(number, PAUSES_S[min(tries, len(PAUSES_S) - 1)])
            time.sleep(POLL_S)

    def _post(self, signed: dict[str, str]) -> bool:
        named = urlsplit(self.url)
        # Names below localhost are the loopback (RFC 6761, 6.3), which many resolvers do not know.
        is_here = (named.hostname or "").endswith("localhost")
        address = named._replace(netloc=f"127.0.0.1:{named.port}").geturl() if is_here else self.url
        headers: dict[str, Any] = {
            "Host": named.netloc,
            "Content-Type": "application/json",
            "Stripe-Signature": signed["signature"],
        }
        request = urllib.request.Request(address, signed["body"].encode(), headers)  # noqa: S310  # given at the start
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
                return bool(answer.status < 300)
        except OSError as error:
            logger.warning("%s does not take the event: %s", self.url, error)
            return False
