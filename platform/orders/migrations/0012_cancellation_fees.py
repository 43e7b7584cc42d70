"""What cancelling costs, as it was agreed at booking, and what a customer owes who has cancelled."""

from typing import ClassVar

from django.db import migrations, models
from django.db.models import F, Q, Value

AGREED = """
CREATE FUNCTION orders_fees_stay_as_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the cancellation fees of order % were agreed at booking', OLD.uuid
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER orders_fees_stay_as_agreed BEFORE UPDATE OF cancellation_fees ON orders_order
    FOR EACH ROW WHEN (OLD.cancellation_fees IS DISTINCT FROM NEW.cancellation_fees)
    EXECUTE FUNCTION orders_fees_stay_as_agreed();
"""
NOT_AGREED = """
DROP TRIGGER orders_fees_stay_as_agreed ON orders_order;
DROP FUNCTION orders_fees_stay_as_agreed();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orders", "0011_commission_version")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="order",
            name="cancellation_fees",
            field=models.JSONField(blank=True, db_default=Value([], models.JSONField()), default=list),
        ),
        migrations.AddField(
            model_name="order",
            name="cancellation_fee_minor",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=Q(cancellation_fee_minor=0)
                | Q(state="cancelled", cancellation_fee_minor__lte=F("price_minor")),
                name="order_fee_once_cancelled",
            ),
        ),
        migrations.RunSQL(AGREED, NOT_AGREED),
    ]
