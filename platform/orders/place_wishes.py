"""Who wants to hear when a package can be had at a place. Run inside the tenant."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from catalog.models import Package
from orders.models import PlaceWish


def keep_wish(
    *, package: Package, country: str, postal_code: str, email: str, language: str, now: datetime
) -> tuple[PlaceWish, bool]:
    """Keep a wish and say whether it is new."""
    return PlaceWish.objects.get_or_create(
        package=package,
        country=country,
        postal_code=postal_code,
        email=email.lower(),
        defaults={"language": language, "created_at": now},
    )


def confirm_wish(wish_id: UUID | str, *, now: datetime) -> PlaceWish:
    """Note that the mail address is its owner's; twice changes nothing.

    Raises ``PlaceWish.DoesNotExist``.
    """
    PlaceWish.objects.filter(pk=wish_id, confirmed_at=None).update(confirmed_at=now)
    return wish_by_id(wish_id)


def wish_by_id(wish_id: UUID | str) -> PlaceWish:
    """Return a wish with its package.

    Raises ``PlaceWish.DoesNotExist``.
    """
    return PlaceWish.objects.select_related("package").get(pk=wish_id)


def confirmed_wishes() -> list[PlaceWish]:
    """Return the wishes that wait, oldest first (1 query)."""
    found = PlaceWish.objects.filter(confirmed_at__isnull=False, told_at=None, package__is_open=True)
    return list(found.select_related("package").order_by("created_at", "id"))


def note_told(wish: PlaceWish, *, now: datetime) -> None:
    """Note that the wish has come true and is told."""
    PlaceWish.objects.filter(pk=wish.pk).update(told_at=now)


def forget_wishes(*, now: datetime, older_than: timedelta) -> int:
    """Delete the wishes that nobody confirmed and those that were told, after a while; return how many."""
    over = now - older_than
    return PlaceWish.objects.filter(Q(confirmed_at=None, created_at__lt=over) | Q(told_at__lt=over)).delete()[0]
