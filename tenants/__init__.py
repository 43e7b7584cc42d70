"""Partners: each a schema and a PostgreSQL role of its own, found by the host name. Public schema.

Main verbs: provision_tenant, change_settings, suspend_tenant, delete_tenant. ``tenant_context(tenant)`` and
``platform_context()`` are the only ways from one schema to another.
"""
