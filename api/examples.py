"""What each call that sends a body sends, as an example: shown by the schema and the reference, executed by a test."""

from typing import Any

# By operation id. Days lie ahead of the tests' clock; whoever reads the reference chooses their own.
EXAMPLES: dict[str, dict[str, Any]] = {
    "place_order": {
        "package": "wifi-setup",
        "place": {"country": "DE", "postal_code": "10115"},
        "answers": {"provider": "1", "rooms": 3, "problem": "The signal is weak."},
        "times": [{"day": "2026-12-01", "part": "evening"}],
        "customer": {
            "name": "Ada Lovelace",
            "email": "ada@customers.example",
            "phone": "030 1234567",
            "street": "Invalidenstr. 1",
        },
        "payment_method": "invoice",
        "language": "en",
        "reference": "SHOP-1",
        "early_start": True,
    },
    "change_times": {"times": [{"day": "2026-12-02", "part": "morning"}]},
    "cancel_order": {"reason": "The router was sent back.", "agreed_fee_minor": 0},
    "link_booking": {
        "package": "wifi-setup",
        "place": {"country": "DE", "postal_code": "10115"},
        "language": "en",
        "reference": "SHOP-2",
    },
    "answer_question": {"text": "A grey one, in the hall."},
    "propose_appointment": {"starts_at": "2026-12-01T18:00:00+01:00", "note": "The bell is broken."},
    "write_message": {"text": "The bell is broken, please knock."},
    "object_to_work": {"text": "There is still no Wi-Fi in the kitchen."},
    "rate_order": {"stars": 5, "criteria": {"skilled": 5}, "text": "Quick and friendly."},
    "sign_up": {"name": "Ada Lovelace", "email": "ada@customers.example"},
    "sign_up_for_newsletter": {
        "email": "ada@customers.example",
        "consent": "Yes, I would like to receive the newsletter by email. I can unsubscribe at any time.",
    },
    "create_webhook_endpoint": {
        "url": "https://shop.example/quartett",
        "events": ["order.accepted", "order.done", "order.cancelled"],
        "payload": "thin",
    },
    "change_webhook_endpoint": {"payload": "snapshot"},
    "replay_webhook_events": {"since": "2026-11-23T00:00:00Z", "until": "2026-11-24T00:00:00Z"},
}
