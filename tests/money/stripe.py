"""What stands in for Stripe, as a process of its own, and what tests do to it."""

import json
import os
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

from embedded import processes
from embedded.processes import free_port, is_open
from tests.running import ROOT, wait_until

# A busy machine takes its time.
START_S = 300
KEY, SECRET = "sk_test_tests", "whsec_tests"
GOOD, DECLINED, ASKS = "4242 4242 4242 4242", "4000 0000 0000 0002", "4000 0027 6000 3184"
DISPUTED = "4000 0000 0000 0259"


@dataclass
class Stripe:
    """The running stand-in. Nothing is delivered by itself: tests carry its webhooks over as they please."""

    port: int

    @property
    def address(self) -> str:
        """Where the API is."""
        return f"http://127.0.0.1:{self.port}"

    def control(self, act: str, **given: Any) -> Any:
        """Do something that only tests do."""
        return json.loads(self._post(f"/_control/{act}", json.dumps(given).encode()))

    def every(self, kind: str) -> list[dict[str, Any]]:
        """Return the objects of a kind, oldest first."""
        return list(self.control("list", kind=kind))

    def newest(self, kind: str) -> dict[str, Any]:
        """Return the newest object of a kind."""
        return self.every(kind)[-1]

    def pay(self, url: str, number: str = GOOD, **typed: str) -> str:
        """Type a card on a hosted page; return the page that comes, or the address to which it leads back."""
        return self.answer(url, number=number, **typed)

    def answer(self, url: str, **typed: str) -> str:
        """Fill in a hosted page, whatever it asks for; return the page that comes, or where it leads back."""
        path = urllib.parse.urlsplit(url).path
        return self._post(path, urllib.parse.urlencode(typed).encode())

    def events(self, kind: str = "") -> list[str]:
        """Return the ids of the events, oldest first."""
        return [event["id"] for event in self.every("event") if kind in ("", event["type"])]

    def _post(self, path: str, body: bytes) -> str:
        request = urllib.request.Request(self.address + path, body)  # noqa: S310  # on the loopback
        opener = urllib.request.build_opener(_StaysHere)
        try:
            with opener.open(request, timeout=20) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            return error.headers.get("Location") or error.read().decode()


class _StaysHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        """Follow no redirect: the shop is in the test's own process."""
        return


@contextmanager
def stripe_stand_in() -> Iterator[Stripe]:
    """Run the stand-in."""
    port = free_port()
    env = os.environ | {"QUARTETT_STRIPE_KEY": KEY, "QUARTETT_STRIPE_WEBHOOK_SECRET": SECRET}
    command = [sys.executable, "-m", "demo.stripe_stand_in", "--port", str(port)]
    process = processes.start(command, env=env, cwd=ROOT)
    try:
        wait_until(lambda: is_open(port) or process.poll() is not None, START_S)
        assert process.poll() is None
        yield Stripe(port)
    finally:
        processes.stop(process)


def words_of(page: str) -> str:
    """Return the text of a page, without its tags."""
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))
