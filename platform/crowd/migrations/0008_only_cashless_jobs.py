"""Who holds too much of customers' cash is left out of the search for jobs that are paid in cash.

The functions get one argument more and stand beside those of before, which processes of the last release still call.
"""

from importlib import import_module

import django.contrib.postgres.fields
from django.db import migrations, models

before = import_module("crowd.migrations.0005_search_looks_at_exceptions_last")

ARGUMENT = "p_exclude uuid[],\n    p_cash_in varchar, p_count integer"


def asking_cash(function: str) -> str:
    """Return a function of the search that knows in which currency the customer pays in cash."""
    return (
        before.better(function)
        .replace("p_exclude uuid[],\n    p_count integer", ARGUMENT)
        .replace("       AND f.is_active\n", "       AND f.is_active\n       AND NOT (p_cash_in = ANY(f.cashless_in))\n")
    )


def drop(name: str) -> str:
    """Return the words that drop the function with the argument, and leave that without it."""
    return f"""DROP FUNCTION {name}(integer, bigint, integer, cube, float8, date, date, timestamptz, date[], integer[],
        integer[], varchar[], boolean, integer, integer[], integer[], uuid[], varchar, integer)"""


class Migration(migrations.Migration):

    dependencies = [("crowd", "0007_when_they_joined")]

    operations = [
        migrations.AddField(
            model_name="friend",
            name="cashless_in",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=3), blank=True, db_default=[], default=list, size=None
            ),
        ),
        migrations.AddConstraint(
            model_name="friend",
            constraint=models.CheckConstraint(
                condition=models.Q(("cashless_in__contained_by", ["CHF", "EUR", "PLN"])),
                name="friend_cashless_in_known",
            ),
        ),
        migrations.RunSQL(asking_cash(before.ELIGIBLE), drop("crowd_eligible")),
        migrations.RunSQL(asking_cash(before.NEWCOMERS), drop("crowd_eligible_newcomers")),
    ]
