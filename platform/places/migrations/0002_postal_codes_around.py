from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("places", "0001_initial"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="postalcode",
            index=models.Index(fields=["latitude", "longitude"], name="postal_code_at"),
        ),
    ]
