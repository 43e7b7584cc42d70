"""A partner's postal address, and contacts that differ by country."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tenants", "0006_visiting_hours")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="tenant",
            name="address",
            field=models.CharField(blank=True, db_default="", max_length=200, verbose_name="postal address"),
        ),
        migrations.AddField(
            model_name="tenant",
            name="country_contacts",
            field=models.JSONField(
                blank=True,
                db_default=Value({}, models.JSONField()),
                default=dict,
                verbose_name="contacts by country",
            ),
        ),
    ]
