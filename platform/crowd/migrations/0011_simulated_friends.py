"""Friends who are nobody: in a sandbox's community are its simulated friends and nobody else, and they are nowhere else.

The search walks the candidates of one community, which are derived from its members; so it stays as it is.
"""

from django.db import migrations, models

APART = """
CREATE FUNCTION crowd_membership_keeps_sandboxes_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT f.simulated_for FROM public.crowd_friend f WHERE f.id = NEW.friend_id) IS DISTINCT FROM
       (SELECT t.id FROM public.tenants_tenant t WHERE t.id = NEW.community AND t.sandbox_of_id IS NOT NULL) THEN
        RAISE EXCEPTION 'friend % has no place in community %', NEW.friend_id, NEW.community
            USING ERRCODE = 'check_violation', CONSTRAINT = 'crowd_membership_keeps_sandboxes_apart';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER crowd_membership_keeps_sandboxes_apart BEFORE INSERT OR UPDATE ON crowd_membership
    FOR EACH ROW EXECUTE FUNCTION crowd_membership_keeps_sandboxes_apart();
CREATE FUNCTION crowd_friend_stays_simulated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'friend % stays who they are', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'crowd_friend_stays_simulated';
END $$;
CREATE TRIGGER crowd_friend_stays_simulated BEFORE UPDATE OF simulated_for ON crowd_friend
    FOR EACH ROW WHEN (OLD.simulated_for IS DISTINCT FROM NEW.simulated_for)
    EXECUTE FUNCTION crowd_friend_stays_simulated();
"""
TOGETHER = """
DROP TRIGGER crowd_membership_keeps_sandboxes_apart ON crowd_membership;
DROP FUNCTION crowd_membership_keeps_sandboxes_apart();
DROP TRIGGER crowd_friend_stays_simulated ON crowd_friend;
DROP FUNCTION crowd_friend_stays_simulated();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('crowd', '0010_friends_who_sell'),
        ('tenants', '0017_sandboxes'),
    ]

    operations = [
        migrations.AddField(
            model_name='friend',
            name='simulated_for',
            field=models.PositiveIntegerField(editable=False, null=True),
        ),
        migrations.RunSQL(APART, TOGETHER),
    ]
