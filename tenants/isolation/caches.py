"""What the caches hold of one partner."""

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache

KEYS_A_ROUND = 1000


def forget(schema_name: str) -> None:
    """Delete a partner's keys from all caches; a cache that cannot list its keys is emptied, as any cache may be."""
    for cache in caches.all(initialized_only=False):
        if not isinstance(cache, RedisCache):
            cache.clear()
            continue
        # Django has no way to list keys; django_tenants.cache.make_key puts the schema first.
        client = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]  # Django's own
        for key in client.scan_iter(match=f"{schema_name}:*", count=KEYS_A_ROUND):
            client.unlink(key)
