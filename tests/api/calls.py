"""A partner's system that calls the API."""

import itertools
import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from developers.kinds import Scope
from developers.services import make_key
from kernel.clock import now
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import ADA, wished_windows
from tests.isolation.pictures import picture
from tests.responses import Response

PARTS = ("morning", "afternoon", "evening")
_numbers = itertools.count(1)


def token_for(tenant: Tenant, *scopes: str, **about: Any) -> str:
    """Make a key of a partner, with all scopes where none is named, and return its token."""
    with tenant_context(tenant):
        made = make_key(name="Shop", scopes=scopes or Scope.values, who="Maja", now=now(), **about)
    return made.token


class Shop:
    """A shop's server with a key."""

    def __init__(self, token: str, host: str = "nord.localhost", **headers: str) -> None:
        self.client = Client(headers={"host": host, "authorization": f"Bearer {token}", **headers})

    def get(self, path: str, **query: str) -> Response:
        """Read."""
        return self.client.get(f"/api/v1/{path}", query)

    def send(self, path: str, body: Any, *, method: str = "POST", once: str = "", **headers: str) -> Response:
        """Write, under an Idempotency-Key of its own unless one is given."""
        sent = body if isinstance(body, str | bytes) else json.dumps(body)
        headers = {"idempotency-key": once or f"call-{next(_numbers)}"} | headers
        return self.client.generic(method, f"/api/v1/{path}", sent, "application/json", headers=headers)


def order_body(**changes: Any) -> dict[str, Any]:
    """Return the body of Ada's order."""
    windows = [window.split(":") for window in wished_windows()]
    body: dict[str, Any] = {
        "package": "wifi-setup",
        "place": {"country": "DE", "postal_code": "10115"},
        "answers": {"provider": "1", "rooms": 3, "problem": "The signal is weak."},
        "times": [{"day": day, "part": PARTS[int(part)]} for day, part in windows],
        "customer": dict(ADA),
        "payment_method": "invoice",
        "language": "en",
        "early_start": True,
    }
    return body | changes


def placed(shop: Shop, **changes: Any) -> dict[str, Any]:
    """Place an order and return it."""
    answer = shop.send("orders", order_body(**changes))
    assert answer.status_code == 201, answer.content
    placed: dict[str, Any] = answer.json()
    return placed


def photo_file(colour: str = "red") -> SimpleUploadedFile:
    """Return a photo as a form sends it."""
    return SimpleUploadedFile("photo.png", picture(colour), "image/png")


def uploaded(shop: Shop) -> str:
    """Upload a photo and return the id of the attachment."""
    headers = {"idempotency-key": f"call-{next(_numbers)}"}
    answer = shop.client.post("/api/v1/attachments", {"photo": photo_file()}, headers=headers)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def at(days: int, hour: int) -> datetime:
    """Return a moment so many days ahead, at an hour in Berlin."""
    day = now().astimezone(ZoneInfo("Europe/Berlin")) + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def problem_of(answer: Response, status: int, code: str) -> dict[str, Any]:
    """Return the problem that was answered, which is of that status and code."""
    body: dict[str, Any] = json.loads(answer.content)
    assert (answer.status_code, body.get("code")) == (status, code), body
    assert answer["Content-Type"] == "application/problem+json"
    assert body["status"] == status
    assert body["type"].endswith(f"/api/v1/errors/#{code}")
    assert body["request_id"] == answer["X-Request-ID"]
    return body


def faults_of(problem: dict[str, Any]) -> dict[str, str]:
    """Return the messages of a problem by pointer."""
    return {fault["pointer"]: fault["detail"] for fault in problem["errors"]}
