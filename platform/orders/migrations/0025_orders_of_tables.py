"""Orders that come in a table have no key."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0024_attachments'),
    ]

    operations = [
        migrations.AlterField(
            model_name='fedorder',
            name='key_uuid',
            field=models.UUIDField(null=True),
        ),
    ]
