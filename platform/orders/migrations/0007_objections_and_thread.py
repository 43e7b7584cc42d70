"""Objections of customers, the thread of customer and friend, and what no code can get around when a job is closed."""

import django.db.models.deletion
from django.db import migrations, models

# The day is the partner's, which this schema does not know: 24 hours before the agreed time are never too strict.
EARLY = """
CREATE FUNCTION orders_report_says_why() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM orders_appointment a
                    WHERE a.order_id = NEW.order_id AND a.state = 'agreed'
                      AND a.starts_at < NEW.created_at + interval '24 hours') THEN
        RAISE EXCEPTION 'order % is closed before the agreed day without a reason', NEW.order_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_report_says_why BEFORE INSERT ON orders_report
    FOR EACH ROW WHEN (NEW.why_now = '') EXECUTE FUNCTION orders_report_says_why();
"""
NOT_EARLY = """
DROP TRIGGER orders_report_says_why ON orders_report;
DROP FUNCTION orders_report_says_why();
"""
CONTACT = """
CREATE FUNCTION orders_done_after_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'order % is closed before its customer was contacted', NEW.uuid USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER orders_done_after_contact BEFORE UPDATE OF state ON orders_order
    FOR EACH ROW WHEN (NEW.state = 'done' AND OLD.state NOT IN ('contacted', 'scheduled', 'escalated', 'done'))
    EXECUTE FUNCTION orders_done_after_contact();
"""
NO_CONTACT = """
DROP TRIGGER orders_done_after_contact ON orders_order;
DROP FUNCTION orders_done_after_contact();
"""
OBJECTED = """
CREATE FUNCTION orders_objection_stops_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM orders_objection o WHERE o.order_id = NEW.id AND o.closed_at IS NULL) THEN
        RAISE EXCEPTION 'order % is not done, its customer says', NEW.uuid USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_objection_stops_confirmation BEFORE UPDATE OF state ON orders_order
    FOR EACH ROW WHEN (NEW.state = 'confirmed' AND OLD.state <> 'confirmed')
    EXECUTE FUNCTION orders_objection_stops_confirmation();
"""
NOT_OBJECTED = """
DROP TRIGGER orders_objection_stops_confirmation ON orders_order;
DROP FUNCTION orders_objection_stops_confirmation();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0006_waiting_list'),
    ]

    operations = [
        migrations.AddField(
            model_name='report',
            name='why_now',
            field=models.CharField(blank=True, db_default='', max_length=300),
        ),
        migrations.AlterField(
            model_name='order',
            name='attention',
            field=models.CharField(blank=True, choices=[('', 'Nothing'), ('nobody_found', 'Nobody found'), ('contact_overdue', 'Friend has not made contact in time'), ('no_show', 'Somebody was not there at the agreed time'), ('unreachable', 'The customer cannot be reached'), ('low_rating', 'Low rating'), ('handover_lapsed', 'The customer has not said whether a pro may come'), ('pro_wanted', 'The friend asks for a pro, but there is none nearby'), ('not_done', 'The customer says that the work is not done')], default='', max_length=20, verbose_name='needs attention'),
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=1000)),
                ('opened_at', models.DateTimeField()),
                ('returns_at', models.DateTimeField(null=True)),
                ('outcome', models.CharField(blank=True, choices=[('mended', 'The friend has done the rest'), ('withdrawn', 'The customer says that it is done after all'), ('stands', 'The work counts as done'), ('refund', 'Closed with a refund')], max_length=20)),
                ('answer', models.CharField(blank=True, max_length=1000)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.CharField(blank=True, max_length=200)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='objections', to='orders.order')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('order',), name='objection_one_open_an_order'), models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='objection_says_what'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('outcome', '')), models.Q(('closed_at__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='objection_closed_with_outcome')],
            },
        ),
        migrations.CreateModel(
            name='ThreadMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('friend_id', models.UUIDField()),
                ('side', models.CharField(choices=[('customer', 'Customer'), ('friend', 'Friend'), ('manager', 'Community manager'), ('system', 'Quartett')], max_length=8)),
                ('who', models.CharField(max_length=121)),
                ('words', models.TextField(blank=True, max_length=2000)),
                ('photo', models.ImageField(blank=True, upload_to='thread')),
                ('written_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='thread', to='orders.order')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('photo', ''), ('words', ''), _negated=True), name='thread_message_says_something'), models.CheckConstraint(condition=models.Q(('side__in', ['customer', 'friend'])), name='thread_message_of_the_two')],
            },
        ),
        migrations.RunSQL(EARLY, NOT_EARLY),
        migrations.RunSQL(CONTACT, NO_CONTACT),
        migrations.RunSQL(OBJECTED, NOT_OBJECTED),
    ]
