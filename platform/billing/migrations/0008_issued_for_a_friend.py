"""Who issues a bill in a friend's name."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0007_nothing_to_pay'),
    ]

    operations = [
        migrations.AddField(
            model_name='bill',
            name='issuer',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
    ]
