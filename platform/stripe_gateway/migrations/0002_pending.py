"""Payments of which the customer's bank says days later whether they have come."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("stripe_gateway", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(model_name="cardpayment", name="pending_since", field=models.DateTimeField(null=True)),
    ]
