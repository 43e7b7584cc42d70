"""What is kept until when and what was erased; and no report goes before the shortest period may be over."""

from django.db import migrations, models


STAYS = """
CREATE FUNCTION tax_report_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.year >= extract(year FROM now()) - 5 THEN
        RAISE EXCEPTION 'report % has to be kept', OLD.message_ref USING ERRCODE = 'check_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER tax_report_stays BEFORE DELETE ON tax_report FOR EACH ROW EXECUTE FUNCTION tax_report_stays();
"""
GOES = """
DROP TRIGGER tax_report_stays ON tax_report;
DROP FUNCTION tax_report_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('tax', '0002_companies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Kept',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record', models.CharField(choices=[('voucher', 'Invoices, receipts, credit notes'), ('order', 'Orders and what was written about them'), ('tax_report', 'Reports to the tax office and tax details'), ('books', 'Books')], max_length=10)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('tenant_id', models.PositiveIntegerField(null=True)),
                ('year', models.PositiveSmallIntegerField()),
                ('count', models.PositiveIntegerField()),
                ('through', models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name='Erased',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record', models.CharField(choices=[('voucher', 'Invoices, receipts, credit notes'), ('order', 'Orders and what was written about them'), ('tax_report', 'Reports to the tax office and tax details'), ('books', 'Books')], max_length=10)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('tenant_id', models.PositiveIntegerField(null=True)),
                ('year', models.PositiveSmallIntegerField()),
                ('count', models.PositiveIntegerField()),
                ('law', models.CharField(max_length=200)),
                ('on', models.DateField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('on', 'record', 'country', 'tenant_id', 'year'), name='tax_erased_once_a_day', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL(STAYS, GOES),
    ]
