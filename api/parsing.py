"""JSON as it was meant: one value for each name, finite numbers, not deeper than any body of ours is."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from api.errors import BodyNotRight

DEEPEST = 12


class StrictJSONParser(BaseParser):
    """Reads a body that is a JSON object.

    Python's own reader takes a name twice, NaN and infinity; two readers would then read two different orders.
    """

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the object.

        Raises BodyNotRight.
        """
        try:
            found = json.loads(stream.read(), object_pairs_hook=_once, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise BodyNotRight(_("The body is not JSON.")) from error
        if not isinstance(found, dict):
            raise BodyNotRight(_("The body has to be a JSON object."))
        if _depth(found) > DEEPEST:
            raise BodyNotRight(_("The body is nested too deeply."))
        return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _value in pairs]
    twice = next(name for name in names if names.count(name) > 1)
    raise BodyNotRight(_("The body names “%(name)s” twice.") % {"name": twice[:80]})


def _refuse_constant(name: str) -> NoReturn:
    raise BodyNotRight(_("%(name)s is not a valid JSON number.") % {"name": name})


def _depth(value: Any) -> int:
    """Return how deep a value is nested, without recursion."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        if isinstance(one, dict | list):
            deepest = max(deepest, depth)
            waiting += [(inner, depth + 1) for inner in (one.values() if isinstance(one, dict) else one)]
    return deepest
