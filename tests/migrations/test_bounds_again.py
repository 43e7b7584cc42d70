"""A migration that is not atomic can be run again, wherever it had stopped."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from tenants.context import tenant_context
from tenants.models import Tenant

migration: Any = import_module("orders.migrations.0023_bounds_of_what_partners_pay").Migration


def test_bounds_that_are_there_already_are_added_anew(owner: None) -> None:
    state = SimpleNamespace(apps=apps)

    with tenant_context(Tenant.objects.get(slug="nord")), transaction.atomic():
        for operation in migration.operations:
            operation.database_forwards("orders", connection.schema_editor(), state, state)

        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, "orders_order")
        transaction.set_rollback(True)

    assert {"order_partner_pays_within_fee", "order_partner_bears_what_was_said"} <= found.keys()
