"""Orders of which the customer pays nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0006_invoiced_on_site'),
    ]

    operations = [
        migrations.AlterField(
            model_name='payment',
            name='state',
            field=models.CharField(choices=[('due_on_site', 'To be paid on site'), ('to_invoice', 'To be invoiced'), ('waiting', 'Waiting for payment'), ('paid', 'Paid'), ('nothing_due', 'Nothing to pay')], max_length=12),
        ),
    ]
