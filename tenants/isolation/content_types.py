"""A cache of content types for each schema.

Django keeps one dictionary for the whole process, while ids differ between schemas: a thread in tenant B was seen
to read tenant A's id, which means wrong permissions and wrong page classes.
"""

from typing import Any

from django.contrib.contenttypes.models import ContentType, ContentTypeManager
from django.db import connection

# Migrations have content type classes of their own, which must not meet the real one in a cache.
_stores: dict[tuple[str, type], dict[str, Any]] = {}


def install() -> None:
    """Replace the managers' one cache by one for each schema."""
    ContentTypeManager._cache = property(  # type: ignore[attr-defined]
        lambda self: _stores.setdefault((connection.schema_name, self.model), {}),  # type: ignore[attr-defined]
        lambda self, value: None,
    )
    for manager in {ContentType.objects, ContentType._default_manager, ContentType._base_manager}:
        manager.__dict__.pop("_cache", None)
    # django-tenants calls this on every switch of schema, which a cache for each schema does not need.
    ContentTypeManager.clear_cache = lambda self: None  # type: ignore[method-assign]


def forget() -> None:
    """Empty all caches; needed where schemas are dropped and made again under one name."""
    _stores.clear()
