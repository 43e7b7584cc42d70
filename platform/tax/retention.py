"""What was erased because its period is over, and what is kept until when."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils import timezone

from places.retention import Record, period_of
from tax.models import Erased, Kept, Report, Reported, SellerData


def note_erased(
    record: Record, country: str, year: int, *, now: datetime, tenant_id: int | None = None, count: int = 1
) -> None:
    """Write down that so many records of a year were erased, by which law."""
    law = period_of(record, country).law
    about = {"record": record, "country": country, "year": year, "tenant_id": tenant_id, "on": timezone.localdate(now)}
    row, is_new = Erased.objects.get_or_create(**about, defaults={"count": count, "law": law})
    if not is_new:
        Erased.objects.filter(pk=row.pk).update(count=F("count") + count)


@transaction.atomic
def note_kept(rows: Iterable[Kept]) -> None:
    """Write down what there is and until when, in place of what was written the night before."""
    Kept.objects.all().delete()
    Kept.objects.bulk_create(rows)


def kept_next() -> QuerySet[Kept]:
    """Return what is kept, what goes first at the top."""
    return Kept.objects.order_by("through", "record", "country", "year", "id")


def erased() -> QuerySet[Erased]:
    """Return what was erased, the latest first."""
    return Erased.objects.order_by("-on", "record", "country", "id")


def reports_by_year() -> dict[int, int]:
    """Return how many messages to the tax office there are of each year."""
    counted = Report.objects.values("year").annotate(count=Count("pk")).order_by("year")
    return {row["year"]: row["count"] for row in counted}


def unreported(*, before: date) -> QuerySet[SellerData]:
    """Return the tax details that were entered before a day and are in no report."""
    reported = Reported.objects.filter(friend_id=OuterRef("pk"))
    return SellerData.objects.filter(~Exists(reported), entered_at__date__lt=before)
