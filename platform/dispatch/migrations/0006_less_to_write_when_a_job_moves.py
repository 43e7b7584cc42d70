"""A job moves often and its row changes each time: what every move had to write besides is taken off it."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

# The condition is looked at without calling the function, which is left for the moves that it refuses.
ENDED = """
CREATE OR REPLACE TRIGGER dispatch_job_stays_ended BEFORE UPDATE OF state ON dispatch_job
    FOR EACH ROW WHEN (OLD.state IN ('done', 'cancelled') AND NEW.state <> OLD.state)
    EXECUTE FUNCTION dispatch_job_stays_ended();
"""
ALWAYS_ASKED = """
CREATE OR REPLACE TRIGGER dispatch_job_stays_ended BEFORE UPDATE OF state ON dispatch_job
    FOR EACH ROW EXECUTE FUNCTION dispatch_job_stays_ended();
"""


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("crowd", "0004_who_blocked"),
        ("dispatch", "0005_questions_and_other_times"),
        ("places", "0002_postal_codes_around"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="job",
            index=models.Index(fields=["country", "postal_code", "created_at"], name="job_of_place"),
        ),
        RemoveIndexConcurrently(model_name="job", name="job_near"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="job",
                    name="friend",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="jobs",
                        to="crowd.friend",
                    ),
                ),
                migrations.AlterField(
                    model_name="job",
                    name="follows",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dispatch.job",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="job",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(("follows__isnull", False)), fields=("follows",), name="job_followed_once"
                    ),
                ),
            ],
            database_operations=[
                # Nearly no job follows another.
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY job_followed_once ON dispatch_job (follows_id)"
                    " WHERE follows_id IS NOT NULL",
                    "DROP INDEX CONCURRENTLY job_followed_once",
                ),
                migrations.RunSQL(
                    "ALTER TABLE dispatch_job DROP CONSTRAINT IF EXISTS dispatch_job_follows_id_key",
                    "ALTER TABLE dispatch_job ADD CONSTRAINT dispatch_job_follows_id_key UNIQUE (follows_id)",
                ),
                # job_of_friend begins with the same column.
                migrations.RunSQL(
                    "DROP INDEX CONCURRENTLY IF EXISTS dispatch_job_friend_id_c8399d14",
                    "CREATE INDEX CONCURRENTLY dispatch_job_friend_id_c8399d14 ON dispatch_job (friend_id)",
                ),
            ],
        ),
        migrations.RunSQL(ENDED, ALWAYS_ASKED),
    ]
