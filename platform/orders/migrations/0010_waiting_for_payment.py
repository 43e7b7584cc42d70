"""An order may wait for its payment."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("orders", "0009_hidden_texts")]

    operations = [
        migrations.AlterField(
            model_name="order",
            name="state",
            field=models.CharField(choices=[("draft", "Draft"), ("paying", "Waiting for payment"), ("searching", "Looking for a friend"), ("accepted", "Friend found"), ("contacted", "In contact"), ("scheduled", "Appointment confirmed"), ("escalated", "A pro is needed"), ("done", "Work done"), ("confirmed", "Completed"), ("unfilled", "Nobody found yet"), ("cancelled", "Cancelled")], default="draft", max_length=10, verbose_name="state"),
        ),
    ]
