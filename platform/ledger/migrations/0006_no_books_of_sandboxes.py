"""Nothing of a sandbox is booked: neither it nor those who answer in it have an account."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION public.ledger_account_is_somebodys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM public.tenants_tenant t WHERE t.id = NEW.tenant_id AND t.sandbox_of_id IS NOT NULL)
       OR EXISTS (SELECT 1 FROM public.crowd_friend f WHERE f.id = NEW.friend_id AND f.simulated_for IS NOT NULL) THEN
        RAISE EXCEPTION 'nothing of a sandbox is booked'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_account_is_somebodys';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_account_is_somebodys BEFORE INSERT ON public.ledger_account
    FOR EACH ROW EXECUTE FUNCTION public.ledger_account_is_somebodys();
"""
TAKE = """
DROP TRIGGER ledger_account_is_somebodys ON public.ledger_account;
DROP FUNCTION public.ledger_account_is_somebodys();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0005_provider_took_back'),
        ('crowd', '0011_simulated_friends'),
    ]

    operations = [migrations.RunSQL(REFUSE, TAKE)]
