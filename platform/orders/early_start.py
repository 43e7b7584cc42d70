"""The consent of consumers to work within the days of withdrawal: who is asked, and the words that they tick.

Directive 2011/83/EU, art. 7 (3), 14 (3) and 16 (a); DE BGB § 356 (4) and § 357a (2), AT FAGG §§ 10, 16 and 18 (1) 1,
PL ustawa o prawach konsumenta art. 15 (3), 35 and 38 (1) 1. A change of the words is a new version.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from orders.intake import Window
from orders.models import EarlyStart, Order
from places.countries import Country

VERSION = "2026-06"


def needs_early_start(country: Country, windows: Iterable[Window], *, now: datetime) -> bool:
    """Say whether somebody who books now wishes for work on a day on which they could still withdraw."""
    ends = country.withdrawal_ends(now)
    return bool(country.withdrawal_days) and any(day < ends.date() for day, _part in windows)


def early_start_words() -> str:
    """Return what a consumer consents to, in the language of the moment."""
    return _(
        "I expressly ask for the work to begin before the withdrawal period ends. I know that if I withdraw after it "
        "has begun, I owe a proportionate amount for what has been done by then, and that I lose my right of "
        "withdrawal once the work has been completed in full."
    )


@transaction.atomic
def note_early_start(*, order: Order, words: str, now: datetime) -> EarlyStart:
    """Keep what the customer has ticked at booking."""
    return EarlyStart.objects.create(order=order, version=VERSION, language=order.language, words=words, given_at=now)
