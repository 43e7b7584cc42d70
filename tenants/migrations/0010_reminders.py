"""When a partner's customers are reminded of open invoices."""

import tenants.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0009_sellers'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenant',
            name='reminders',
            field=models.JSONField(blank=True, db_default=models.Value([{'days': 7}, {'days': 21}, {'days': 35}], models.JSONField()), default=tenants.models.usual_reminders, verbose_name='reminders of open invoices'),
        ),
    ]
