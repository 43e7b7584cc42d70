"""Commissions by country and by who does the job, with days on which they count; the database refuses overlaps."""

import uuid
from typing import ClassVar

import django.contrib.postgres.constraints
import django.contrib.postgres.functions
from django.db import migrations, models

import tenants.models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tenants", "0010_reminders")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="commission",
            name="country",
            field=models.CharField(blank=True, db_default="", max_length=2, verbose_name="country"),
        ),
        migrations.AddField(
            model_name="commission",
            name="route",
            field=models.CharField(
                blank=True,
                choices=[("own", "Own community"), ("overflow", "Other communities")],
                db_default="",
                max_length=10,
                verbose_name="who does the job",
            ),
        ),
        migrations.AddField(
            model_name="commission",
            name="valid_from",
            field=models.DateField(blank=True, null=True, verbose_name="from"),
        ),
        migrations.AddField(
            model_name="commission",
            name="valid_until",
            field=models.DateField(blank=True, null=True, verbose_name="until"),
        ),
        migrations.AddField(
            model_name="commission",
            name="version",
            field=models.UUIDField(
                db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False
            ),
        ),
        migrations.AddConstraint(
            model_name="commission",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_from__isnull", True))
                | models.Q(("valid_until__isnull", True))
                | models.Q(("valid_from__lt", models.F("valid_until"))),
                name="commission_row_has_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="commission",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (tenants.models._Days("valid_from", "valid_until"), "&&"),
                    ("tenant", "="),
                    ("package_slug", "="),
                    ("level", "="),
                    ("country", "="),
                    ("route", "="),
                ],
                name="commission_one_a_day",
            ),
        ),
        migrations.RemoveConstraint(model_name="commission", name="commission_once_a_kind"),
        # A row about nothing in particular is another base rate for some days.
        migrations.RemoveConstraint(model_name="commission", name="commission_row_is_about_something"),
    ]
