"""Endpoints are called by the real clock, also about what a sandbox has done by its own, which may be ahead."""

from importlib import import_module

from django.db import migrations

before = import_module("orders.migrations.0022_webhooks")
FUNCTION = before.TELL.partition("CREATE TRIGGER")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
AHEAD = "(SELECT t.clock_ahead FROM public.tenants_tenant t WHERE t.id = endpoint.tenant_id)"


class Migration(migrations.Migration):

    dependencies = [("orders", "0024_attachments"), ("tenants", "0017_sandboxes")]

    operations = [
        migrations.RunSQL(FUNCTION.replace("NEW.at, NEW.at", f"NEW.at - {AHEAD}, NEW.at - {AHEAD}"), FUNCTION),
    ]
