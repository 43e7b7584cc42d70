"""Texts that a manager has hidden from both sides."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orders", "0008_attention_for_reported_texts")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="HiddenText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("answer", "The customer's answer when booking"),
                            ("question", "A friend's question"),
                            ("reply", "The customer's answer to a friend"),
                            ("times", "A friend's message with other times"),
                        ],
                        max_length=10,
                    ),
                ),
                ("text_id", models.CharField(max_length=36)),
                ("words", models.TextField()),
                ("hidden_at", models.DateTimeField()),
                ("hidden_by", models.CharField(max_length=200)),
                ("shown_at", models.DateTimeField(null=True)),
                ("shown_by", models.CharField(blank=True, max_length=200)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hidden_texts", to="orders.order"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("shown_at__isnull", True)),
                        fields=("order", "place", "text_id"),
                        name="text_hidden_once_at_a_time",
                    )
                ],
            },
        ),
    ]
