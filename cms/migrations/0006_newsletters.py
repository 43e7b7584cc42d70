"""Newsletters as they are written, and the managers' rights on them where their group is there already."""

import cms.newsletters.blocks
import django.db.models.deletion
import uuid
import wagtail.fields
import wagtail.models.preview
from django.db import migrations, models

RIGHTS = """
INSERT INTO django_content_type (app_label, model)
VALUES ('cms', 'newsletter'), ('newsletters', 'issue'), ('newsletters', 'subscriber') ON CONFLICT DO NOTHING;

WITH wanted (app_label, model, codename, name) AS (VALUES
    ('cms', 'newsletter', 'add_newsletter', 'Can add newsletter'),
    ('cms', 'newsletter', 'change_newsletter', 'Can change newsletter'),
    ('cms', 'newsletter', 'delete_newsletter', 'Can delete newsletter'),
    ('cms', 'newsletter', 'view_newsletter', 'Can view newsletter'),
    ('newsletters', 'issue', 'change_issue', 'Can change newsletter'),
    ('newsletters', 'subscriber', 'view_subscriber', 'Can view subscriber')
)
INSERT INTO auth_permission (content_type_id, codename, name)
SELECT kind.id, wanted.codename, wanted.name FROM wanted JOIN django_content_type kind USING (app_label, model)
ON CONFLICT DO NOTHING;

INSERT INTO auth_group_permissions (group_id, permission_id)
SELECT managers.id, wanted.id
  FROM auth_group managers, auth_permission wanted JOIN django_content_type kind ON kind.id = wanted.content_type_id
 WHERE managers.name = 'Community managers'
   AND ((kind.app_label, kind.model) = ('cms', 'newsletter')
        OR (kind.app_label, wanted.codename) IN (('newsletters', 'change_issue'), ('newsletters', 'view_subscriber')))
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0005_forget_references_of_orders'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='Newsletter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('translation_key', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('subject', models.CharField(max_length=120, verbose_name='subject')),
                ('preheader', models.CharField(blank=True, help_text='What inboxes show beside the subject.', max_length=140, verbose_name='preview text')),
                ('body', wagtail.fields.StreamField([('news', 6), ('links', 12), ('packages', 15), ('numbers', 16)], block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'Heading', 'max_length': 120}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link'], 'label': 'Text'}), 2: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture', 'required': False}), 3: ('wagtail.blocks.CharBlock', (), {'help_text': 'For readers who do not see it, and for inboxes that show no pictures.', 'label': 'What the picture shows', 'max_length': 200, 'required': False}), 4: ('wagtail.blocks.URLBlock', (), {'label': 'Link', 'required': False}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Words of the button', 'max_length': 60, 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('heading', 0), ('text', 1), ('picture', 2), ('picture_text', 3), ('link', 4), ('link_words', 5)]], {}), 7: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 120}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Why read it', 'max_length': 220, 'required': False}), 9: ('wagtail.blocks.URLBlock', (), {'label': 'Link'}), 10: ('wagtail.blocks.StructBlock', [[('title', 7), ('text', 8), ('url', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (10,), {'label': 'Links', 'max_num': 8, 'min_num': 1}), 12: ('wagtail.blocks.StructBlock', [[('heading', 0), ('links', 11)]], {}), 13: ('wagtail.blocks.ChoiceBlock', [], {'choices': cms.newsletters.blocks.package_choices}), 14: ('wagtail.blocks.ListBlock', (13,), {'label': 'Packages', 'max_num': 6, 'min_num': 1}), 15: ('wagtail.blocks.StructBlock', [[('heading', 0), ('packages', 14)]], {}), 16: ('wagtail.blocks.StructBlock', [[('heading', 0)]], {})}, verbose_name='content')),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('locale', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.locale', verbose_name='locale')),
            ],
            options={
                'verbose_name': 'newsletter',
                'verbose_name_plural': 'newsletters',
                'abstract': False,
                'unique_together': {('translation_key', 'locale')},
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
