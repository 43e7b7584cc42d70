"""A version of what a partner's pages show, which the database itself renews: no writer can forget it.

Every change of the partner's row renews it, and every statement that writes a table with the trigger ``pages_changed``:
of the partner's hosts here, of its packages and pages in the apps that own them. It is random and not counted, so a
partner that is restored, or made anew under the same name, never has an old one again. The partner's row is locked
before the statement locks its own rows, so that writers of one partner queue up instead of meeting in a deadlock.
"""

import django.contrib.postgres.functions
from django.db import migrations, models

# A tenant's role may not write in public; the function may, for the schema of the table that was written to.
RISES = """
CREATE FUNCTION tenants_pages_version_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.pages_version := gen_random_uuid();
    RETURN NEW;
END $$;
CREATE TRIGGER tenants_pages_version_rises BEFORE UPDATE ON tenants_tenant
    FOR EACH ROW EXECUTE FUNCTION tenants_pages_version_rises();
CREATE FUNCTION tenants_pages_changed() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.tenants_tenant SET pages_version = DEFAULT WHERE schema_name = TG_TABLE_SCHEMA;
    RETURN NULL;
END $$;
CREATE FUNCTION tenants_hosts_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.tenants_tenant SET pages_version = DEFAULT WHERE id IN (OLD.tenant_id, NEW.tenant_id);
    RETURN NULL;
END $$;
CREATE TRIGGER tenants_hosts_changed AFTER INSERT OR UPDATE OR DELETE ON tenants_domain
    FOR EACH ROW EXECUTE FUNCTION tenants_hosts_changed();
"""
STAYS = """
DROP TRIGGER tenants_hosts_changed ON tenants_domain;
DROP FUNCTION tenants_hosts_changed();
DROP FUNCTION tenants_pages_changed();
DROP TRIGGER tenants_pages_version_rises ON tenants_tenant;
DROP FUNCTION tenants_pages_version_rises();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0007_contacts_by_country'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenant',
            name='pages_version',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), editable=False),
        ),
        migrations.RunSQL(RISES, STAYS),
    ]
