"""The customer's signature on site."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orders", "0016_withdrawals")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("drawing", models.CharField(blank=True, max_length=20000)),
                ("signed_at", models.DateTimeField()),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="signature", to="orders.order"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="signature_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drawing", ""),
                            ("drawing__regex", "^(M[0-9]{1,3} [0-9]{1,3}(L[0-9]{1,3} [0-9]{1,3})+)+$"),
                            _connector="OR",
                        ),
                        name="signature_is_a_path",
                    ),
                ],
            },
        ),
    ]
