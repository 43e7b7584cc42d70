"""Where an invoice goes that goes elsewhere than the work."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0019_sold_by_friend'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='bill_to',
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
    ]
