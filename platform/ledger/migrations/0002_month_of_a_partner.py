"""An index for a partner's month, built beside the running books."""

from typing import ClassVar

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies: ClassVar = [("ledger", "0001_books")]

    operations: ClassVar = [
        AddIndexConcurrently(
            model_name="transaction",
            index=models.Index(fields=["tenant_id", "booked_on"], name="ledger_of_partner"),
        ),
    ]
