"""HTTP: the API below ``/v1/``, the hosted page below ``/c/pay/``, what tests do below ``/_control/``."""

import json
import re
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from demo.stand_in.errors import AnswerLost
from demo.stand_in.server import Handler, Server
from demo.stripe_stand_in import pages
from demo.stripe_stand_in.acts import (
    Service,
    debit,
    decide_dispute,
    fail_refund,
    keep_file,
    open_dispute,
    pay,
    pay_at_bank,
    pay_by_code,
    pay_out,
    session_by_id,
)
from demo.stripe_stand_in.connect import close_account, link_is_over, reverse_transfer, tell, want
from demo.stripe_stand_in.contract import checked, nested
from demo.stripe_stand_in.errors import Refused
from demo.stripe_stand_in.routes import LISTS, READS, WRITES, read


class _Handler(Handler):
    server: "StandIn"

    def answer(self, path: str, content: bytes) -> None:
        is_file = self.headers.get_content_type() == "multipart/form-data"
        body = "" if is_file else content.decode()
        if path == "/v1/files" and is_file:
            self.say(HTTPStatus.OK, self._file(content))
        elif path.startswith("/v1/"):
            self.say(*self._api(path, body))
        elif path.startswith("/c/pay/"):
            self._page(path.rsplit("/", 1)[-1], dict(parse_qsl(body)))
        elif path.startswith("/setup/"):
            self._setup(path.rsplit("/", 1)[-1], dict(parse_qsl(body)))
        elif path.startswith("/_control/") and self.command == "POST":
            self.say(HTTPStatus.OK, self._control(path.removeprefix("/_control/"), json.loads(body or "{}")))
        elif path == "/health":
            self.say(HTTPStatus.OK, {"status": "ok"})
        else:
            raise Refused(404, f"Unrecognized request URL ({self.command}: {path}).")

    def _api(self, path: str, body: str) -> tuple[int, Any]:
        """Return status and answer of a request to the API."""
        if not self.is_signed():
            raise Refused(401, "Invalid API Key provided.")
        key = self.headers.get("Idempotency-Key") if self.command == "POST" else None
        request = f"{path}?{body}"
        known = self.server.service.store.answer_to(key) if key else None
        if known and known[0] != request:
            message = (
                "Keys for idempotent requests can only be used with the same parameters they were first used with."
            )
            raise Refused(400, message, kind="idempotency_error")
        status, answer = known[1:] if known else self._do(path, body)
        if key and not known:
            self.server.service.store.keep_answer(key, request, status, answer)
        if self.server.lost[path]:
            self.server.lost[path] -= 1
            raise AnswerLost
        return status, answer

    def _file(self, raw: bytes) -> Any:
        """Take a file, which comes as a form with parts."""
        if not self.is_signed():
            raise Refused(401, "Invalid API Key provided.")
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        fields, name, content = {}, "", b""
        for part in BytesParser(policy=HTTP).parsebytes(head + raw).iter_parts():
            if part.get_filename():
                name, content = str(part.get_filename()), bytes(part.get_payload(decode=True) or b"")
            else:
                fields[str(part.get_param("name", header="content-disposition"))] = part.get_content().strip()
        return keep_file(self.server.service, fields, name, content)

    def _do(self, path: str, body: str) -> tuple[int, Any]:
        service, short = self.server.service, path.removeprefix("/v1/")
        if self.command == "GET":
            asked = nested(parse_qsl(self.query))
            for pattern, module, name, act in LISTS:
                if short == pattern:
                    return HTTPStatus.OK, act(service, checked(module, name, asked))
            for pattern, module, name, kind in READS:
                found = _match(pattern, short)
                if found is not None:
                    given = checked(module, name, asked)
                    return HTTPStatus.OK, read(service, kind, found[0], given.get("expand", []))
        for pattern, module, name, act in WRITES:
            found = _match(pattern, short)
            if found is not None and self.command == "POST":
                return HTTPStatus.OK, act(service, checked(module, name, nested(parse_qsl(body))), *found)
        raise Refused(404, f"Unrecognized request URL ({self.command}: {path}).")

    def _page(self, name: str, typed: dict[str, str]) -> None:
        """Show the hosted page, or pay with what was typed on it."""
        service = self.server.service
        session = session_by_id(service, name)
        if session["status"] != "open":
            self.show(pages.over_page(session))
            return
        if self.command != "POST":
            self.show(pages.payment_page(session))
            return
        try:
            payment = self._paid(name, session["allowed_payment_method_types"][0], typed)
        except Refused as refused:
            self.show(pages.payment_page(session, fault=str(refused)), HTTPStatus.PAYMENT_REQUIRED)
            return
        if payment["status"] == "requires_action":
            self.show(pages.bank_page(session, _digits(typed, "number")))
        else:
            self.lead_to(session["success_url"])

    def _setup(self, name: str, typed: dict[str, str]) -> None:
        """Show the page on which somebody tells about themselves, or take what they tell."""
        service = self.server.service
        link = service.store.get("account_link", name)
        if link_is_over(service, link):
            self.lead_to(link["stand_in"]["again"])
        elif self.command != "POST":
            self.show(pages.setup_page(link))
        else:
            self.lead_to(tell(service, link, set(typed)))

    def _paid(self, name: str, way: str, typed: dict[str, str]) -> Any:
        """Return the payment that comes of what was typed. Raises Refused."""
        service, confirmed = self.server.service, {"yes": True, "no": False}.get(typed.get("confirmed", ""))
        match way:
            case "card":
                return pay(service, name, _digits(typed, "number"), has_confirmed=confirmed)
            case "blik":
                return pay_by_code(service, name, _digits(typed, "code"))
            case "sepa_debit":
                return debit(service, name, re.sub(r"\s", "", typed.get("iban", "")).upper())
        return pay_at_bank(service, name, is_wanted=bool(confirmed))

    def _control(self, act: str, given: dict[str, Any]) -> Any:
        """Do what a test asks for."""
        service, webhooks = self.server.service, self.server.service.webhooks
        match act:
            case "clock":
                service.store.clock_s = given["now"]
            case "lose-answer":
                self.server.lost[given["path"]] += given.get("times", 1)
            case "change":
                service.store.save(service.store.get(given["kind"], given["id"]) | given["fields"])
            case "webhooks":
                webhooks.is_held, webhooks.copies = given.get("hold", False), given.get("copies", 1)
                webhooks.delay_s = given.get("delay_s", 0.0)
            case "deliver":
                # In the order in which they are named, as often as they are named.
                for event in given["events"]:
                    service.store.queue(event, 0)
            case "dispute":
                return open_dispute(service, given.pop("payment_intent"), **{"reason": "fraudulent"} | given)
            case "decide":
                return decide_dispute(service, given["dispute"], status=given["status"])
            case "fail-refund":
                return fail_refund(service, given["id"])
            case "want":
                return want(service, given["account"], without=given.get("without", ()), more=given.get("more", ()))
            case "close-account":
                close_account(service, given["account"])
            case "reverse":
                return reverse_transfer(service, given.get("params", {}), given["transfer"])
            case "forget-keys":
                service.store.forget_answers()
            case "available":
                service.store.available = given["amounts"]
            case "payout":
                return pay_out(service, **given)
            case "signed":
                return webhooks.signed(given["event"], age_s=given.get("age_s", 0), secret=given.get("secret", ""))
            case "list":
                return service.store.every(given["kind"])
            case _:
                raise Refused(404, f"No such control: {act}")
        return {"done": act}


class StandIn(Server):
    """The server. ``lost`` counts by path."""

    service: Service
    handler = _Handler


def _digits(typed: dict[str, str], field: str) -> str:
    return re.sub(r"\D", "", typed.get(field, ""))


def _match(pattern: str, path: str) -> tuple[str, ...] | None:
    found = re.fullmatch(pattern.replace("*", r"([\w.]+)"), path)
    return found.groups() if found else None
