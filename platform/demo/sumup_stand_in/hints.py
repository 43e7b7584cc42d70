"""What SumUp says at the address that was given along: that something has happened, and no more."""

import json
import logging
import threading
import urllib.request
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_S = 10

logger = logging.getLogger(__name__)


class Hints:
    """Says it once each, in a thread of its own; tests let nothing be said."""

    def __init__(self, *, is_silent: bool) -> None:
        self.is_silent = is_silent

    def say(self, address: str | None, body: dict[str, Any]) -> None:
        """Say something at an address."""
        if address and not self.is_silent:
            threading.Thread(target=self._post, args=(address, body), daemon=True).start()

    def _post(self, address: str, body: dict[str, Any]) -> None:
        named = urlsplit(address)
        # Names below localhost are the loopback (RFC 6761, 6.3), which many resolvers do not know.
        is_here = (named.hostname or "").endswith("localhost")
        there = named._replace(netloc=f"127.0.0.1:{named.port}").geturl() if is_here else address
        headers = {"Host": named.netloc, "Content-Type": "application/json"}
        request = urllib.request.Request(there, json.dumps(body).encode(), headers)  # noqa: S310  # as it was asked
        try:
            urllib.request.urlopen(request, timeout=TIMEOUT_S).close()  # noqa: S310
        except OSError as error:
            logger.warning("%s does not take the hint: %s", address, error)
