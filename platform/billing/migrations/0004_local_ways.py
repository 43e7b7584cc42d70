"""Whatever is paid online is paid before its order is released, by card or in a way of the country."""

from typing import ClassVar

from django.db import migrations

WAYS = "('card', 'twint', 'blik', 'p24', 'eps', 'sepa_debit')"
OF_ALL = f"""
CREATE FUNCTION billing_online_is_paid_before_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM billing_payment p
                    WHERE p.order_id = NEW.id AND p.method = NEW.payment_method AND p.state = 'paid') THEN
        RAISE EXCEPTION 'order % is released before its payment', NEW.uuid USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER billing_online_is_paid_before_release BEFORE UPDATE OF state ON orders_order
    FOR EACH ROW WHEN (OLD.state IN ('draft', 'paying') AND NEW.state NOT IN ('draft', 'paying', 'cancelled')
                       AND NEW.payment_method IN {WAYS})
    EXECUTE FUNCTION billing_online_is_paid_before_release();
DROP TRIGGER billing_card_is_paid_before_release ON orders_order;
DROP FUNCTION billing_card_is_paid_before_release();
"""
OF_CARDS = """
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
DROP TRIGGER billing_online_is_paid_before_release ON orders_order;
DROP FUNCTION billing_online_is_paid_before_release();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("billing", "0003_bills"), ("orders", "0010_waiting_for_payment")]

    operations: ClassVar = [migrations.RunSQL(OF_ALL, OF_CARDS)]
