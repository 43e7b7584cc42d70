"""As whom friends have sold before they said something else."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crowd', '0011_simulated_friends'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerSellerProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=70, verbose_name='name or business name')),
                ('street', models.CharField(max_length=70, verbose_name='street and number')),
                ('postal_code', models.CharField(max_length=16, verbose_name='postal code')),
                ('town', models.CharField(max_length=35, verbose_name='town')),
                ('country', models.CharField(max_length=2, verbose_name='country')),
                ('vat_id', models.CharField(blank=True, max_length=20, verbose_name='VAT number')),
                ('is_small_business', models.BooleanField(verbose_name='small business without VAT')),
                ('entered_at', models.DateTimeField()),
                ('friend', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_seller_profiles', to='crowd.friend')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
