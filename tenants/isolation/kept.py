"""What a process keeps of partners between requests: facts that nobody can change, each for one version of the pages.

``Tenant.pages_version`` is read anew by every request, and the database renews it with whatever the pages show. A fact
that is kept under a version may be newer than it, never older; as no version comes twice, no page shows what was.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import fields, is_dataclass
from threading import Lock
from types import MappingProxyType
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import connection

from tenants.requests import Request

Fact = TypeVar("Fact")

# So many partners, and so many facts of each, are kept in one process; who was not asked for longest goes first.
PARTNERS, FACTS = 200, 500
SAFE = ("GET", "HEAD")
_PLAIN = (str, bytes, int, bool, UUID, type(None))


class Kept:
    """Facts by schema, in bounded number, for all threads of a process."""

    def __init__(self, *, partners: int, facts: int) -> None:
        self._most_partners, self._most_facts = partners, facts
        self._lock = Lock()
        self._facts: OrderedDict[str, tuple[UUID, OrderedDict[Hashable, Any]]] = OrderedDict()

    def fact(self, schema: str, version: UUID, name: Hashable, make: Callable[[], Fact]) -> Fact:
        """Return a fact about a schema's pages, made where none is kept of this version.

        Raises TypeError where it could be changed: threads share it.
        """
        with self._lock:
            facts = self._of(schema, version)
            if name in facts:
                facts.move_to_end(name)
                found: Fact = facts[name]
                return found
        made = make()
        if not is_frozen(made):
            raise TypeError(f"what is kept as {name!r} can be changed")
        with self._lock:
            facts = self._of(schema, version)
            facts[name] = made
            while len(facts) > self._most_facts:
                facts.popitem(last=False)
        return made

    def clear(self) -> None:
        """Know nothing, as a process that has just begun."""
        with self._lock:
            self._facts.clear()

    def sizes(self) -> dict[str, int]:
        """Return how many facts are kept, by schema."""
        with self._lock:
            return {schema: len(facts) for schema, (_version, facts) in self._facts.items()}

    def _of(self, schema: str, version: UUID) -> OrderedDict[Hashable, Any]:
        """Return the schema's facts of this version; those of another one are forgotten."""
        known = self._facts.get(schema)
        if known is None or known[0] != version:
            known = self._facts[schema] = (version, OrderedDict())
        self._facts.move_to_end(schema)
        while len(self._facts) > self._most_partners:
            self._facts.popitem(last=False)
        return known[1]


KEPT = Kept(partners=PARTNERS, facts=FACTS)


def kept(request: Request, name: Hashable, make: Callable[[], Fact]) -> Fact:
    """Return a fact about the pages of the request's partner, made where none is kept.

    Only for requests that read: one that writes could keep what is taken back.
    """
    tenant = request.tenant
    if request.method not in SAFE:
        return make()
    if connection.schema_name != tenant.schema_name:  # type: ignore[attr-defined]  # of django-tenants
        raise RuntimeError(f"facts of {tenant.schema_name} are made inside it")
    return KEPT.fact(tenant.schema_name, tenant.pages_version, name, make)


def is_frozen(value: object) -> bool:
    """Say whether nothing in a value can be changed."""
    if isinstance(value, _PLAIN):
        return True
    if isinstance(value, tuple | frozenset):
        return all(map(is_frozen, value))
    if isinstance(value, MappingProxyType):
        return all(is_frozen(key) and is_frozen(one) for key, one in value.items())
    kind: Any = type(value)
    if not is_dataclass(kind) or not cast("Any", kind).__dataclass_params__.frozen:
        return False
    return all(is_frozen(getattr(value, field.name)) for field in fields(kind))
