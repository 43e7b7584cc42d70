"""Test cards pay at a till of the sandboxes' own."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('stripe_gateway', '0006_tips'),
    ]

    operations = [
        migrations.AlterField(
            model_name='cardpayment',
            name='provider',
            field=models.CharField(choices=[('stripe', 'Stripe'), ('sumup', 'SumUp'), ('sandbox', 'Sandbox')], db_default='stripe', default='stripe', max_length=8),
        ),
    ]
