"""What of an order the partner bears from its booking on, and by which voucher."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0006_vouchers'),
        ('orders', '0017_signature'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='covered_minor',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='order',
            name='voucher_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=20, verbose_name='voucher'),
        ),
        migrations.CreateModel(
            name='Redemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('customer', models.CharField(max_length=254)),
                ('amount_minor', models.PositiveIntegerField()),
                ('taken_at', models.DateTimeField()),
                ('returned_at', models.DateTimeField(null=True)),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='redemption', to='orders.order')),
                ('voucher', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redemptions', to='catalog.voucher')),
            ],
            options={
                'indexes': [models.Index(fields=['customer'], name='redemption_of_customer')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_minor__gte', 1)), name='redemption_is_something')],
            },
        ),
    ]
