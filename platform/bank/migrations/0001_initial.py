"""Payments that came in on bank accounts."""

import uuid
from typing import ClassVar

from django.db import migrations, models
from django.db.models import F, Q

STATES = [
    ("paid", "Invoice paid"),
    ("partial", "Paid in part"),
    ("over", "Paid too much"),
    ("unknown", "Not assigned"),
]


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="BankPayment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=80, unique=True)),
                ("iban", models.CharField(max_length=34)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.PositiveBigIntegerField()),
                ("booked_on", models.DateField()),
                ("reference", models.CharField(blank=True, max_length=140)),
                ("words", models.CharField(blank=True, max_length=500)),
                ("payer", models.CharField(blank=True, max_length=140)),
                ("payer_iban", models.CharField(blank=True, max_length=34)),
                ("file_name", models.CharField(max_length=255)),
                ("read_at", models.DateTimeField()),
                ("read_by", models.CharField(max_length=254)),
                ("state", models.CharField(choices=STATES, default="unknown", max_length=8)),
                ("tenant_id", models.IntegerField(null=True)),
                ("order_id", models.UUIDField(null=True)),
                ("number", models.CharField(blank=True, max_length=80)),
                ("over_minor", models.PositiveBigIntegerField(default=0)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.CharField(blank=True, max_length=254)),
                ("note", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(state="unknown", tenant_id__isnull=True, order_id__isnull=True)
                        | (~Q(state="unknown") & Q(tenant_id__isnull=False, order_id__isnull=False)),
                        name="bank_payment_known_has_order",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="over", over_minor__gt=0) | (~Q(state="over") & Q(over_minor=0)),
                        name="bank_payment_over_says_how_much",
                    ),
                    models.CheckConstraint(
                        condition=Q(over_minor__lte=F("amount_minor")), name="bank_payment_over_within"
                    ),
                    models.CheckConstraint(
                        condition=Q(settled_at__isnull=False) | Q(state__in=("unknown", "over", "partial")),
                        name="bank_payment_paid_is_settled",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["tenant_id", "order_id"], name="bank_payment_of_order"),
                    models.Index(
                        fields=["booked_on"], name="bank_payment_on_desk", condition=Q(settled_at__isnull=True)
                    ),
                ],
            },
        ),
    ]
