"""A package's icon is one of a list; the column itself does not change."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalog", "0003_certificates")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="package",
            name="icon",
            field=models.CharField(
                choices=[
                    ("wifi", "Wi-Fi"),
                    ("router", "Router"),
                    ("tv", "TV"),
                    ("phone", "Phone"),
                    ("laptop", "Computer"),
                    ("printer", "Printer"),
                    ("smart-home", "Smart home"),
                    ("thermostat", "Thermostat"),
                    ("plug", "Plug"),
                    ("meter", "Meter"),
                ],
                default="wifi",
                max_length=30,
                verbose_name="icon",
            ),
        ),
    ]
