"""What a partner pays is never more than the fee, nor less than it has said, as long as the order holds."""

import django.db.models.functions.comparison
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('catalog', '0006_vouchers'),
        ('orders', '0022_webhooks'),
    ]

    operations = [
        # Each step is committed by itself: after one that failed, all of them can be run again.
        *(
            migrations.RunSQL(f"ALTER TABLE orders_order DROP CONSTRAINT IF EXISTS {name}", migrations.RunSQL.noop)
            for name in ('order_partner_pays_within_fee', 'order_partner_bears_what_was_said')
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('cancellation_fee_minor', 0), ('partner_pays_minor__lte', models.F('cancellation_fee_minor')), _connector='OR'), name='order_partner_pays_within_fee'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), ('partner_pays_minor__gte', django.db.models.functions.comparison.Least(models.F('covered_minor'), models.F('price_minor'))), _connector='OR'), models.Q(('voucher_code', ''), ('covered_minor__gte', 1), _connector='OR')), name='order_partner_bears_what_was_said'),
        ),
        ValidateConstraint('order', 'order_partner_pays_within_fee'),
        ValidateConstraint('order', 'order_partner_bears_what_was_said'),
    ]
