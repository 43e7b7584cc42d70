"""The work of a pro may be a company's, which is reported in the pro's place."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("tax", "0001_seller_data")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="sellerdata",
            name="company",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="sellerdata",
            name="register_number",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddConstraint(
            model_name="sellerdata",
            constraint=models.CheckConstraint(
                condition=Q(company="", register_number="") | (~Q(company="") & ~Q(tin="")),
                name="tax_company_has_number",
            ),
        ),
    ]
