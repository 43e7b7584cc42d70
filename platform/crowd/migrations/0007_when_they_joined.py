from typing import ClassVar

from django.db import migrations, models

import kernel.clock


class Migration(migrations.Migration):
    dependencies: ClassVar = [("crowd", "0006_how_friends_travel")]

    operations: ClassVar = [
        migrations.AlterField("friend", "joined_at", models.DateTimeField(default=kernel.clock.now)),
    ]
