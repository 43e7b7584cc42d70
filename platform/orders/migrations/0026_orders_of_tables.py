"""Orders that come in a table have no key."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0025_webhooks_by_the_real_clock'),
    ]

    operations = [
        migrations.AlterField(
            model_name='fedorder',
            name='key_uuid',
            field=models.UUIDField(null=True),
        ),
    ]
