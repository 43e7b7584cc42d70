"""A company may book: its name, its VAT number, and the Leitweg-ID of an authority."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orders", "0012_cancellation_fees")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="order",
            name="company",
            field=models.CharField(blank=True, db_default="", default="", max_length=120, verbose_name="company"),
        ),
        migrations.AddField(
            model_name="order",
            name="vat_id",
            field=models.CharField(blank=True, db_default="", default="", max_length=20, verbose_name="VAT number"),
        ),
        migrations.AddField(
            model_name="order",
            name="leitweg_id",
            field=models.CharField(blank=True, db_default="", default="", max_length=46, verbose_name="Leitweg-ID"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=~Q(company="") | Q(vat_id="", leitweg_id=""), name="order_of_company_names_it"
            ),
        ),
    ]
