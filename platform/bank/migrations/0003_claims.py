"""Open invoices of all partners, and the reminders of them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('bank', '0002_statements'),
    ]

    operations = [
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('tenant_id', models.IntegerField()),
                ('order_id', models.UUIDField()),
                ('number', models.CharField(max_length=80)),
                ('debtor', models.CharField(max_length=120)),
                ('country', models.CharField(max_length=2)),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.PositiveBigIntegerField()),
                ('fees_minor', models.PositiveBigIntegerField(default=0)),
                ('issued_on', models.DateField()),
                ('due_on', models.DateField()),
                ('reminders_sent', models.PositiveSmallIntegerField(default=0)),
                ('decide_on', models.DateField(null=True)),
                ('state', models.CharField(choices=[('open', 'Open'), ('written_off', 'Written off'), ('paid', 'Paid'), ('taken_back', 'Taken back')], default='open', max_length=11)),
                ('written_off_minor', models.PositiveBigIntegerField(default=0)),
                ('written_off_at', models.DateTimeField(null=True)),
                ('written_off_by', models.CharField(blank=True, max_length=254)),
                ('why', models.CharField(blank=True, max_length=500)),
                ('recovered_minor', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.PositiveSmallIntegerField()),
                ('sent_at', models.DateTimeField()),
                ('sent_on', models.DateField()),
                ('pay_by', models.DateField()),
                ('fee_minor', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(fields=['state', 'due_on'], name='claim_by_state'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'written_off'])), fields=('tenant_id', 'order_id'), name='claim_one_of_an_order'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('why', ''), ('written_off_at__isnull', True), ('written_off_minor', 0)), models.Q(('written_off_at__isnull', False), ('written_off_minor__gt', 0), models.Q(('why', ''), _negated=True)), _connector='OR'), name='claim_write_off_says_why'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'written_off'), _negated=True), ('written_off_minor__gt', 0), _connector='OR'), name='claim_written_off_is_some'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('recovered_minor__lte', models.F('written_off_minor'))), name='claim_recovers_what_was_written_off'),
        ),
        migrations.AddConstraint(
            model_name='claim',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='claim_is_of_something'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='bank.claim'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('claim', 'step'), name='reminder_once_a_step'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(('step__gte', 1)), name='reminder_steps_from_one'),
        ),
    ]
