"""Requests as no browser sends them: made-up values in the fields that pages really have, bodies, headers, hosts."""

import json
import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.joining import PDF, picture
from tests.responses import Response
from tests.urls import Place

METHODS = ("GET",) * 6 + ("POST",) * 11 + ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
TEXTS = (
    "",
    " ",
    "\0",
    "a\0b",
    "x" * 300,
    "ü" * 255,
    "x" * 20_000,
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "\N{RIGHT-TO-LEFT OVERRIDE}txet",
    "e\N{COMBINING ACUTE ACCENT}" * 50,
    "🧑‍🔧🏳️‍🌈",
    "\u2028\u0085\ufeff",
    "\r\nSet-Cookie: a=b",
    "' OR 1=1 --",
    "'; SELECT pg_sleep(0); --",
    '"><script>alert(1)</script>',
    "{{ 7 * 7 }}{% debug %}",
    "%s%n%d %(name)s",
    "../../../../etc/passwd",
    "https://evil.example/",
    "//evil.example",
    "javascript:alert(1)",
    "None",
    "null",
    "[]",
    "{}",
    "{",
    "[1, {",
    '{"blocks": [], "entityMap": {}}',
    "true",
)
NUMBERS = (
    *("0", "-1", "1", "2", "3", "7", "99", "2147483647", "2147483648", "9223372036854775808", "1" * 40, "9" * 5000),
    *("1e309", "-0", "NaN", "Infinity", "-Infinity", "0x10", "1_000", "١٢٣", "٣.٥", "1,5", "1.000,00", "1.5", "+1"),
)
MOMENTS = (
    *("2026-11-25", "2026-02-30", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "25.11.2026", "24:00"),
    *("2026-11-25T10:00", "9999-12-31T23:59", "0001-01-01T00:00", "2026-11-25T99:99", "2026-03-29T02:30", "22:00"),
    *("2026-11-25:2", "2026-11-25:9", "x:1", "2026-11-25:", ":"),
)
PLAIN = (
    *("on", "yes", "de", "en", "DE", "CH", "10115", "8001", "wifi", "nord", "sued", "cash", "invoice", "desk"),
    *("ada@customers.example", "ada@", "a@b", "030 1234567", "+41441234567", "no_time", "other", "2027", "searching"),
    *("Berlin", "The signal is weak.", "provider", "problem", "rooms", "photo", "customer_review", "identity"),
)
VALUES = (*TEXTS, *NUMBERS, *MOMENTS, *PLAIN, *PLAIN, *PLAIN)
NAMES = (
    *("q", "p", "page", "next", "host", "domain", "since", "review", "country", "postal_code", "partner", "state"),
    *("code", "seal", "why", "reason", "endpoint", "windows", "email", "password", "token", "theme", "language"),
    *("action", "ordering", "export", "id", "locale", "type", "form-TOTAL_FORMS", "form-0-id", "x" * 300, "\0", "[]"),
)
HOSTS = (
    "",
    "localhost",
    "[::1]:8000",
    "nord.localhost:99999",
    "näh.example",
    "a" * 300,
    "nord.localhost,x",
    "127.0.0.1",
)
HEADERS: dict[str, Sequence[str]] = {
    "accept-language": ("xx", "de-CH,de;q=x", "," * 500, "*" * 100),
    "accept": ("application/json", "text/html;q=x", ",,,"),
    "hx-request": ("true", "x"),
    "hx-current-url": ("http://[", "%00", "javascript:1"),
    "x-requested-with": ("XMLHttpRequest",),
    "referer": ("http://[::1", "https://evil.example/", "x" * 3000),
    "cookie": ('a="\\000"', "sessionid=x; csrftoken=", "sessionid=" + "x" * 500, "theme=%00; country=;;=", "=;=;"),
    "x-forwarded-for": ("x", "1.2.3.4, x", "," * 50),
    "x-forwarded-host": ("evil.example",),
    "x-forwarded-proto": ("https", "gopher"),
    "user-agent": ("x" * 3000, "ü"),
    "range": ("bytes=0-", "bytes=9-1", "x"),
    "if-modified-since": ("x", "Thu, 01 Jan 1970 00:00:00 GMT"),
    "if-none-match": ('"x', "*"),
    "content-length": ("0", "-1", "x"),
}
CONTENT_TYPES = (
    *("application/json", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"),
    *("multipart/form-data; boundary=b", "multipart/form-data; boundary=b; charset=utf-16", "x", "", "image/png"),
    *("application/x-www-form-urlencoded; charset=utf-16", "multipart/mixed; boundary=" + "b" * 300),
)
BODIES = (
    *(b"", b"{", b"[]", b'{"a": "\\u0000"}', b'"\\ud800"', b"[" * 20_000, b"\xff\xfe\x00", b"a=%00", b"a=%ff&b"),
    *(b"--b--", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n', b"&" * 2000, b"%" * 50),
    b'--b\r\nContent-Disposition: form-data; name="photo"; filename="' + b"x" * 400 + b'"\r\n\r\nx\r\n--b--\r\n',
)
FIELD = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"')


@dataclass(frozen=True)
class Asked:
    """One request: how the test client is called, in a form that can be read and sent again."""

    method: str
    path: str
    headers: Mapping[str, str]
    data: Any = None
    content_type: str | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path[:200]!r} {dict(self.headers)} {self.content_type} {str(self.data)[:600]!r}"


@dataclass
class Maker:
    """Makes requests by chance. It learns the fields of each address from its pages."""

    chance: random.Random
    places: Sequence[Place]
    home: re.Pattern[str]
    known: Mapping[str, Sequence[str]]
    fields: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    allowed: dict[str, list[str]] = field(default_factory=dict)

    def next(self) -> tuple[Place, Asked]:
        """Return a request that nobody has thought of, and where it goes."""
        # Fields are learned from pages, so forms come after them; nine of ten go where this person has something to do.
        own = [one for one in self.places if self.home.search(one.route)]
        place = self.chance.choice(own if self._happens(0.9) else self.places)
        headers = {"host": place.host} | self._headers()
        path = self._language(place.filled(self._part))
        if self._happens(0.35):
            path += "?" + "&".join(f"{quote(name)}={quote(value)}" for name, value in self._pairs(place))
        allowed = self.allowed.get(place.route)
        method = self.chance.choice(allowed if allowed and self._happens(0.9) else METHODS)
        if method in {"GET", "HEAD", "OPTIONS", "TRACE"}:
            return place, Asked(method, path, headers)
        if self._happens(0.15):
            body = self.chance.choice((*BODIES, json.dumps(self._tree()).encode()))
            return place, Asked(method, path, headers, body, self.chance.choice(CONTENT_TYPES))
        data: dict[str, Any] = {}
        for name, value in self._pairs(place):
            data[name] = self._file() if self._happens(0.08) else value
        return place, Asked(method, path, headers, data)

    def learn(self, place: Place, answer: Response) -> None:
        """Remember the methods that an address takes, and the fields of a page."""
        if "Allow" in answer.headers:
            self.allowed[place.route] = answer.headers["Allow"].split(", ")
        if answer.streaming or not answer.get("Content-Type", "").startswith("text/html"):
            return
        found = FIELD.findall(answer.content.decode(errors="replace"))
        self.fields[place.route] = sorted({*self.fields[place.route], *found} - {"csrfmiddlewaretoken"})

    def _pairs(self, place: Place) -> list[tuple[str, str]]:
        own = self.fields[place.route]
        names = [name for name in own if self._happens(0.85)] or self.chance.choices(NAMES, k=3)
        if self._happens(0.1):
            names.append(self.chance.choice(NAMES))
        return [(name, self._value()) for name in names]

    def _value(self) -> str:
        if self._happens(0.2):
            return self.chance.choice(self.chance.choice(list(self.known.values())))
        return self.chance.choice(VALUES)

    def _part(self, kind: str, name: str) -> str:
        """Return a part of a path: one that is there, one of the right kind, or any."""
        if name in self.known and self._happens(0.75):
            return self.chance.choice(self.known[name])
        if kind == "int":
            return self.chance.choice(NUMBERS if self._happens(0.3) else ("1", "2", "3", "4", "5", "9"))
        if kind == "slug" and self._happens(0.7):
            return self.chance.choice(("nord", "sued", "wifi-setup", "wifi", "onboarding", "home", "x"))
        return quote(self._value()[:500], safe="")

    def _language(self, path: str) -> str:
        return re.sub(r"^/en/", f"/{self.chance.choice((*('en', 'de', 'fr', 'it', 'pl') * 5, 'xx'))}/", path)

    def _headers(self) -> dict[str, str]:
        found = {}
        if self._happens(0.04):
            found["host"] = self.chance.choice(HOSTS)
        while self._happens(0.2):
            name = self.chance.choice(list(HEADERS))
            found[name] = self.chance.choice(HEADERS[name])
        return found

    def _file(self) -> SimpleUploadedFile:
        kind = self.chance.randrange(5)
        if kind == 0:
            return picture("JPEG", name="photo.jpg")
        if kind == 1:
            return picture("PNG", name="x" * 300 + ".png")
        content = (PDF, b"", b"\x89PNG\r\n\x1a\n" + bytes(50))[kind - 2]
        return SimpleUploadedFile(self.chance.choice(("paper.pdf", "\u202egnp.exe", "..png", "a.svg")), content)

    def _tree(self, depth: int = 3) -> Any:
        if depth == 0 or self._happens(0.4):
            return self.chance.choice((*VALUES, None, True, 0, -1.5, 2**80))
        if self._happens(0.5):
            return [self._tree(depth - 1) for _one in range(3)]
        return {self.chance.choice(NAMES): self._tree(depth - 1) for _one in range(3)}

    def _happens(self, probability: float) -> bool:
        return self.chance.random() < probability
