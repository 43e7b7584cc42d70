"""Bills: invoices, receipts and credit notes, numbered without gaps, which nobody can change or delete."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Only the first drawing of the PDF may come after the bill itself. A number of a series rises by one and never falls.
KEPT = """
CREATE FUNCTION billing_bill_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.pdf = '' AND (to_jsonb(NEW) - 'pdf' - 'pdf_sha256') = (to_jsonb(OLD) - 'pdf' - 'pdf_sha256') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'bill % is issued: a credit note takes it back', OLD.number USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER billing_bill_is_kept BEFORE UPDATE OR DELETE ON billing_bill
    FOR EACH ROW EXECUTE FUNCTION billing_bill_is_kept();
CREATE FUNCTION billing_series_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.prefix, NEW.year, NEW.last) = (OLD.prefix, OLD.year, OLD.last + 1) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the numbers of % rise one by one', OLD.prefix USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER billing_series_rises BEFORE UPDATE OR DELETE ON billing_billseries
    FOR EACH ROW EXECUTE FUNCTION billing_series_rises();
"""
NOT_KEPT = """
DROP TRIGGER billing_series_rises ON billing_billseries;
DROP FUNCTION billing_series_rises();
DROP TRIGGER billing_bill_is_kept ON billing_bill;
DROP FUNCTION billing_bill_is_kept();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0002_card_payments")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="BillSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("prefix", models.CharField(max_length=60)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("prefix", "year"), name="bill_series_once_a_year"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Bill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("invoice", "Invoice"), ("receipt", "Receipt"), ("credit_note", "Credit note")],
                        max_length=12,
                    ),
                ),
                ("place", models.PositiveIntegerField()),
                ("number", models.CharField(max_length=80, unique=True)),
                ("issued_at", models.DateTimeField()),
                ("issued_on", models.DateField()),
                ("supplied_on", models.DateField()),
                ("due_on", models.DateField(null=True)),
                ("paid_on", models.DateField(null=True)),
                ("method", models.CharField(max_length=20)),
                ("seller", models.JSONField()),
                ("buyer", models.JSONField()),
                ("language", models.CharField(choices=settings.LANGUAGES, max_length=2)),
                ("country", models.CharField(max_length=2)),
                ("currency", models.CharField(max_length=3)),
                ("lines", models.JSONField()),
                (
                    "vat_mode",
                    models.CharField(
                        choices=[
                            ("standard", "VAT is charged"),
                            ("small_business", "Small business without VAT"),
                            ("reverse_charge", "Reverse charge"),
                        ],
                        max_length=14,
                    ),
                ),
                ("vat_bp", models.PositiveIntegerField()),
                ("net_minor", models.PositiveIntegerField()),
                ("vat_minor", models.PositiveIntegerField()),
                ("gross_minor", models.PositiveIntegerField()),
                ("reference", models.CharField(blank=True, max_length=27)),
                ("pdf", models.FileField(blank=True, upload_to="bills")),
                ("pdf_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "cancels",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cancelled_by",
                        to="billing.bill",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bills", to="orders.order"
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="bills", to="billing.billseries"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("series", "place"), name="bill_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("gross_minor", models.F("net_minor") + models.F("vat_minor"))),
                        name="bill_figures_add_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "credit_note"), ("cancels__isnull", True), _connector="XOR"),
                        name="bill_credit_note_names_its_bill",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("pdf", ""), ("pdf_sha256", "")),
                            models.Q(
                                models.Q(("pdf", ""), _negated=True), models.Q(("pdf_sha256", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="bill_pdf_has_hash",
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
