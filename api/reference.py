"""The reference for developers: a page of the brand, made of the schema, from which calls can be tried out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from api.changelog import CHANGES
from api.documentation import schema
from kernel.web.problems import API
from tenants.requests import served_while_closed

JSON = "application/json"
WITH_BODY = {"post", "put", "patch"}
# How deep bodies are shown, and how many values of a list of choices.
DEEPEST, MOST_CHOICES = 5, 12


@dataclass(frozen=True)
class Field:
    """A field of a body, or a parameter: its path, its kind, and what it is about."""

    name: str
    kind: str
    about: str
    is_required: bool
    place: str = "body"


@dataclass(frozen=True)
class Operation:
    """A call: what it does, what it takes and what it answers."""

    id: str
    method: str
    path: str
    about: str
    is_deprecated: bool
    parameters: list[Field]
    body: list[Field]
    example: str
    status: str
    answer: list[Field]

    @property
    def curl(self) -> str:
        """The call as a command."""
        lines = [f'curl -sS -X {self.method} "$HOST{self.path}"', '-H "Authorization: Bearer $KEY"']
        lines += [f'-H "{one.name}: $(uuidgen)"' for one in self.parameters if one.place == "header"]
        if self.example:
            lines += [f'-H "Content-Type: {JSON}"', f"-d '{self.example}'"]
        return " \\\n  ".join(lines)

    @property
    def fillable(self) -> list[Field]:
        """The parameters that stand in the address."""
        return [one for one in self.parameters if one.place in {"path", "query"}]


@served_while_closed
@require_safe
def reference_page(request: HttpRequest) -> HttpResponse:
    """Show every call, with a form that sends it."""
    context = {"groups": groups(), "changes": CHANGES, "api": API}
    return render(request, "api/reference.html", context)


@cache
def groups() -> dict[str, list[Operation]]:
    """Return the calls by what they are about, in the schema's order."""
    found: dict[str, list[Operation]] = {}
    for path, methods in schema()["paths"].items():
        for method, about in methods.items():
            found.setdefault(about["tags"][0].replace("-", " "), []).append(_operation(path, method, about))
    return found


def fields_of(about: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[Field]:
    """Yield the fields of a body, those of inner objects behind their own by path."""
    plain = _resolved(about)
    for name, inner in plain.get("properties", {}).items():
        path, found = f"{before}{name}", _resolved(inner)
        yield Field(path, _kind(found), _about(inner, found), name in plain.get("required", ()))
        is_list = found.get("type") == "array"
        if depth < DEEPEST:
            within = found.get("items", {}) if is_list else found
            yield from fields_of(within, f"{path}{'[]' if is_list else ''}.", depth + 1)


def _operation(path: str, method: str, about: Mapping[str, Any]) -> Operation:
    status, answer = next(one for one in about["responses"].items() if one[0] != "default")
    sent = about.get("requestBody", {}).get("content", {}).get(JSON, {})
    example = sent.get("example")
    return Operation(
        id=about["operationId"],
        method=method.upper(),
        path=path,
        about=about.get("description", ""),
        is_deprecated=about.get("deprecated", False),
        parameters=[
            Field(
                one["name"],
                _kind(_resolved(one["schema"])),
                one.get("description", ""),
                one.get("required", False),
                one["in"],
            )
            for one in about.get("parameters", ())
        ],
        body=list(fields_of(sent.get("schema", {}))),
        example=json.dumps(example, indent=2, ensure_ascii=False) if example else "{}" * (method in WITH_BODY),
        status=status,
        answer=list(fields_of(answer.get("content", {}).get(JSON, {}).get("schema", {}))),
    )


def _resolved(about: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a reference leads to, and of alternatives the first that is not null."""
    if "$ref" in about:
        return _resolved(schema()["components"]["schemas"][about["$ref"].rpartition("/")[2]])
    for several in ("allOf", "oneOf", "anyOf"):
        if several in about:
            known = [one for one in about[several] if one.get("type") != "null"]
            return {**_resolved(known[0]), **{name: value for name, value in about.items() if name != several}}
    return about


def _kind(about: Mapping[str, Any]) -> str:
    if "enum" in about:
        values = [str(value) for value in about["enum"] if value is not None]
        more = " …" if len(values) > MOST_CHOICES else ""
        return " | ".join(values[:MOST_CHOICES]) + more
    said = about.get("type", "object")
    kinds = [kind for kind in ([said] if isinstance(said, str) else said) if kind != "null"]
    if kinds == ["array"]:
        return f"{_kind(_resolved(about.get('items', {})))}[]"
    return str(about.get("format") or " | ".join(kinds))


def _about(outer: Mapping[str, Any], found: Mapping[str, Any]) -> str:
    return str(outer.get("description") or found.get("description") or "")
