"""No invoice for the commission is deleted before the shortest period of any country may be over (places.retention)."""

from django.db import migrations

STAYS = """
CREATE FUNCTION payouts_invoice_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.issued_on >= now() - interval '5 years' THEN
        RAISE EXCEPTION 'invoice % has to be kept', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER payouts_invoice_stays BEFORE DELETE ON payouts_commissioninvoice
    FOR EACH ROW EXECUTE FUNCTION payouts_invoice_stays();
"""
GOES = """
DROP TRIGGER payouts_invoice_stays ON payouts_commissioninvoice;
DROP FUNCTION payouts_invoice_stays();
"""


class Migration(migrations.Migration):

    dependencies = [("payouts", "0004_commission_invoices")]

    operations = [migrations.RunSQL(STAYS, GOES)]
