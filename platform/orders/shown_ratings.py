"""What everybody may read of the partner's ratings: the stars, and words that stand. Run inside the tenant."""

from dataclasses import dataclass

from django.db.models import Avg, Count

from orders.models import Review


@dataclass(frozen=True)
class ShownWords:
    """What a customer has written of finished work, with the stars, 1 to 5, and in which language they booked."""

    stars: int
    words: str
    language: str


def shown_stars() -> tuple[float, int]:
    """Return the mean of all stars that are shown, 0 where there are none, and how many there are (1 query)."""
    found = Review.objects.filter(shown_at__isnull=False).aggregate(average=Avg("stars"), count=Count("pk"))
    return float(found["average"] or 0), found["count"]


def newest_words(*, most: int) -> list[ShownWords]:
    """Return the newest ratings that have words, hidden ones left out; no stars are left out (1 query)."""
    found = Review.objects.filter(shown_at__isnull=False, hidden_at=None).exclude(words="").order_by("-shown_at", "-id")
    return [ShownWords(*row) for row in found.values_list("stars", "words", "order__language")[:most]]
