"""Whether whoever does the work is the seller of an order."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0018_what_partners_pay'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='is_sold_by_friend',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
