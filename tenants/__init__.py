"""Partners: each a schema of its own, found by the host name. Public schema.

Main verbs: create_tenant, change_settings. ``tenant_context(tenant)`` and ``platform_context()`` are the only ways
from one schema to another.
"""
