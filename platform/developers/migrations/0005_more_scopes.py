"""Keys may read events, sign guests and subscribers up, and manage endpoints; of the database nothing changes."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("developers", "0004_replay_and_versions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="key",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("catalogue:read", "Read packages, prices and coverage"),
                        ("orders:read", "Read orders and what happens with them"),
                        ("orders:write", "Place, change and cancel orders"),
                        ("events:read", "Read public events"),
                        ("events:write", "Sign guests up for public events"),
                        ("webhooks:manage", "Manage webhook endpoints"),
                        ("newsletter:write", "Sign customers up for the newsletter"),
                    ],
                    max_length=30,
                ),
                size=None,
                verbose_name="scopes",
            ),
        ),
    ]
