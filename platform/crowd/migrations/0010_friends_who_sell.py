"""Friends who sell in their own name, and a search that leaves out who cannot where they would have to.

The functions get one argument more and stand beside those of before, which processes of the last release still call.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models


before = import_module("crowd.migrations.0008_only_cashless_jobs")


def asking_seller(function: str) -> str:
    """Return a function of the search that knows in which country the friend is to be the seller."""
    return (
        before.asking_cash(function)
        .replace("p_cash_in varchar, p_count", "p_cash_in varchar, p_sells_in varchar, p_count")
        .replace("(f.cashless_in))\n", "(f.cashless_in))\n       AND (p_sells_in = '' OR f.sells_in = p_sells_in)\n")
    )


def drop(name: str) -> str:
    """Return the words that drop the function with the argument, and leave those without it."""
    return before.drop(name).replace("varchar, integer)", "varchar, varchar, integer)")


class Migration(migrations.Migration):

    dependencies = [
        ('crowd', '0009_cash_limit_is_near'),
    ]

    operations = [
        migrations.AddField(
            model_name='friend',
            name='sells_in',
            field=models.CharField(blank=True, db_default='', default='', max_length=2),
        ),
        migrations.CreateModel(
            name='SellerProfile',
            fields=[
                ('friend', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='seller_profile', serialize=False, to='crowd.friend')),
                ('name', models.CharField(max_length=70, verbose_name='name or business name')),
                ('street', models.CharField(max_length=70, verbose_name='street and number')),
                ('postal_code', models.CharField(max_length=16, verbose_name='postal code')),
                ('town', models.CharField(max_length=35, verbose_name='town')),
                ('country', models.CharField(max_length=2, verbose_name='country')),
                ('vat_id', models.CharField(blank=True, max_length=20, verbose_name='VAT number')),
                ('is_small_business', models.BooleanField(verbose_name='small business without VAT')),
                ('agreed_at', models.DateTimeField()),
                ('entered_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('street', ''), _negated=True), models.Q(('postal_code', ''), _negated=True), models.Q(('town', ''), _negated=True)), name='seller_profile_is_whole'), models.CheckConstraint(condition=models.Q(('is_small_business', True), models.Q(('vat_id', ''), _negated=True), _connector='OR'), name='seller_profile_says_of_vat')],
            },
        ),
        migrations.RunSQL(asking_seller(before.before.ELIGIBLE), drop("crowd_eligible")),
        migrations.RunSQL(asking_seller(before.before.NEWCOMERS), drop("crowd_eligible_newcomers")),
    ]
