"""What of a change of the schema would break a developer's program: something is gone, or more is asked for."""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """Return in words what a program that was written for the old schema would stumble over."""
    found: list[str] = []
    for path, methods in old["paths"].items():
        for method, before in methods.items():
            name = f"{method.upper()} {path}"
            after = new["paths"].get(path, {}).get(method)
            if after is None:
                found.append(f"{name} is gone")
                continue
            found += [f"{name}: {fault}" for fault in _operation(old, new, before, after)]
    return found


def _operation(old: Schema, new: Schema, before: Schema, after: Schema) -> Iterator[str]:
    known = {(one["in"], one["name"]): one for one in before.get("parameters", ())}
    now = {(one["in"], one["name"]): one for one in after.get("parameters", ())}
    for place in known.keys() - now.keys():
        yield f"parameter {place[1]} is gone"
    for place, one in now.items():
        if one.get("required") and not known.get(place, {}).get("required"):
            yield f"parameter {place[1]} is required"
    yield from _sent(old, new, _body(before), _body(after), "")
    for status in before["responses"].keys() - after["responses"].keys():
        yield f"answer {status} is gone"
    for status, answer in before["responses"].items():
        yield from _answered(old, new, _content(answer), _content(after["responses"].get(status, {})), "")


def _sent(old: Schema, new: Schema, before: Schema, after: Schema, at: str) -> Iterator[str]:
    """Yield what a body that was right is refused for now."""
    before, after = _plain(old, before), _plain(new, after)
    for name, inner in before.get("properties", {}).items():
        if name not in after.get("properties", {}):
            yield f"{at}/{name} is not taken any more"
        else:
            yield from _sent(old, new, inner, after["properties"][name], f"{at}/{name}")
    for name in set(after.get("required", ())) - set(before.get("required", ())):
        yield f"{at}/{name} is required"
    for value in set(before.get("enum", ())) - set(after.get("enum", before.get("enum", ()))):
        yield f"{at} may not be {value} any more"


def _answered(old: Schema, new: Schema, before: Schema, after: Schema, at: str) -> Iterator[str]:
    """Yield what an answer does not say any more."""
    before, after = _plain(old, before), _plain(new, after)
    if before.get("type") != after.get("type"):
        yield f"{at or 'answer'} is of another type"
    for name, inner in before.get("properties", {}).items():
        if name not in after.get("properties", {}):
            yield f"{at}/{name} is not answered any more"
        else:
            yield from _answered(old, new, inner, after["properties"][name], f"{at}/{name}")
    if "items" in before and "items" in after:
        yield from _answered(old, new, before["items"], after["items"], f"{at}[]")


def _plain(schema: Schema, about: Schema) -> Schema:
    if "$ref" in about:
        return _plain(schema, schema["components"]["schemas"][about["$ref"].rpartition("/")[2]])
    if len(about.get("allOf", ())) == 1:
        return _plain(schema, about["allOf"][0])
    return about


def _body(operation: Schema) -> Schema:
    return _content(operation.get("requestBody", {}))


def _content(about: Schema) -> Schema:
    return next((one.get("schema", {}) for one in about.get("content", {}).values()), {})
