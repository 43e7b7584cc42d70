"""Since when an invoice asks for what was to be paid on site."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0005_files_for_machines")]

    operations: ClassVar = [
        migrations.AddField(model_name="payment", name="invoiced_at", field=models.DateTimeField(null=True)),
    ]
