"""Answers of a key are found by the index of their constraint; the key's own made the planner read all of them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("developers", "0005_more_scopes"),
    ]

    operations = [
        migrations.AlterField(
            model_name="keptanswer",
            name="key",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="developers.key"
            ),
        ),
    ]
