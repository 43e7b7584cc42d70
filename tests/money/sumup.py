"""What stands in for SumUp, as a process of its own, and what tests do to it."""

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from embedded import processes
from embedded.processes import free_port, is_open
from tests.money.stripe import DECLINED, GOOD, START_S, _StaysHere
from tests.running import ROOT, wait_until

__all__ = ["DECLINED", "GOOD", "KEY", "SumUp", "sumup_stand_in"]

KEY = "sup_sk_tests"


@dataclass
class SumUp:
    """The running stand-in, which says nothing by itself; each test has a merchant of its own there."""

    port: int
    merchant: str = field(default_factory=lambda: f"M{uuid4().hex[:8].upper()}")

    @property
    def address(self) -> str:
        """Where the API is."""
        return f"http://127.0.0.1:{self.port}"

    def control(self, act: str, **given: Any) -> Any:
        """Do something that only tests do."""
        return json.loads(self._post(f"/_control/{act}", json.dumps(given).encode()))

    def every(self, kind: str) -> list[dict[str, Any]]:
        """Return what the test's merchant has of a kind, oldest first."""
        return [one for one in self.control("list", kind=kind) if one["merchant_code"] == self.merchant]

    def pay(self, url: str, number: str = GOOD) -> str:
        """Type a card on a hosted page; return the page that comes, or the address to which it leads on."""
        return self._post(urllib.parse.urlsplit(url).path, urllib.parse.urlencode({"number": number}).encode())

    def tap(self, reader: str, status: str = "SUCCESSFUL") -> Any:
        """Hold a card to a reader."""
        return self.control("tap", reader=reader, status=status)

    def lose(self, request: str) -> None:
        """Let the next answer to a request get lost after the work is done."""
        self.control("lose-answer", request=request)

    def _post(self, path: str, body: bytes) -> str:
        request = urllib.request.Request(self.address + path, body)  # noqa: S310  # on the loopback
        opener = urllib.request.build_opener(_StaysHere)
        try:
            with opener.open(request, timeout=20) as answer:
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            return error.headers.get("Location") or error.read().decode()


@contextmanager
def sumup_stand_in() -> Iterator[int]:
    """Run the stand-in; return its port."""
    port = free_port()
    command = [sys.executable, "-m", "demo.sumup_stand_in", "--port", str(port), "--silent"]
    process = processes.start(command, env=os.environ | {"QUARTETT_SUMUP_KEY": KEY}, cwd=ROOT)
    try:
        wait_until(lambda: is_open(port) or process.poll() is not None, START_S)
        assert process.poll() is None
        yield port
    finally:
        processes.stop(process)
