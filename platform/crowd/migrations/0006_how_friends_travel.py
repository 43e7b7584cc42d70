"""How a friend goes to customers; who has not said so goes by public transport."""

from django.db import migrations, models

from kernel.travel import Mode


class Migration(migrations.Migration):
    """One column with a default in the database."""

    dependencies = [("crowd", "0005_search_looks_at_exceptions_last")]

    operations = [
        migrations.AddField(
            model_name="friend",
            name="travel_mode",
            field=models.CharField(
                choices=Mode.choices, db_default="transit", default="transit", max_length=10, verbose_name="way of going"
            ),
        ),
    ]
