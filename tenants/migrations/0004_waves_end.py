"""Waves end whatever somebody configures: the longest quiet hours, and bounds of waves and their minutes."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tenants", "0003_crowd_and_dispatch")]

    operations: ClassVar = [
        migrations.AddConstraint(
            model_name="tenant",
            constraint=models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(
                    quiet_from__isnull=False,
                    quiet_until__isnull=False,
                    quiet_until__gt=models.F("quiet_from"),
                    quiet_until__lte=models.F("quiet_from") + 16,
                )
                | models.Q(
                    quiet_from__isnull=False, quiet_until__isnull=False, quiet_from__gte=models.F("quiet_until") + 8
                ),
                name="tenant_quiet_hours_leave_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="tenant",
            constraint=models.CheckConstraint(
                condition=models.Q(wave_minutes__lte=24 * 60, own_waves__lte=10, crowd_waves__lte=10),
                name="tenant_waves_within_bounds",
            ),
        ),
    ]
