"""Managers of partners that exist already get the right to look after events; new partners begin with it.

Django makes the rights only after all migrations, so those that are missing are made here.
"""

from django.db import migrations

RIGHTS = """
INSERT INTO django_content_type (app_label, model)
SELECT 'events', model FROM unnest(ARRAY['event', 'eventtext', 'letter', 'signup']) model
 WHERE EXISTS (SELECT 1 FROM auth_group WHERE name = 'Community managers')
    ON CONFLICT DO NOTHING;
INSERT INTO auth_permission (content_type_id, codename, name)
SELECT kind.id, action || '_' || kind.model, 'Can ' || action || ' ' || kind.model
  FROM django_content_type kind, unnest(ARRAY['change', 'view']) action
 WHERE kind.app_label = 'events'
    ON CONFLICT DO NOTHING;
INSERT INTO auth_group_permissions (group_id, permission_id)
SELECT managers.id, allowed.id
  FROM auth_group managers, auth_permission allowed JOIN django_content_type kind ON kind.id = allowed.content_type_id
 WHERE managers.name = 'Community managers' AND kind.app_label = 'events'
   AND split_part(allowed.codename, '_', 1) IN ('change', 'view')
    ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    """Rights of the managers' group."""

    dependencies = [
        ("cms", "0007_event_pages"),
        ("events", "0002_seats_are_counted"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunSQL(RIGHTS, migrations.RunSQL.noop)]
