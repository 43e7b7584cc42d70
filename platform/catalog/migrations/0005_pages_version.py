"""A change of packages, prices or questions renews the version of the partner's pages."""

from django.db import migrations

TABLES = ("catalog_package", "catalog_price", "catalog_question")
WATCH = """
CREATE TRIGGER pages_changed BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION public.tenants_pages_changed();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_icons_of_a_list'),
        ('tenants', '0008_pages_version'),
    ]

    operations = [
        migrations.RunSQL(WATCH.format(table=table), f"DROP TRIGGER pages_changed ON {table};") for table in TABLES
    ]
