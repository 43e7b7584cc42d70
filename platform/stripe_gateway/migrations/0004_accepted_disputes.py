"""Disputes that an operator gives up."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("stripe_gateway", "0003_accounts")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="carddispute",
            name="accepted_by",
            field=models.CharField(blank=True, db_default="", max_length=254),
        ),
    ]
