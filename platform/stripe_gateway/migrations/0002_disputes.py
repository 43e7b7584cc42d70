"""Disputes, payments of which something else came than was asked for, and operators who settle refunds."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("stripe_gateway", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="cardpayment",
            name="received_minor",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="cardrefund",
            name="asked_by",
            field=models.CharField(blank=True, db_default="", max_length=254),
        ),
        migrations.AlterField(
            model_name="cardrefund",
            name="state",
            field=models.CharField(
                choices=[("asked", "Asked"), ("made", "Made"), ("failed", "Failed"),
                    ("replaced", "Replaced"), ("by_hand", "By Hand"), ("by_bank", "By Bank"),
                ],
                default="asked",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="stripeevent",
            name="intent_id",
            field=models.CharField(blank=True, db_default="", max_length=100),
        ),
        migrations.AddIndex(
            model_name="stripeevent",
            index=models.Index(
                condition=models.Q(("intent_id", ""), _negated=True),
                fields=["intent_id"],
                name="stripe_event_of_intent",
            ),
        ),
        migrations.CreateModel(
            name="CardDispute",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("dispute_id", models.CharField(max_length=100, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("answered", "Answered"), ("won", "Won"), ("lost", "Lost")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("moves_money", models.BooleanField(default=True)),
                ("amount_minor", models.PositiveIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("reason", models.CharField(max_length=60)),
                ("due_by", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.CharField(blank=True, max_length=254)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "payment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="stripe_gateway.cardpayment",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state__in", ("open", "answered"))),
                            models.Q(
                                models.Q(("state__in", ("open", "answered")), _negated=True),
                                ("closed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="card_dispute_closed_has_moment",
                    )
                ]
            },
        ),
    ]
