"""Packages that the partner pays, and vouchers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0005_pages_version'),
    ]

    operations = [
        migrations.AddField(
            model_name='package',
            name='is_paid_by_partner',
            field=models.BooleanField(db_default=False, default=False, verbose_name='you pay it, not the customer'),
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('kind', models.CharField(choices=[('amount', 'A fixed amount'), ('percent', 'A share of the price')], max_length=7, verbose_name='kind')),
                ('amount_minor', models.PositiveIntegerField(default=0)),
                ('basis_points', models.PositiveIntegerField(default=0)),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('least_price_minor', models.PositiveIntegerField(default=0)),
                ('begins_on', models.DateField(verbose_name='valid from')),
                ('ends_on', models.DateField(null=True, verbose_name='valid until')),
                ('uses', models.PositiveIntegerField(null=True, verbose_name='uses of each code')),
                ('uses_per_customer', models.PositiveIntegerField(null=True, verbose_name='uses of each customer')),
                ('created_at', models.DateTimeField()),
                ('created_by', models.CharField(max_length=254)),
                ('stopped_at', models.DateTimeField(null=True)),
                ('packages', models.ManyToManyField(related_name='+', to='catalog.package', verbose_name='packages')),
            ],
            options={
                'verbose_name': 'voucher campaign',
                'verbose_name_plural': 'vouchers',
            },
        ),
        migrations.CreateModel(
            name='Voucher',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True, verbose_name='code')),
                ('uses', models.PositiveIntegerField(null=True)),
                ('used', models.PositiveIntegerField(default=0)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vouchers', to='catalog.campaign')),
            ],
            options={
                'verbose_name': 'voucher',
                'verbose_name_plural': 'vouchers',
            },
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_minor__gte', 1), ('basis_points', 0), ('kind', 'amount')), models.Q(('amount_minor', 0), ('basis_points__range', (1, 10000)), ('kind', 'percent')), _connector='OR'), name='campaign_is_worth_something'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('begins_on')), _connector='OR'), name='campaign_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('uses', 0), _negated=True), models.Q(('uses_per_customer', 0), _negated=True)), name='campaign_can_be_used'),
        ),
        migrations.AddConstraint(
            model_name='voucher',
            constraint=models.CheckConstraint(condition=models.Q(('uses__isnull', True), ('used__lte', models.F('uses')), _connector='OR'), name='voucher_used_no_more_than_allowed'),
        ),
    ]
