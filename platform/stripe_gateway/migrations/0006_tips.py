"""A payment by card may be a tip beside the order's own."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Value

CHOICES = [("order", "Order"), ("tip", "Tip")]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("stripe_gateway", "0005_providers")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="cardpayment",
            name="purpose",
            field=models.CharField(choices=CHOICES, db_default=Value("order"), default="order", max_length=8),
        ),
    ]
