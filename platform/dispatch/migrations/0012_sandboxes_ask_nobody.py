"""No friend is asked about a job of a sandbox, and no simulated friend about any other."""

from django.db import migrations

APART = """
CREATE FUNCTION dispatch_offer_keeps_sandboxes_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT f.simulated_for FROM public.crowd_friend f WHERE f.id = NEW.friend_id) IS DISTINCT FROM
       (SELECT t.id FROM public.dispatch_job j JOIN public.tenants_tenant t ON t.id = j.tenant_id
         WHERE j.id = NEW.job_id AND t.sandbox_of_id IS NOT NULL) THEN
        RAISE EXCEPTION 'friend % is not asked about job %', NEW.friend_id, NEW.job_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'dispatch_offer_keeps_sandboxes_apart';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER dispatch_offer_keeps_sandboxes_apart BEFORE INSERT ON dispatch_offer
    FOR EACH ROW EXECUTE FUNCTION dispatch_offer_keeps_sandboxes_apart();
"""
TOGETHER = """
DROP TRIGGER dispatch_offer_keeps_sandboxes_apart ON dispatch_offer;
DROP FUNCTION dispatch_offer_keeps_sandboxes_apart();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('dispatch', '0011_left_out_as_seller'),
        ('crowd', '0011_simulated_friends'),
    ]

    operations = [migrations.RunSQL(APART, TOGETHER)]
