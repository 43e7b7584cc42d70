"""Where nobody comes yet, a visitor leaves an address, confirms it by mail, and hears when somebody does.

Run inside the tenant.
"""

from datetime import datetime, timedelta

from django.db import transaction

from catalog.errors import NoPriceInCountry, PackageClosed
from catalog.models import Package
from journeys.order.booking.book_package import BookingClosed, CountryNotServed, NotCovered, answer_place
from journeys.posting import tell
from journeys.topics import ToCustomer
from orders import place_wishes as wishes
from orders.models import PlaceWish
from places.errors import UnknownPostalCode
from places.selectors import find_place

KEEP = timedelta(days=7)


@transaction.atomic
def ask_to_hear(
    *, tenant_id: int, package: Package, country: str, postal_code: str, email: str, language: str, now: datetime
) -> None:
    """Keep the wish and mail the link that confirms it; the same wish again mails nothing.

    Raises UnknownPostalCode or UnknownCountry.
    """
    place = find_place(country, postal_code)
    wish, is_new = wishes.keep_wish(
        package=package, country=country, postal_code=place.code, email=email, language=language, now=now
    )
    if is_new:
        tell(ToCustomer.PLACE_WISHED, wish.pk, tenant_id=tenant_id, now=now, wish=str(wish.pk))


def tell_covered(*, tenant_id: int, now: datetime) -> int:
    """Mail all whose wish has come true and return how many; after a week forget what is over or never confirmed."""
    wishes.forget_wishes(now=now, older_than=KEEP)
    return sum(_tell(wish, tenant_id, now) for wish in wishes.confirmed_wishes())


@transaction.atomic
def _tell(wish: PlaceWish, tenant_id: int, now: datetime) -> bool:
    try:
        answer_place(package=wish.package, country=wish.country, postal_code=wish.postal_code, now=now)
    except (NotCovered, NoPriceInCountry, PackageClosed, BookingClosed, CountryNotServed, UnknownPostalCode):
        return False
    tell(ToCustomer.PLACE_COVERED, wish.pk, tenant_id=tenant_id, now=now, wish=str(wish.pk))
    wishes.note_told(wish, now=now)
    return True
