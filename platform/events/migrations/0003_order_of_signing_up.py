"""The order of the waiting list is a number, so that two who come at one moment are one after the other."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("events", "0002_seats_are_counted")]

    operations = [
        migrations.AddField(
            model_name="signup",
            name="number",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
