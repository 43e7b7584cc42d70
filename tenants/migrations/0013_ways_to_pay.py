"""How a partner's customers can pay, by country."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tenants", "0012_cancellation_fees")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="tenant",
            name="ways_to_pay",
            field=models.JSONField(
                blank=True,
                db_default=Value({}, models.JSONField()),
                default=dict,
                verbose_name="ways to pay by country",
            ),
        ),
    ]
