"""A payment by card may be a tip beside the order's own."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q, Value

CHOICES = [("order", "Order"), ("tip", "Tip")]
LIVE = ("started", "open")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("stripe_gateway", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="cardpayment",
            name="purpose",
            field=models.CharField(choices=CHOICES, db_default=Value("order"), default="order", max_length=8),
        ),
        migrations.AddConstraint(
            model_name="cardpayment",
            constraint=models.UniqueConstraint(
                condition=Q(state__in=LIVE),
                fields=("tenant_id", "order_id", "purpose"),
                name="card_payment_one_live_a_purpose",
            ),
        ),
        migrations.RemoveConstraint(model_name="cardpayment", name="card_payment_one_live_an_order"),
    ]
