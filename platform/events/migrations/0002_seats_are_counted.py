"""Seats are counted where they are taken and given back, so that no code can give one too many."""

from django.db import migrations

COUNT = """
CREATE FUNCTION events_count_seats() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state = 'going' THEN
        UPDATE events_event SET seats_taken = seats_taken - 1 WHERE id = OLD.event_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 'going' THEN
        UPDATE events_event SET seats_taken = seats_taken + 1 WHERE id = NEW.event_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER events_count_seats AFTER INSERT OR DELETE OR UPDATE OF state, event_id ON events_signup
    FOR EACH ROW EXECUTE FUNCTION events_count_seats();
"""
NO_COUNT = """
DROP TRIGGER events_count_seats ON events_signup;
DROP FUNCTION events_count_seats();
"""


class Migration(migrations.Migration):
    """The trigger of the sign-ups."""

    dependencies = [("events", "0001_initial")]

    operations = [migrations.RunSQL(COUNT, NO_COUNT)]
