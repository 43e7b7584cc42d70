"""In which currencies a friend comes near the limit of what may be owed from cash."""

from typing import ClassVar

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("crowd", "0008_only_cashless_jobs")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="friend",
            name="cash_limit_near_in",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=3), blank=True, db_default=[], default=list, size=None
            ),
        ),
    ]
