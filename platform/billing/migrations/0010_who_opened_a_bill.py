"""Who of the operators has opened a bill."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0009_deleted_after_its_period'),
    ]

    operations = [
        migrations.CreateModel(
            name='BillDownload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(max_length=200)),
                ('is_xml', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('bill', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='downloads', to='billing.bill')),
            ],
        ),
    ]
