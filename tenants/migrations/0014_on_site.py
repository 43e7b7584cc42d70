"""Who takes cards on site for a partner, and its friends' card readers."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tenants", "0013_ways_to_pay")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="tenant",
            name="on_site_provider",
            field=models.CharField(
                blank=True,
                choices=[("sumup", "SumUp"), ("stripe", "Stripe"), ("nobody", "No cards on site")],
                db_default="",
                default="",
                max_length=8,
                verbose_name="card payments on site",
            ),
        ),
        migrations.AddField(
            model_name="tenant",
            name="card_readers",
            field=models.JSONField(
                blank=True,
                db_default=Value([], models.JSONField()),
                default=list,
                verbose_name="card readers",
            ),
        ),
    ]
