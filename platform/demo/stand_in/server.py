"""HTTP: one request at a time has the memory, answers can be lost on purpose, and pages and JSON are sent."""

import json
import logging
from abc import ABC, abstractmethod
from collections import Counter
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import urlsplit

from demo.stand_in.errors import AnswerLost, Refused
from demo.stand_in.store import Memory

logger = logging.getLogger(__name__)


class Service(Protocol):
    """What answers; its memory is held for the whole of a request."""

    @property
    def store(self) -> Memory:
        """Return the memory."""


class Server(ThreadingHTTPServer):
    """The server. ``lost`` counts by request the next answers that get lost after the work is done."""

    daemon_threads = True
    handler: type["Handler"]

    def __init__(self, address: tuple[str, int], service: Service, *, key: str) -> None:
        super().__init__(address, self.handler)
        self.service, self.key = service, key
        self.lost: Counter[str] = Counter()


class Handler(ABC, BaseHTTPRequestHandler):
    """One request. ``answer`` does the work and sends what comes of it, or raises Refused or AnswerLost."""

    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer a GET."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a POST."""
        self._answer()

    def do_DELETE(self) -> None:
        """Answer a DELETE."""
        self._answer()

    @abstractmethod
    def answer(self, path: str, content: bytes) -> None:
        """Answer the request."""

    @property
    def query(self) -> str:
        """Return what stands behind the question mark."""
        return urlsplit(self.path).query

    def is_signed(self) -> bool:
        """Say whether the request carries the key."""
        return self.headers.get("Authorization") == f"Bearer {self.server.key}"

    def show(self, page: str, status: int = HTTPStatus.OK) -> None:
        """Send a page."""
        self.send(status, page, "text/html; charset=utf-8")

    def say(self, status: int, answer: Any) -> None:
        """Send JSON, or nothing where the answer is None."""
        self.send(status, "" if answer is None else json.dumps(answer), "application/json")

    def lead_to(self, address: str) -> None:
        """Send the browser on."""
        self.send(HTTPStatus.SEE_OTHER, "", "text/html", Location=address)

    def send(self, status: int, text: str, content_type: str, **headers: str) -> None:
        """Send an answer."""
        content = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": content_type, "Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its name in the base
        """Write a line to the log."""
        logger.info(format, *args)

    def _answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            with self.server.service.store.alone():
                self.answer(urlsplit(self.path).path, content)
        except AnswerLost:
            self.close_connection = True
        except Refused as refused:
            self.say(refused.status, refused.body)
