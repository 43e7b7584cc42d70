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
    "create_webhook_endpoint": {
        "url": "https://shop.example/quartett",
        "events": ["order.accepted", "order.done", "order.cancelled"],
        "payload": "thin",
    },
    "change_webhook_endpoint": {"payload": "snapshot"},
    "replay_webhook_events": {"since": "2026-11-23T00:00:00Z", "until": "2026-11-24T00:00:00Z"},
}
