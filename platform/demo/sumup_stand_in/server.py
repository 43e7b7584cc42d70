"""HTTP: the API, the hosted page below ``/pay/``, readers below ``/reader/``, what tests do below ``/_control/``."""

import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from demo.stand_in.errors import AnswerLost
from demo.stand_in.server import Handler, Server
from demo.sumup_stand_in import acts, pages
from demo.sumup_stand_in.acts import Service
from demo.sumup_stand_in.errors import Refused, not_found

Act = Callable[..., Any]
MERCHANT = r"/merchants/([\w-]+)"
# Method, path, status of the answer, what is done with the service, the parts of the path, and query or body.
ROUTES: tuple[tuple[str, str, int, Act], ...] = (
    ("POST", r"/v0\.1/checkouts", 201, acts.create_checkout),
    ("GET", r"/v0\.1/checkouts", 200, lambda service, asked: acts.list_checkouts(service, asked["checkout_reference"])),
    ("GET", r"/v0\.1/checkouts/([\w-]+)", 200, lambda service, name, _asked: acts.checkout_by_id(service, name)),
    ("DELETE", r"/v0\.1/checkouts/([\w-]+)", 200, lambda service, name, _body: acts.deactivate_checkout(service, name)),
    ("GET", rf"/v2\.1{MERCHANT}/transactions", 200, acts.transaction),
    ("GET", rf"/v2\.1{MERCHANT}/transactions/history", 200, acts.history),
    ("GET", rf"/v1\.0{MERCHANT}/payouts", 200, acts.payouts),
    ("POST", rf"/v1\.0{MERCHANT}/payments/([\w-]+)/refunds", 204, acts.refund),
    ("GET", rf"/v0\.1{MERCHANT}/readers", 200, lambda service, merchant, _asked: acts.readers(service, merchant)),
    ("GET", rf"/v0\.1{MERCHANT}/readers/([\w-]+)/status", 200,
     lambda service, merchant, name, _asked: acts.reader_status(service, merchant, name)),
    ("POST", rf"/v0\.1{MERCHANT}/readers/([\w-]+)/checkout", 201, acts.ask_reader),
    ("POST", rf"/v0\.1{MERCHANT}/readers/([\w-]+)/terminate", 202,
     lambda service, merchant, name, _body: acts.stop_reader(service, merchant, name)),
)  # fmt: skip


class _Handler(Handler):
    server: "StandIn"

    def answer(self, path: str, content: bytes) -> None:
        body = content.decode()
        if path.startswith("/v"):
            self.say(*self._api(path, body))
        elif path.startswith("/pay/"):
            self._page(path.rsplit("/", 1)[-1], dict(parse_qsl(body)))
        elif path.startswith("/reader/"):
            self._reader(path.rsplit("/", 1)[-1], dict(parse_qsl(body)))
        elif path.startswith("/_control/") and self.command == "POST":
            self.say(HTTPStatus.OK, self._control(path.removeprefix("/_control/"), json.loads(body or "{}")))
        elif path == "/health":
            self.say(HTTPStatus.OK, {"status": "ok"})
        else:
            raise not_found()

    def _api(self, path: str, body: str) -> tuple[int, Any]:
        """Return status and answer of a request to the API."""
        if not self.is_signed():
            raise Refused(401, "NOT_AUTHORIZED", "invalid_access_token")
        for method, pattern, status, act in ROUTES:
            found = re.fullmatch(pattern, path)
            if method == self.command and found:
                given = json.loads(body or "null") if body or method != "GET" else dict(parse_qsl(self.query))
                answer = act(self.server.service, *found.groups(), given)
                self._lose(f"{method} {path}")
                return status, answer
        raise not_found()

    def _lose(self, request: str) -> None:
        """Break off where a test wants this answer to get lost."""
        for wanted in list(self.server.lost):
            if self.server.lost[wanted] > 0 and re.fullmatch(wanted, request):
                self.server.lost[wanted] -= 1
                raise AnswerLost

    def _page(self, name: str, typed: dict[str, str]) -> None:
        """Show the hosted page, or pay with what was typed on it."""
        checkout = acts.checkout_by_id(self.server.service, name)
        if checkout["status"] not in {"PENDING", "FAILED"}:
            self.show(pages.over_page(checkout))
            return
        if self.command != "POST":
            self.show(pages.payment_page(checkout))
            return
        try:
            acts.pay(self.server.service, name, re.sub(r"\D", "", typed.get("number", "")))
        except Refused as refused:
            self.show(pages.payment_page(checkout, fault=str(refused)), HTTPStatus.PAYMENT_REQUIRED)
            return
        self.lead_to(checkout["redirect_url"])

    def _reader(self, name: str, typed: dict[str, str]) -> None:
        """Show what a reader shows, or hold a card to it."""
        if self.command == "POST":
            acts.tap(self.server.service, name, typed.get("tap", "SUCCESSFUL"))
        self.show(pages.reader_page(self.server.service.store.get("reader", name)))

    def _control(self, act: str, given: dict[str, Any]) -> Any:
        """Do what a test asks for."""
        store = self.server.service.store
        match act:
            case "clock":
                store.clock_s = given["now"]
            case "lose-answer":
                self.server.lost[given["request"]] += given.get("times", 1)
            case "change":
                store.keep(given["kind"], store.get(given["kind"], given["id"]) | given["fields"])
            case "keep":
                store.keep(given["kind"], given["body"])
            case "tap":
                return acts.tap(self.server.service, given["reader"], given.get("status", "SUCCESSFUL"))
            case "charge-back":
                return acts.charge_back(self.server.service, given["id"], given.get("status", "PENDING"))
            case "decide-charge-back":
                return acts.decide_charge_back(self.server.service, given["id"], given["status"])
            case "list":
                return store.every(given["kind"])
            case _:
                raise not_found()
        return {"done": act}


class StandIn(Server):
    """The server. ``lost`` counts by method and path, as patterns."""

    service: Service
    handler = _Handler
