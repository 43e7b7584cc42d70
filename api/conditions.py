"""Conditional calls: what has not changed is not sent again, and what has changed meanwhile is not written over."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from api.errors import ChangedMeanwhile
from orders.models import Order

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description="The ETag of the order as you know it; 412 if it has changed."
)
# What only an answer with a body says.
ABOUT_BODIES = {"content-type", "content-length", "content-disposition"}


def version_of(changed_at: datetime) -> str:
    """Return the version of an order, which each line of its log renews; its ETags begin with it."""
    return str(int(changed_at.timestamp() * 1_000_000))


def version_of_body(body: Mapping[str, Any]) -> str:
    """Return the version of an order that was answered."""
    return version_of(datetime.fromisoformat(body["changed_at"]))


def refuse_if_changed(order: Order, request: Request) -> None:
    """Refuse a call that was meant for another version of an order, where it names one.

    Raises ChangedMeanwhile.
    """
    said = request.headers.get("If-Match")
    if said is None or said.strip() == "*":
        return
    if version_of(order.changed_at) not in {_plain(tag).partition("-")[0] for tag in parse_etags(said)}:
        raise ChangedMeanwhile


def tagged(request: HttpRequest, answer: Any, *, version: str) -> HttpResponseBase:
    """Give an answer its ETag, by its version and its content; answer 304 where the caller has it already."""
    content = hashlib.sha256(answer.content).hexdigest()[:32]
    answer.headers["ETag"] = f'"{version}-{content}"' if version else f'"{content}"'
    if request.method not in {"GET", "HEAD"}:
        return answer  # type: ignore[no-any-return]  # Django's and Django REST framework's answers
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" not in known and _plain(answer.headers["ETag"]) not in map(_plain, known):
        return answer  # type: ignore[no-any-return]  # as above
    kept = {name: value for name, value in answer.headers.items() if name.lower() not in ABOUT_BODIES}
    return HttpResponseNotModified(headers=kept)


def _plain(tag: str) -> str:
    return tag.removeprefix("W/").strip('"')
