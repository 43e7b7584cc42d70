"""One more reason for which a friend is left out; the column stays as it is."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0010_left_out_for_cash'),
    ]

    operations = [
        migrations.AlterField(
            model_name='considered',
            name='left_out',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('asked', 'Was asked before'), ('blocked', 'Partner and friend do not work together'), ('not_active', 'Is not active'), ('under_age', 'Is under 18'), ('skill', 'Lacks a skill or certificate that the package needs'), ('pro', 'The job is for pros'), ('language', 'Speaks no language of the customer'), ('reach', 'Lives farther away than the partner allows'), ('radius', 'Lives outside their own radius'), ('paused', 'Has paused'), ('not_free', 'Is not available at any of the preferred times'), ('busy', 'Has as many open jobs as allowed'), ('cash', 'Has more cash of customers than the limit'), ('seller', 'Has not said as whom they sell in this country')], max_length=20), default=list, size=None),
        ),
    ]
