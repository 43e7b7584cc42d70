"""An order names the row of the table of commissions by which it was split."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("orders", "0010_waiting_for_payment")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="commission_version",
            field=models.UUIDField(editable=False, null=True),
        ),
    ]
