"""A bill can be deleted once the shortest period of any country may be over (places.retention), and not before."""

from typing import ClassVar

from django.db import migrations

KEPT = """
CREATE OR REPLACE FUNCTION billing_bill_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.issued_on < now() - interval '5 years' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.pdf = ''
        AND (to_jsonb(NEW) - 'pdf' - 'pdf_sha256' - 'xml' - 'xml_sha256')
            = (to_jsonb(OLD) - 'pdf' - 'pdf_sha256' - 'xml' - 'xml_sha256') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'bill % is issued: a credit note takes it back', OLD.number USING ERRCODE = 'check_violation';
END $$;
"""
KEPT_BEFORE = KEPT.replace(
    """    IF TG_OP = 'DELETE' AND OLD.issued_on < now() - interval '5 years' THEN
        RETURN OLD;
    END IF;
""",
    "",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0008_issued_for_a_friend")]

    operations: ClassVar = [migrations.RunSQL(KEPT, KEPT_BEFORE)]
