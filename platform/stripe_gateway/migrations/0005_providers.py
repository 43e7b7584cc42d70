"""Card payments that another provider than Stripe takes, on a hosted page or a card reader."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("stripe_gateway", "0004_accepted_disputes")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="cardpayment",
            name="provider",
            field=models.CharField(
                choices=[("stripe", "Stripe"), ("sumup", "SumUp")], db_default="stripe", default="stripe", max_length=8
            ),
        ),
        migrations.AddField(
            model_name="cardpayment",
            name="reader",
            field=models.CharField(blank=True, db_default="", max_length=100),
        ),
    ]
