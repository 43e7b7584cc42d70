"""A bill as a file for machines, beside its PDF."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import Q

# As before, and the file for machines comes with the first drawing as well.
KEPT = """
CREATE OR REPLACE FUNCTION billing_bill_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.pdf = ''
        AND (to_jsonb(NEW) - 'pdf' - 'pdf_sha256' - 'xml' - 'xml_sha256')
            = (to_jsonb(OLD) - 'pdf' - 'pdf_sha256' - 'xml' - 'xml_sha256') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'bill % is issued: a credit note takes it back', OLD.number USING ERRCODE = 'check_violation';
END $$;
"""
KEPT_BEFORE = """
CREATE OR REPLACE FUNCTION billing_bill_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.pdf = '' AND (to_jsonb(NEW) - 'pdf' - 'pdf_sha256') = (to_jsonb(OLD) - 'pdf' - 'pdf_sha256') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'bill % is issued: a credit note takes it back', OLD.number USING ERRCODE = 'check_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0004_local_ways")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="bill",
            name="xml",
            field=models.FileField(blank=True, db_default="", default="", upload_to="bills"),
        ),
        migrations.AddField(
            model_name="bill",
            name="xml_sha256",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="bill",
            constraint=models.CheckConstraint(
                condition=Q(xml="", xml_sha256="") | (~Q(xml="") & ~Q(xml_sha256="") & ~Q(pdf="")),
                name="bill_xml_has_hash_and_pdf",
            ),
        ),
        migrations.RunSQL(KEPT, KEPT_BEFORE),
    ]
