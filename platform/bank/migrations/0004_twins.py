"""What tells the same payment in files of two kinds. The index is built while the table is written to."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False
    dependencies = [("bank", "0003_claims")]

    operations = [
        migrations.AddField(
            model_name='bankpayment',
            name='kind',
            field=models.CharField(choices=[('camt', 'camt.053'), ('mt940', 'MT940')], db_default='camt', default='camt', max_length=5),
        ),
        migrations.AddField(
            model_name='bankpayment',
            name='twin',
            field=models.CharField(blank=True, db_default='', max_length=80),
        ),
        AddIndexConcurrently(
            model_name='bankpayment',
            index=models.Index(condition=models.Q(('twin', ''), _negated=True), fields=['twin'], name='bank_payment_twin'),
        ),
    ]
