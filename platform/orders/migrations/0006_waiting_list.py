"""Who wants to hear when a package can be had at a place."""

from typing import ClassVar
from uuid import uuid4

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("catalog", "0004_icons_of_a_list"),
        ("orders", "0005_attention_for_handovers"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="PlaceWish",
            fields=[
                ("id", models.UUIDField(default=uuid4, editable=False, primary_key=True, serialize=False)),
                ("country", models.CharField(max_length=2)),
                ("postal_code", models.CharField(max_length=12)),
                ("email", models.EmailField(max_length=254)),
                ("language", models.CharField(choices=settings.LANGUAGES, max_length=2)),
                ("created_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="catalog.package"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("package", "country", "postal_code", "email"), name="place_wish_once"
                    )
                ],
            },
        ),
    ]
