"""Who of partner and friend does not want the other; what is there was said by partners."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column with a default in the database."""

    dependencies = [("crowd", "0003_search_in_the_database")]

    operations = [
        migrations.AddField(
            model_name="block",
            name="is_by_friend",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
