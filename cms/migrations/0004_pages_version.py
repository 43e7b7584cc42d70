"""A change of pages, their languages, their site or who may see them renews the version of the partner's pages."""

from django.db import migrations

TABLES = (
    "wagtailcore_page", "wagtailcore_site", "wagtailcore_locale", "wagtailcore_pageviewrestriction",
    "cms_homepage", "cms_cataloguepage", "cms_textpage",
)  # fmt: skip
WATCH = """
CREATE TRIGGER pages_changed BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION public.tenants_pages_changed();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0003_settings_permission'),
        ('tenants', '0008_pages_version'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.RunSQL(WATCH.format(table=table), f"DROP TRIGGER pages_changed ON {table};") for table in TABLES
    ]
