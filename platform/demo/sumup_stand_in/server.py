"""HTTP: the API, the hosted page below ``/pay/``, readers below ``/reader/``, what tests do below ``/_control/``."""

import json
import logging
import re
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from demo.sumup_stand_in import acts, pages
from demo.sumup_stand_in.acts import Service
from demo.sumup_stand_in.errors import Refused, not_found

logger = logging.getLogger(__name__)
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


class StandIn(ThreadingHTTPServer):
    """The server. ``lost`` counts by method and path the next answers that get lost after the work is done."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], service: Service, *, key: str) -> None:
        super().__init__(address, _Handler)
        self.service, self.key = service, key
        self.lost: Counter[str] = Counter()


class AnswerLost(Exception):
    """The connection breaks before the answer."""


class _Handler(BaseHTTPRequestHandler):
    server: StandIn
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        path = urlsplit(self.path).path
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        try:
            with self.server.service.store.alone():
                if path.startswith("/v"):
                    self._say(*self._api(path, body))
                elif path.startswith("/pay/"):
                    self._page(path.rsplit("/", 1)[-1], dict(parse_qsl(body)))
                elif path.startswith("/reader/"):
                    self._reader(path.rsplit("/", 1)[-1], dict(parse_qsl(body)))
                elif path.startswith("/_control/") and self.command == "POST":
                    self._say(HTTPStatus.OK, self._control(path.removeprefix("/_control/"), json.loads(body or "{}")))
                elif path == "/health":
                    self._say(HTTPStatus.OK, {"status": "ok"})
                else:
                    raise not_found()
        except AnswerLost:
            self.close_connection = True
        except Refused as refused:
            self._say(refused.status, refused.body)

    def _api(self, path: str, body: str) -> tuple[int, Any]:
        """Return status and answer of a request to the API."""
        if self.headers.get("Authorization") != f"Bearer {self.server.key}":
            raise Refused(401, "NOT_AUTHORIZED", "invalid_access_token")
        for method, pattern, status, act in ROUTES:
            found = re.fullmatch(pattern, path)
            if method == self.command and found:
                given = json.loads(body or "null") if body or method != "GET" else dict(parse_qsl(self._query))
                answer = act(self.server.service, *found.groups(), given)
                self._lose(f"{method} {path}")
                return status, answer
        raise not_found()

    @property
    def _query(self) -> str:
        return urlsplit(self.path).query

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
            self._show(pages.over_page(checkout))
            return
        if self.command != "POST":
            self._show(pages.payment_page(checkout))
            return
        try:
            acts.pay(self.server.service, name, re.sub(r"\D", "", typed.get("number", "")))
        except Refused as refused:
            self._show(pages.payment_page(checkout, fault=str(refused)), HTTPStatus.PAYMENT_REQUIRED)
            return
        self._send(HTTPStatus.SEE_OTHER, "", "text/html", Location=checkout["redirect_url"])

    def _reader(self, name: str, typed: dict[str, str]) -> None:
        """Show what a reader shows, or hold a card to it."""
        if self.command == "POST":
            acts.tap(self.server.service, name, typed.get("tap", "SUCCESSFUL"))
        self._show(pages.reader_page(self.server.service.store.get("reader", name)))

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

    def _show(self, page: str, status: int = HTTPStatus.OK) -> None:
        self._send(status, page, "text/html; charset=utf-8")

    def _say(self, status: int, answer: Any) -> None:
        self._send(status, "" if answer is None else json.dumps(answer), "application/json")

    def _send(self, status: int, text: str, content_type: str, **headers: str) -> None:
        content = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its name in the base
        """Write a line to the log."""
        logger.info(format, *args)
