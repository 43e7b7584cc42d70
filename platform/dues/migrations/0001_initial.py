"""Monthly invoices to partners, and what keeps them as they were issued."""

import django.db.models.deletion
import django.db.models.expressions
import uuid
from django.db import migrations, models

KEPT = """
CREATE FUNCTION dues_invoice_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    later text[] := ARRAY['received_minor', 'paid_at', 'pdf', 'pdf_sha256'];
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - later) = (to_jsonb(OLD) - later) AND OLD.pdf IN ('', NEW.pdf) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'invoice % is issued and stays as it is', OLD.number USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER dues_invoice_is_kept BEFORE UPDATE OR DELETE ON dues_partnerinvoice
    FOR EACH ROW EXECUTE FUNCTION dues_invoice_is_kept();
CREATE FUNCTION dues_numbers_rise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.year, NEW.last) = (OLD.year, OLD.last + 1) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the numbers of % rise one by one', OLD.year USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER dues_numbers_rise BEFORE UPDATE OR DELETE ON dues_invoiceyear
    FOR EACH ROW EXECUTE FUNCTION dues_numbers_rise();
"""
NOT_KEPT = """
DROP TRIGGER dues_numbers_rise ON dues_invoiceyear;
DROP FUNCTION dues_numbers_rise();
DROP TRIGGER dues_invoice_is_kept ON dues_partnerinvoice;
DROP FUNCTION dues_invoice_is_kept();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('ledger', '0004_payouts_by_transfer'),
    ]

    operations = [
        migrations.CreateModel(
            name='InvoiceYear',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='PartnerInvoice',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('tenant_id', models.IntegerField()),
                ('month', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('place', models.PositiveIntegerField()),
                ('number', models.CharField(max_length=20, unique=True)),
                ('issued_at', models.DateTimeField()),
                ('issued_on', models.DateField()),
                ('due_on', models.DateField()),
                ('issuer', models.JSONField()),
                ('buyer', models.JSONField()),
                ('language', models.CharField(choices=[('de', 'German'), ('en', 'English'), ('fr', 'French'), ('it', 'Italian'), ('pl', 'Polish')], max_length=2)),
                ('lines', models.JSONField()),
                ('net_minor', models.PositiveBigIntegerField()),
                ('vat_minor', models.PositiveBigIntegerField()),
                ('gross_minor', models.PositiveBigIntegerField()),
                ('reference', models.CharField(blank=True, max_length=27)),
                ('received_minor', models.PositiveBigIntegerField(default=0)),
                ('paid_at', models.DateTimeField(null=True)),
                ('pdf', models.FileField(blank=True, upload_to='dues')),
                ('pdf_sha256', models.CharField(blank=True, max_length=64)),
                ('year', models.ForeignKey(db_column='year', on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='dues.invoiceyear')),
            ],
        ),
        migrations.CreateModel(
            name='BilledEntry',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='billed', serialize=False, to='ledger.entry')),
                ('invoice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='dues.partnerinvoice')),
            ],
        ),
        migrations.AddIndex(
            model_name='partnerinvoice',
            index=models.Index(fields=['-issued_on', 'number'], name='dues_latest'),
        ),
        migrations.AddConstraint(
            model_name='partnerinvoice',
            constraint=models.UniqueConstraint(fields=('tenant_id', 'month', 'currency'), name='dues_once_a_month'),
        ),
        migrations.AddConstraint(
            model_name='partnerinvoice',
            constraint=models.UniqueConstraint(fields=('year', 'place'), name='dues_number_once'),
        ),
        migrations.AddConstraint(
            model_name='partnerinvoice',
            constraint=models.CheckConstraint(condition=models.Q(('gross_minor', django.db.models.expressions.CombinedExpression(models.F('net_minor'), '+', models.F('vat_minor'))), ('gross_minor__gt', 0)), name='dues_figures_add_up'),
        ),
        migrations.AddConstraint(
            model_name='partnerinvoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('pdf', ''), ('pdf_sha256', '')), models.Q(models.Q(('pdf', ''), _negated=True), models.Q(('pdf_sha256', ''), _negated=True)), _connector='OR'), name='dues_pdf_has_hash'),
        ),
        migrations.AddConstraint(
            model_name='partnerinvoice',
            constraint=models.CheckConstraint(condition=models.Q(('paid_at__isnull', True), ('received_minor__gte', models.F('gross_minor')), _connector='OR'), name='dues_paid_is_all'),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
