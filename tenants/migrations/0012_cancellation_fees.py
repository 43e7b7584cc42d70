"""What it costs a partner's customers to cancel."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tenants", "0011_commission_rates")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="tenant",
            name="cancellation_fees",
            field=models.JSONField(
                blank=True,
                db_default=Value([], models.JSONField()),
                default=list,
                verbose_name="cancellation fees",
            ),
        ),
    ]
