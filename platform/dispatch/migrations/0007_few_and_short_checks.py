"""Few and short checks: PostgreSQL parses all checks of a table for each statement that writes to it."""

from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models
from django.db.models.functions import Least
from django.db.models.lookups import GreaterThanOrEqual

RECKONED = ("commission_bp", "commission_minor", "friend_minor", "rested_s")


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("dispatch", "0006_less_to_write_when_a_job_moves"),
    ]

    operations = [
        AddConstraintNotValid(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=GreaterThanOrEqual(Least(*RECKONED, output_field=models.IntegerField()), 0), name="job_numbers_not_negative"
            ),
        ),
        ValidateConstraint("job", "job_numbers_not_negative"),
        AddConstraintNotValid(
            model_name="job",
            constraint=models.CheckConstraint(condition=~models.Q(skill_ids=[]), name="job_wants_a_skill"),
        ),
        ValidateConstraint("job", "job_wants_a_skill"),
        migrations.RemoveConstraint("job", "job_needs_a_skill"),
        migrations.AlterField("job", "tenant_id", models.IntegerField()),
        migrations.AlterField("job", "wave", models.SmallIntegerField(default=0)),
        migrations.AlterField("job", "community", models.IntegerField(db_default=0, default=0)),
        migrations.AlterField("job", "search", models.SmallIntegerField(db_default=1, default=1)),
        migrations.AlterField("job", "minutes", models.SmallIntegerField()),
        migrations.AlterField("job", "week", models.IntegerField()),
        migrations.AlterField("job", "rested_s", models.IntegerField(db_default=0, default=0)),
        migrations.AlterField("job", "price_minor", models.IntegerField()),
        migrations.AlterField("job", "commission_minor", models.IntegerField()),
        migrations.AlterField("job", "commission_bp", models.IntegerField()),
        migrations.AlterField("job", "friend_minor", models.IntegerField()),
    ]
