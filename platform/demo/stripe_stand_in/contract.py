"""Checks a request against the typed parameters of stripe-python: what the library does not know is refused."""

import importlib
import re
import typing
from collections.abc import Iterable
from functools import cache
from typing import Any

import stripe._request_options as options
from pydantic import TypeAdapter, ValidationError
from pydantic_core import CoreSchema, core_schema
from stripe._stripe_object import UntypedStripeObject

from demo.stripe_stand_in.errors import Refused

# A forward reference that the library shows to type checkers only.
vars(options)["StripeContext"] = typing.Any


def _any_mapping(_cls: Any, _source: Any, _handler: Any) -> CoreSchema:
    return core_schema.dict_schema()


UntypedStripeObject.__get_pydantic_core_schema__ = classmethod(_any_mapping)  # type: ignore[attr-defined]
# What the library takes out of the parameters before it sends them.
NOT_SENT = set(options.RequestOptions.__annotations__)


def checked(module: str, name: str, given: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters with the types of the library's class ``stripe.params.<module>.<name>``.

    Raises Refused as Stripe does for one that is unknown, missing or of another kind.
    """
    known, adapter = _typed(module, name)
    unknown = sorted(set(given) - known)
    if unknown:
        raise Refused(400, f"Received unknown parameter: {unknown[0]}", code="parameter_unknown", param=unknown[0])
    try:
        found: dict[str, Any] = adapter.validate_python(given, extra="forbid")
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"[{part}]" if depth else str(part) for depth, part in enumerate(first["loc"]))
        code = {"missing": "parameter_missing", "extra_forbidden": "parameter_unknown"}.get(first["type"])
        raise Refused(400, f"{place}: {first['msg']}", code=code or "parameter_invalid", param=place) from error
    return found


@cache
def _typed(module: str, name: str) -> tuple[set[str], TypeAdapter[Any]]:
    """Return the names and the checker of a class of parameters."""
    home = importlib.import_module(f"stripe.params.{module}")
    parameters = getattr(home, name)
    adapter: TypeAdapter[Any] = TypeAdapter(parameters)
    adapter.rebuild(force=True, _types_namespace={**vars(options), **vars(home)})
    return set(parameters.__annotations__) - NOT_SENT, adapter


def nested(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return a form's fields (``line_items[0][quantity]=1``) as the nested mapping that they write down."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        *way, last = re.findall(r"[^\[\]]+", name)
        place = found
        for part in way:
            place = place.setdefault(part, {})
        if name.endswith("[]"):
            place.setdefault(last, []).append(value)
        else:
            place[last] = value
    return {name: _with_lists(value) for name, value in found.items()}


def _with_lists(value: Any) -> Any:
    """Return mappings whose keys are numbers as lists."""
    if not isinstance(value, dict):
        return value
    inner = {key: _with_lists(one) for key, one in value.items()}
    if inner and all(key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner
