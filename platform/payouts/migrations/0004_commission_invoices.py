"""Invoices for the commission to friends who sell in their own name."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payouts', '0003_transfers'),
    ]

    operations = [
        migrations.CreateModel(
            name='CommissionSeries',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='CommissionInvoice',
            fields=[
                ('payout', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='commission_invoice', serialize=False, to='payouts.payout')),
                ('number', models.CharField(max_length=40, unique=True)),
                ('issued_on', models.DateField()),
                ('issuer', models.JSONField()),
                ('buyer', models.JSONField()),
                ('lines', models.JSONField()),
                ('currency', models.CharField(max_length=3)),
                ('net_minor', models.BigIntegerField()),
                ('vat_minor', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('currency__in', ('CHF', 'EUR', 'PLN'))), name='payouts_invoice_currency')],
            },
        ),
    ]
