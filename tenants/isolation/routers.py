"""Which schema a row came from, and that it never goes to another one.

Every schema has its own orders with their own ids. A row that was read in tenant A and is saved inside tenant B would
overwrite or add a row there, and what is asked through it would be B's. Django asks its routers before every query,
save and delete, with the instance at hand, and keeps the answer on each row that it reads: so the answer carries the
schema. ``bulk_create``, ``bulk_update`` and an explicit ``using=`` do not ask with an instance and are not covered.
"""

from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model

from tenants.errors import ForeignRow


class SchemaAlias(str):
    """The name of the database, which every row keeps, with the schema that the row belongs to."""

    __slots__ = ("schema",)

    schema: str

    def __new__(cls, name: str, schema: str) -> "SchemaAlias":
        """Make it; it equals the plain name."""
        made = super().__new__(cls, name)
        made.schema = schema
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]  # pickled rows keep their schema
        return str(self), self.schema


class SchemaRouter:
    """Stamp rows with their schema, and refuse to use them in another one."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """Return the database; a query through a row of another schema is refused."""
        return self._alias(hints.get("instance"))

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """Return the database; saving or deleting a row of another schema is refused."""
        return self._alias(hints.get("instance"))

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        """Refuse that a row points to one of another schema."""
        schemas = {schema for schema in (schema_of(one), schema_of(other)) if schema}
        return False if len(schemas) > 1 else None

    def _alias(self, instance: Model | None) -> str:
        here: str = connection.schema_name  # type: ignore[attr-defined]  # of django-tenants
        found = schema_of(instance)
        if found and found != here:
            raise ForeignRow(f"{type(instance).__name__} of {found} cannot be used in {here}.")
        return SchemaAlias(DEFAULT_DB_ALIAS, here)


def schema_of(instance: Model | None) -> str:
    """Return the schema that a row was read or saved in, or nothing for a new row and for one of a shared table."""
    if instance is None or not _is_per_schema(instance._meta.app_label):
        return ""
    return getattr(instance._state.db, "schema", "")


@cache
def _is_per_schema(app_label: str) -> bool:
    """Say whether each schema has this app's tables; only shared apps' tables are the same everywhere."""
    return apps.get_app_config(app_label).name in settings.TENANT_APPS
