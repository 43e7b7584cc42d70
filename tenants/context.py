"""The two doors between schemas, and how work that starts elsewhere or later keeps to the schema it was meant for."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction
from django_tenants.utils import get_public_schema_name, schema_context
from django_tenants.utils import tenant_context as _tenant_context

from tenants.migrating.behind import refuse_if_behind
from tenants.models import Tenant

P = ParamSpec("P")
R = TypeVar("R")
_sandbox_id: ContextVar[int | None] = ContextVar("sandbox_id", default=None)


@contextmanager
def tenant_context(tenant: Tenant) -> Iterator[Tenant]:
    """Work inside the tenant's schema. Evaluate querysets inside; a lazy one would run in the next schema.

    Raises SchemaBehind where the schema lacks migrations.
    """
    with _tenant_context(tenant):
        refuse_if_behind(tenant.schema_name)
        yield tenant


@contextmanager
def platform_context() -> Iterator[None]:
    """Work inside the public schema."""
    with schema_context(get_public_schema_name()):
        yield


def current_tenant() -> Tenant | None:
    """Return the tenant whose schema is in use, or None on the platform."""
    tenant = getattr(connection, "tenant", None)
    return tenant if isinstance(tenant, Tenant) and tenant.schema_name != get_public_schema_name() else None


@contextmanager
def in_name_of(sandbox_id: int | None) -> Iterator[None]:
    """Let whatever would leave inside the block be a sandbox's, whichever schema its words are made in."""
    token = _sandbox_id.set(sandbox_id)
    try:
        yield
    finally:
        _sandbox_id.reset(token)


def sandbox_at_hand() -> int | None:
    """Return the id of the sandbox in whose name something would leave here, or None: then it may."""
    tenant = current_tenant()
    return tenant.pk if tenant is not None and tenant.is_sandbox else _sandbox_id.get()


def in_this_schema(act: Callable[P, R]) -> Callable[P, R]:
    """Return ``act`` for another thread: it runs in the schema of the moment at which this was called.

    A thread has a connection of its own, which begins on the platform; it is closed when the work is done.
    """
    place: Any = connection.tenant  # type: ignore[attr-defined]  # of django-tenants
    caller = threading.get_ident()

    @wraps(act)
    def act_there(*args: P.args, **kwargs: P.kwargs) -> R:
        is_elsewhere = threading.get_ident() != caller
        try:
            with _tenant_context(place):
                return act(*args, **kwargs)
        finally:
            if is_elsewhere:
                connection.close()

    return act_there


def on_commit_in_this_schema(act: Callable[[], object]) -> None:
    """Let something happen after the commit, in the schema of now; the transaction may end in another one."""
    transaction.on_commit(in_this_schema(act))
