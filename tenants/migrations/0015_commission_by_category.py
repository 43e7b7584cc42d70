"""Commissions by category of packages; about the same one rate counts on a day, the category included."""

from typing import ClassVar

import django.contrib.postgres.constraints
from django.db import migrations, models

import tenants.models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tenants", "0014_on_site")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="commission", name="commission_one_a_day"),
        migrations.AddField(
            model_name="commission",
            name="category",
            field=models.SlugField(blank=True, db_default="", verbose_name="category"),
        ),
        migrations.AddConstraint(
            model_name="commission",
            constraint=models.CheckConstraint(
                condition=models.Q(("package_slug", ""), ("category", ""), _connector="OR"),
                name="commission_package_or_category",
            ),
        ),
        migrations.AddConstraint(
            model_name="commission",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (tenants.models._Days("valid_from", "valid_until"), "&&"),
                    ("tenant", "="),
                    ("package_slug", "="),
                    ("category", "="),
                    ("level", "="),
                    ("country", "="),
                    ("route", "="),
                ],
                name="commission_one_a_day",
            ),
        ),
    ]
