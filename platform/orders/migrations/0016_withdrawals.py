"""Consent to an early start, what is owed after a withdrawal, what the partner pays, and what no code can get around."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

GIVEN = """
CREATE FUNCTION orders_early_start_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what the customer has consented to stays as it was' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER orders_early_start_stays BEFORE UPDATE ON orders_earlystart
    FOR EACH ROW EXECUTE FUNCTION orders_early_start_stays();
"""
NOT_GIVEN = """
DROP TRIGGER orders_early_start_stays ON orders_earlystart;
DROP FUNCTION orders_early_start_stays();
"""
WAITS = """
CREATE FUNCTION orders_withdrawal_stops_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM orders_withdrawal w WHERE w.order_id = NEW.id AND w.decided_at IS NULL) THEN
        RAISE EXCEPTION 'nobody has decided about the withdrawal from order %', NEW.uuid
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER orders_withdrawal_stops_confirmation BEFORE UPDATE OF state ON orders_order
    FOR EACH ROW WHEN (NEW.state = 'confirmed' AND OLD.state <> 'confirmed')
    EXECUTE FUNCTION orders_withdrawal_stops_confirmation();
"""
NEVER_WAITS = """
DROP TRIGGER orders_withdrawal_stops_confirmation ON orders_order;
DROP FUNCTION orders_withdrawal_stops_confirmation();
"""
ATTENTION = [
    ("", "Nothing"),
    ("nobody_found", "Nobody found"),
    ("contact_overdue", "Friend has not made contact in time"),
    ("no_show", "Somebody was not there at the agreed time"),
    ("unreachable", "The customer cannot be reached"),
    ("low_rating", "Low rating"),
    ("handover_lapsed", "The customer has not said whether a pro may come"),
    ("pro_wanted", "The friend asks for a pro, but there is none nearby"),
    ("text_reported", "A text with contact details was reported"),
    ("not_done", "The customer says that the work is not done"),
    ("withdrawn", "The customer has withdrawn from the contract"),
]


def of_order(name: str) -> models.OneToOneField:
    return models.OneToOneField(
        on_delete=django.db.models.deletion.CASCADE, related_name=name, to="orders.order"
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("orders", "0015_tips")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="EarlyStart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=10)),
                ("language", models.CharField(choices=settings.LANGUAGES, max_length=2)),
                ("words", models.TextField()),
                ("given_at", models.DateTimeField()),
                ("order", of_order("early_start")),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=~Q(words=""), name="early_start_says_what")],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField()),
                ("proposed_minor", models.PositiveIntegerField()),
                ("owed_minor", models.PositiveIntegerField(null=True)),
                ("answer", models.CharField(blank=True, max_length=1000)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=200)),
                ("order", of_order("withdrawal")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(decided_at__isnull=True, owed_minor__isnull=True)
                        | Q(decided_at__isnull=False, owed_minor__isnull=False),
                        name="withdrawal_decided_with_amount",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="order",
            name="partner_pays_minor",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=Q(partner_pays_minor__lte=F("price_minor")), name="order_partner_pays_within"
            ),
        ),
        migrations.AlterField(
            model_name="order",
            name="attention",
            field=models.CharField(
                blank=True, choices=ATTENTION, default="", max_length=20, verbose_name="needs attention"
            ),
        ),
        migrations.RunSQL(GIVEN, NOT_GIVEN),
        migrations.RunSQL(WAITS, NEVER_WAITS),
    ]
