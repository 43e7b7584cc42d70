"""How many days ahead a partner's customers can book."""

from typing import ClassVar

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tenants", "0004_waves_end")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="tenant",
            name="booking_days",
            field=models.PositiveSmallIntegerField(
                db_default=60,
                default=60,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="days ahead that can be booked",
            ),
        ),
    ]
