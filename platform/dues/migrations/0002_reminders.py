"""Reminders of invoices to partners."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dues', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.PositiveSmallIntegerField()),
                ('sent_at', models.DateTimeField()),
                ('sent_on', models.DateField()),
                ('pay_by', models.DateField()),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='dues.partnerinvoice')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('invoice', 'step'), name='dues_reminder_once_a_step'), models.CheckConstraint(condition=models.Q(('step__gte', 1)), name='dues_reminder_steps_from_one')],
            },
        ),
    ]
