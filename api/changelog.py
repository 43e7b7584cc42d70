"""What has changed in version 1 of the partner API, the newest first; shown with the reference."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Change:
    """A change on a day, in English as all that developers read."""

    on: date
    text: str


# Version 1 only grows: fields, events, codes and addresses are added, and none is taken away without a year's notice.
CHANGES = (
    Change(date(2026, 11, 29), "Documents are listed with orders:read; their PDF and XML need orders:write."),
    Change(date(2026, 11, 29), "At most 500 attachments wait for their use at a time."),
    Change(
        date(2026, 11, 29),
        "A rating is in the order once it is shown; endpoints with snapshots need orders:read; six replays an hour.",
    ),
    Change(date(2026, 11, 29), "Booking links: begin a booking that your customer goes on with on the brand site."),
    Change(date(2026, 11, 29), "ETags, If-None-Match and If-Match; fields, expand, and filters and order of orders."),
    Change(
        date(2026, 11, 29),
        "Orders: questions, other times, appointments, messages, confirmation, rating, documents.",
    ),
    Change(
        date(2026, 11, 29),
        "Attachments, product numbers, vouchers, account; a checkout needs an Idempotency-Key.",
    ),
    Change(
        date(2026, 11, 29),
        "Test keys work in a sandbox: simulated friends, a clock of its own, a till for test cards.",
    ),
    Change(date(2026, 11, 29), "Webhook endpoints: added, changed, tested and replayed through the API."),
    Change(date(2026, 11, 29), "Webhook messages carry version and livemode, and the whole order where asked for."),
    Change(date(2026, 11, 29), "RateLimit also says what all keys of a brand have left."),
    Change(date(2026, 11, 29), "Version 1: packages, coverage, quotes, orders and webhooks."),
)
