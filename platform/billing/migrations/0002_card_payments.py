"""Refunds, and what no code can get around: an order that is paid by card is not released before the money is there."""

from django.db import migrations, models
from django.db.models import F, Q

PAID_FIRST = """
CREATE FUNCTION billing_card_is_paid_before_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM billing_payment p
                    WHERE p.order_id = NEW.id AND p.method = 'card' AND p.state = 'paid') THEN
        RAISE EXCEPTION 'order % is released before its card payment', NEW.uuid USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER billing_card_is_paid_before_release BEFORE UPDATE OF state ON orders_order
    FOR EACH ROW WHEN (OLD.state IN ('draft', 'paying') AND NEW.state NOT IN ('draft', 'paying', 'cancelled')
                       AND NEW.payment_method = 'card')
    EXECUTE FUNCTION billing_card_is_paid_before_release();
"""
NOT_FIRST = """
DROP TRIGGER billing_card_is_paid_before_release ON orders_order;
DROP FUNCTION billing_card_is_paid_before_release();
"""


class Migration(migrations.Migration):

    dependencies = [("billing", "0001_initial"), ("orders", "0010_waiting_for_payment")]

    operations = [
        migrations.AlterField(
            model_name="payment",
            name="state",
            field=models.CharField(
                choices=[
                    ("due_on_site", "To be paid on site"),
                    ("to_invoice", "To be invoiced"),
                    ("waiting", "Waiting for payment"),
                    ("paid", "Paid"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="payment", name="refund_minor", field=models.PositiveIntegerField(db_default=0, default=0)
        ),
        migrations.AddField(model_name="payment", name="refunded_at", field=models.DateTimeField(null=True)),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=Q(refund_minor=0) | Q(state="paid", refund_minor__lte=F("amount_minor")),
                name="payment_refund_within",
            ),
        ),
        migrations.RunSQL(PAID_FIRST, NOT_FIRST),
    ]
