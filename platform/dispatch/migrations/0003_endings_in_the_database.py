"""What has ended stays ended, and nobody is owed for an unreachable customer before enough was tried (R15, R17)."""

from django.db import migrations

# An accept that arrives in the same millisecond as the cancellation finds a job that cannot be had any more.
ENDED = """
CREATE FUNCTION dispatch_job_stays_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('done', 'cancelled') AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'job % has ended and cannot become %', OLD.id, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_job_stays_ended BEFORE UPDATE OF state ON dispatch_job
    FOR EACH ROW EXECUTE FUNCTION dispatch_job_stays_ended();
"""
NOT_ENDED = """
DROP TRIGGER dispatch_job_stays_ended ON dispatch_job;
DROP FUNCTION dispatch_job_stays_ended();
"""
# The same rule as dispatch.effort: five attempts, two channels, 24 hours from the first to the last.
EFFORT = """
CREATE FUNCTION dispatch_owed_needs_attempts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.why <> 'unreachable' OR EXISTS (
        SELECT 1
          FROM dispatch_contactattempt a JOIN dispatch_job j ON j.id = a.job_id AND j.search = a.search
         WHERE a.job_id = NEW.job_id
        HAVING count(*) >= 5 AND count(DISTINCT a.channel) >= 2 AND max(a.at) - min(a.at) >= interval '24 hours'
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'too little was tried to reach the customer of job %', NEW.job_id
        USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER dispatch_owed_needs_attempts BEFORE INSERT ON dispatch_owed
    FOR EACH ROW EXECUTE FUNCTION dispatch_owed_needs_attempts();
"""
NO_EFFORT = """
DROP TRIGGER dispatch_owed_needs_attempts ON dispatch_owed;
DROP FUNCTION dispatch_owed_needs_attempts();
"""


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0002_crowd_and_dispatch")]

    operations = [
        migrations.RunSQL(ENDED, NOT_ENDED),
        migrations.RunSQL(EFFORT, NO_EFFORT),
    ]
