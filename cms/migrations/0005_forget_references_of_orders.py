"""Forget what Wagtail's index of references holds of orders, which are not in it any more and would never be cleared."""

from django.db import migrations

FORGET = """
DELETE FROM wagtailcore_referenceindex
 WHERE base_content_type_id IN (SELECT id FROM django_content_type WHERE app_label = 'orders');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0004_pages_version'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
