"""Who sells in which country, as a partner's bills name them."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Value


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tenants", "0008_pages_version")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="tenant",
            name="sellers",
            field=models.JSONField(
                blank=True,
                db_default=Value({}, models.JSONField()),
                default=dict,
                verbose_name="sellers by country",
            ),
        ),
    ]
