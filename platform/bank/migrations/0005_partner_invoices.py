"""Payments of partners' invoices."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('bank', '0004_twins'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='bankpayment',
            name='bank_payment_known_has_order',
        ),
        migrations.AddField(
            model_name='bankpayment',
            name='partner_invoice_id',
            field=models.UUIDField(null=True),
        ),
        AddConstraintNotValid(
            model_name='bankpayment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('order_id__isnull', True), ('partner_invoice_id__isnull', True), ('state', 'unknown'), ('tenant_id__isnull', True)), models.Q(models.Q(('state', 'unknown'), _negated=True), ('tenant_id__isnull', False), models.Q(('order_id__isnull', False), ('partner_invoice_id__isnull', False), _connector='XOR')), _connector='OR'), name='bank_payment_known_is_for_something'),
        ),
        ValidateConstraint('bankpayment', 'bank_payment_known_is_for_something'),
    ]
