"""A visitor without a browser: keeps cookies, reads forms, follows redirects. Drives the demo's pages as they are."""

import http.client
import json
import socket
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from email.message import Message
from functools import partial
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any

TIMEOUT_S = 30


@dataclass
class Form:
    """A form of a page: where it leads, and its hidden and preset fields."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class Page:
    """An answer: status, the address it came from, and the text."""

    status: int
    url: str
    text: str
    headers: Message

    def form(self, action_ends: str = "") -> Form:
        """Return the first form that posts to an address ending so.

        Raises LookupError where there is none.
        """
        parser = _Forms()
        parser.feed(self.text)
        for form in parser.forms:
            address = urllib.parse.urljoin(self.url, form.action)
            if urllib.parse.urlsplit(address).path.endswith(action_ends):
                return Form(address, form.fields)
        raise LookupError(f"no form to …{action_ends} on {self.url}")


class _Loopback(http.client.HTTPConnection):
    """A connection that finds ``*.localhost`` where RFC 6761 (6.3) says it is, which many resolvers do not."""

    def __init__(self, *args: Any, source: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self._source = source

    def connect(self) -> None:
        """Connect to the loopback address for the names that mean it."""
        name = self.host
        if name == "localhost" or name.endswith(".localhost"):
            self.sock = socket.create_connection(("127.0.0.1", self.port), self.timeout, (self._source, 0))
        else:
            self.sock = socket.create_connection((name, self.port), self.timeout)


class _LoopbackHandler(urllib.request.HTTPHandler):
    def __init__(self, source: str) -> None:
        super().__init__()
        self._source = source

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_Loopback, source=self._source), request)


class Visitor:
    """Somebody with cookies of their own, at an address of the loopback that may be their own too."""

    def __init__(self, language: str = "en", *, address: str = "127.0.0.1") -> None:
        self._opener = urllib.request.build_opener(
            _LoopbackHandler(address), urllib.request.HTTPCookieProcessor(CookieJar())
        )
        self._language = language

    def get(self, url: str) -> Page:
        """Open an address."""
        return self._open(urllib.request.Request(url))  # noqa: S310  # addresses of the demo

    def submit(self, form: Form, **values: str | list[str]) -> Page:
        """Send a form with its preset fields and these values."""
        data = urllib.parse.urlencode(form.fields | values, doseq=True).encode()
        return self._open(urllib.request.Request(form.action, data))  # noqa: S310  # addresses of the demo

    def send(self, url: str, body: Any, **headers: str) -> Page:
        """Send JSON, as a partner's system does, or with None just read; ``headers`` have underscores for hyphens."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data)  # noqa: S310  # addresses of the demo
        request.add_header("Content-Type", "application/json")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        return self._open(request)

    def _open(self, request: urllib.request.Request) -> Page:
        request.add_header("Accept-Language", self._language)
        try:
            with self._opener.open(request, timeout=TIMEOUT_S) as answer:
                return Page(answer.status, answer.url, answer.read().decode(), answer.headers)
        except urllib.error.HTTPError as error:
            return Page(error.code, request.full_url, error.read().decode(), error.headers)


class _Forms(HTMLParser):
    """Collects forms that post, with the fields that carry a value already."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._is_inside = (given.get("method") or "").lower() == "post"
            if self._is_inside:
                self.forms.append(Form(given.get("action") or ""))
        elif self._is_inside and tag == "input" and given.get("name") and _is_preset(given):
            self.forms[-1].fields[given["name"] or ""] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False


def _is_preset(given: dict[str, str | None]) -> bool:
    kind = given.get("type") or "text"
    return kind not in {"radio", "checkbox", "file"} or "checked" in given
