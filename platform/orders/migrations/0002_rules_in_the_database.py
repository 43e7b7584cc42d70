"""Two rules that no code can get around: answers before dispatch (R18), and a log that is only added to."""

from django.db import migrations

ANSWERS = """
CREATE FUNCTION orders_require_answers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE missing text;
BEGIN
    SELECT string_agg(q.key, ', ' ORDER BY q.sort_order) INTO missing
      FROM catalog_question q
     WHERE q.package_id = NEW.package_id AND q.is_required
       AND NOT EXISTS (SELECT 1 FROM orders_answer a
                        WHERE a.order_id = NEW.id AND a.question_key = q.key
                          AND (a.photo <> '' OR a.value NOT IN ('""'::jsonb, 'null'::jsonb)));
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'order % lacks required answers: %', NEW.uuid, missing USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM orders_timewindow w WHERE w.order_id = NEW.id) THEN
        RAISE EXCEPTION 'order % lacks wished times', NEW.uuid USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_require_answers_on_release BEFORE UPDATE ON orders_order
    FOR EACH ROW WHEN (OLD.state = 'draft' AND NEW.state <> 'draft') EXECUTE FUNCTION orders_require_answers();
CREATE TRIGGER orders_require_answers_on_insert BEFORE INSERT ON orders_order
    FOR EACH ROW WHEN (NEW.state <> 'draft') EXECUTE FUNCTION orders_require_answers();
"""
NO_ANSWERS = """
DROP TRIGGER orders_require_answers_on_insert ON orders_order;
DROP TRIGGER orders_require_answers_on_release ON orders_order;
DROP FUNCTION orders_require_answers();
"""
LOG = """
CREATE FUNCTION orders_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of an order is only added to' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER orders_log_is_append_only BEFORE UPDATE ON orders_orderevent
    FOR EACH ROW EXECUTE FUNCTION orders_log_is_append_only();
"""
NO_LOG = """
DROP TRIGGER orders_log_is_append_only ON orders_orderevent;
DROP FUNCTION orders_log_is_append_only();
"""


class Migration(migrations.Migration):
    """Triggers of the orders' tables."""

    dependencies = [("orders", "0001_initial"), ("catalog", "0001_initial")]

    operations = [
        migrations.RunSQL(ANSWERS, NO_ANSWERS),
        migrations.RunSQL(LOG, NO_LOG),
    ]
