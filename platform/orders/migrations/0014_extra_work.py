"""Extra work, and what no code can get around: an order's price changes with the customer's answer alone."""

import uuid
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

AGREED = """
CREATE FUNCTION orders_price_changes_with_an_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM orders_extra e
                    WHERE e.order_id = NEW.id AND e.state = 'accepted' AND e.price_after_minor = NEW.price_minor)
       AND NOT EXISTS (SELECT 1 FROM orders_escalation e
                        WHERE e.order_id = NEW.id AND e.state IN ('approved', 'declined')) THEN
        RAISE EXCEPTION 'the price of order % changes without its customer', NEW.uuid
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_price_changes_with_an_answer BEFORE UPDATE OF price_minor ON orders_order
    FOR EACH ROW WHEN (OLD.price_minor <> NEW.price_minor AND OLD.state <> 'draft')
    EXECUTE FUNCTION orders_price_changes_with_an_answer();
"""
NOT_AGREED = """
DROP TRIGGER orders_price_changes_with_an_answer ON orders_order;
DROP FUNCTION orders_price_changes_with_an_answer();
"""
# Whatever takes the job from its friend, or ends the order, ends what they have proposed.
LAPSES = """
CREATE FUNCTION orders_extra_lapses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE orders_extra SET state = 'lapsed', answered_at = NEW.changed_at
     WHERE order_id = NEW.id AND state = 'proposed';
    RETURN NULL;
END $$;
CREATE TRIGGER orders_extra_lapses AFTER UPDATE OF state ON orders_order
    FOR EACH ROW WHEN (OLD.state IN ('contacted', 'scheduled') AND NEW.state NOT IN ('contacted', 'scheduled'))
    EXECUTE FUNCTION orders_extra_lapses();
"""
NEVER_LAPSES = """
DROP TRIGGER orders_extra_lapses ON orders_order;
DROP FUNCTION orders_extra_lapses();
"""
STATES = [
    ("proposed", "Waiting for an answer"),
    ("accepted", "Agreed to"),
    ("declined", "Declined"),
    ("taken_back", "Proposal taken back"),
    ("lapsed", "Ended with the order"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orders", "0013_companies")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Extra",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("friend_id", models.UUIDField()),
                ("words", models.CharField(max_length=300)),
                ("package_name", models.JSONField(default=dict)),
                ("minutes", models.PositiveSmallIntegerField()),
                ("change_minor", models.IntegerField()),
                ("price_before_minor", models.PositiveIntegerField()),
                ("price_after_minor", models.PositiveIntegerField()),
                ("state", models.CharField(choices=STATES, default="proposed", max_length=10)),
                ("created_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="extras", to="orders.order"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(state="proposed"), fields=("order",), name="extra_one_open_an_order"
                    ),
                    models.CheckConstraint(
                        condition=Q(price_after_minor=F("price_before_minor") + F("change_minor"))
                        & ~Q(change_minor=0),
                        name="extra_prices_are_right",
                    ),
                    models.CheckConstraint(
                        condition=Q(state="proposed", answered_at=None)
                        | (~Q(state="proposed") & Q(answered_at__isnull=False)),
                        name="extra_answered_has_moment",
                    ),
                ],
            },
        ),
        migrations.RunSQL(AGREED, NOT_AGREED),
        migrations.RunSQL(LAPSES, NEVER_LAPSES),
    ]
