"""What the scheduler begins, and how often."""

from datetime import timedelta

from celery.schedules import crontab

# Ticks expire before the next but one, so a worker that was away does not find a heap of them.
CELERY_BEAT_SCHEDULE = {
    "forget-drafts": {
        "task": "journeys.tasks.forget_drafts",
        "schedule": timedelta(days=1),
        "options": {"expires": 3600},
    },
    "tell-covered-places": {
        "task": "journeys.tasks.tell_covered_places",
        "schedule": timedelta(days=1),
        "options": {"expires": 3600},
    },
    "look-after-events": {
        "task": "journeys.tasks.look_after_events",
        "schedule": timedelta(minutes=10),
        "options": {"expires": 600},
    },
    "sweep-leavers": {
        "task": "journeys.tasks.sweep_leavers",
        "schedule": timedelta(hours=1),
        "options": {"expires": 1800},
    },
    "forget-handovers": {
        "task": "journeys.tasks.forget_old_handovers",
        "schedule": timedelta(hours=1),
        "options": {"expires": 1800},
    },
    "forget-notices": {
        "task": "journeys.tasks.forget_notices",
        "schedule": timedelta(days=1),
        "options": {"expires": 3600},
    },
    "forget-answers": {
        "task": "journeys.tasks.forget_answers",
        "schedule": timedelta(hours=1),
        "options": {"expires": 1800},
    },
    "sweep-sandboxes": {
        "task": "journeys.tasks.sweep_sandboxes",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "look-after-till": {
        "task": "journeys.tasks.look_after_till",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "forget-unconfirmed": {
        "task": "journeys.tasks.forget_unconfirmed",
        "schedule": timedelta(days=1),
        "options": {"expires": 3600},
    },
    "remind-pros": {
        "task": "journeys.tasks.remind_pros",
        "schedule": timedelta(days=1),
        "options": {"expires": 3600},
    },
    "close-overdue-attempts": {
        "task": "journeys.tasks.close_overdue_attempts",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    # More than daily, for a day begins at another moment than the scheduler; nothing is said or done twice.
    "sweep-certificates": {
        "task": "journeys.tasks.sweep_certificates",
        "schedule": timedelta(hours=6),
        "options": {"expires": 1800},
    },
    "publish-scheduled": {
        "task": "cms.tasks.publish_scheduled",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    # Issues whose time has come, and those whose worker was killed; one under way goes on by itself.
    "send-newsletters": {
        "task": "journeys.tasks.send_due_newsletters",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "remind-operators-of-reviews": {
        "task": "journeys.tasks.remind_operators_of_reviews",
        "schedule": timedelta(hours=1),
        "options": {"expires": 1800},
    },
    "carry-out-payouts": {
        "task": "journeys.tasks.carry_out_payouts",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "bill-partners": {
        "task": "journeys.tasks.bill_partners_monthly",
        "schedule": timedelta(hours=1),
        "options": {"expires": 1800},
    },
    "note-waiting-money": {
        "task": "journeys.tasks.note_waiting_money",
        "schedule": timedelta(hours=6),
        "options": {"expires": 1800},
    },
    "collect-seller-data": {
        "task": "journeys.tasks.collect_seller_data",
        "schedule": timedelta(hours=6),
        "options": {"expires": 1800},
    },
    # One comparison a night; the later ones go on where a provider could not be asked, or a worker was killed.
    "reconcile": {
        "task": "journeys.tasks.reconcile",
        "schedule": crontab(minute="*/20", hour="1-6"),
        "options": {"expires": 900},
    },
    # Each night; what is erased already costs a look.
    "erase-what-is-over": {
        "task": "journeys.tasks.erase_what_is_over",
        "schedule": crontab(minute="30", hour="2"),
        "options": {"expires": 3600},
    },
    "carry-out-operations": {
        "task": "journeys.tasks.carry_out_operations",
        "schedule": timedelta(seconds=1),
        "options": {"expires": 5},
    },
    "look-after-cards": {
        "task": "journeys.tasks.look_after_cards",
        "schedule": timedelta(seconds=1),
        "options": {"expires": 5},
    },
    "look-after-stripe-accounts": {
        "task": "journeys.tasks.look_after_stripe_accounts",
        "schedule": timedelta(seconds=2),
        "options": {"expires": 10},
    },
    "relay-outbox": {
        "task": "notices.tasks.relay_outbox",
        "schedule": timedelta(seconds=1),
        "options": {"expires": 5},
    },
}
