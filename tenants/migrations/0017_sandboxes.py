"""A partner's sandbox is a tenant of its own, with a clock of its own."""

from datetime import timedelta

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tenants', '0016_feature_of_the_api'),
    ]

    operations = [
        migrations.AddField(
            model_name='tenant',
            name='clock_ahead',
            field=models.DurationField(db_default=timedelta(0), default=timedelta(0), editable=False),
        ),
        migrations.AddField(
            model_name='tenant',
            name='sandbox_of',
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sandbox', to='tenants.tenant'),
        ),
        migrations.AddConstraint(
            model_name='tenant',
            constraint=models.CheckConstraint(condition=models.Q(('sandbox_of', None), ('overflows', False), _connector='OR'), name='tenant_sandbox_asks_nobody_else'),
        ),
        migrations.AddConstraint(
            model_name='tenant',
            constraint=models.CheckConstraint(condition=models.Q(('clock_ahead', timedelta(0)), models.Q(('clock_ahead__gt', timedelta(0)), ('sandbox_of__isnull', False)), _connector='OR'), name='tenant_clock_of_a_sandbox_goes_ahead'),
        ),
        migrations.AlterField(
            model_name='operation',
            name='kind',
            field=models.CharField(choices=[('create', 'Creation'), ('export', 'Export'), ('import', 'Import'), ('delete', 'Deletion'), ('sandbox', 'Sandbox')], max_length=10),
        ),
    ]
