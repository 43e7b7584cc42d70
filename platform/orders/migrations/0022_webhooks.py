"""An order that comes into another state is told to every endpoint that wants to know, in the same transaction."""

from django.db import migrations

TELL = """
CREATE FUNCTION orders_tell_endpoints() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.outbox_message (key, topic, tenant_id, reference, created_at, due_at, attempts, last_error)
    SELECT 'webhook:' || endpoint.uuid || ':' || NEW.id, 'webhook', endpoint.tenant_id,
           jsonb_build_object('endpoint', endpoint.uuid, 'event', NEW.id), NEW.at, NEW.at, 0, ''
      FROM developers_endpoint endpoint
     WHERE endpoint.ended_at IS NULL AND endpoint.paused_at IS NULL AND NEW.to_state = ANY (endpoint.states)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER orders_tell_endpoints AFTER INSERT ON orders_orderevent
    FOR EACH ROW WHEN (NEW.to_state <> '' AND NEW.to_state <> NEW.from_state)
    EXECUTE FUNCTION orders_tell_endpoints();
"""
TELL_NOBODY = """
DROP TRIGGER orders_tell_endpoints ON orders_orderevent;
DROP FUNCTION orders_tell_endpoints();
"""


class Migration(migrations.Migration):

    dependencies = [("orders", "0021_fed_orders"), ("developers", "0002_endpoints"), ("outbox", "0001_initial")]

    operations = [migrations.RunSQL(TELL, TELL_NOBODY)]
