"""Tips."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orders", "0014_extra_work")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Tip",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("friend_id", models.UUIDField()),
                ("amount_minor", models.PositiveIntegerField()),
                ("is_cash", models.BooleanField()),
                ("created_at", models.DateTimeField()),
                ("paid_at", models.DateTimeField(null=True)),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tip", to="orders.order"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(amount_minor__gte=1), name="tip_is_something"),
                    models.CheckConstraint(
                        condition=Q(is_cash=False) | Q(paid_at=F("created_at")), name="tip_in_cash_is_given"
                    ),
                ],
            },
        ),
    ]
