"""What developers read: the page of all codes, made of the errors in the code, and the schema by OpenAPI."""

import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import get_resolver
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from api.examples import EXAMPLES
from kernel.errors import DomainError
from kernel.web.problems import API, CONTENT_TYPE
from tenants.requests import served_while_closed

# The rooms whose rules an order or a guest meets on the way; what people's screens alone refuse is not among them.
ROOMS = (
    "api",
    "billing",
    "catalog",
    "developers",
    "dispatch",
    "events",
    "journeys",
    "kernel",
    "orders",
    "places",
    "stripe_gateway",
)


# A refusal by RFC 9457, for the schema.
PROBLEM = {
    "type": "object",
    "description": "Why a call was refused. A code never changes its meaning; type leads to its explanation.",
    "properties": {
        **{name: {"type": "string"} for name in ("type", "title", "code", "detail", "request_id")},
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["pointer", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "code", "detail", "request_id"],
}


# What every read takes.
IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "schema": {"type": "string"},
    "description": "The ETag of an earlier answer; 304 if it has not changed.",
}


@dataclass(frozen=True)
class Code:
    """A code of a refusal, with its HTTP status, its message in the language of the moment, and its meaning."""

    code: str
    status: int
    message: str
    meaning: str


def codes() -> list[Code]:
    """Return all codes that the API may answer with, in alphabetical order."""
    found: dict[str, Code] = {}
    for kind in _kinds():
        meaning = " ".join((kind.__doc__ or "").split())
        found.setdefault(kind.code, Code(kind.code, kind.status, str(kind.message), meaning))
    return [found[code] for code in sorted(found)]


@served_while_closed
@require_safe
def error_page(request: HttpRequest) -> HttpResponse:
    """Explain every code; a problem's type leads to its place on this page."""
    return render(request, "api/errors.html", {"codes": codes()})


@served_while_closed
@require_safe
def openapi(request: HttpRequest) -> JsonResponse:
    """Answer with the schema, which is the same for every partner."""
    return JsonResponse(schema(), json_dumps_params={"indent": 2})


@cache
def schema() -> dict[str, Any]:
    """Return the schema of version 1 by OpenAPI 3.1, in English."""
    with translation.override("en"):
        ours = [one for one in get_resolver(settings.ROOT_URLCONF).url_patterns if str(one.pattern) == API.lstrip("/")]
        found = dict(SchemaGenerator(patterns=ours).get_schema(request=None, public=True))
    found["components"]["schemas"]["Problem"] = PROBLEM
    about = {
        "description": "A problem.",
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path in found["paths"].values():
        for method, operation in path.items():
            operation["responses"]["default"] = about
            if example := EXAMPLES.get(operation["operationId"]):
                operation["requestBody"]["content"]["application/json"]["example"] = example
            if method == "get":
                operation["parameters"] = [*operation.get("parameters", []), IF_NONE_MATCH]
                operation["responses"]["304"] = {"description": "It is as you know it."}
    return found


@cache
def _kinds() -> tuple[type[DomainError], ...]:
    """Return the errors of the rooms, those with a code of their own first."""
    for room in ROOMS:
        package = import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not {"migrations", "management", "tasks"} & set(module.name.split(".")):
                import_module(module.name)
    return tuple(kind for kind in _below(DomainError) if kind.__module__.partition(".")[0] in ROOMS)


def _below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)
