"""Importing the data file."""

import csv
import hashlib
import lzma
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import transaction

from places.models import Import, PostalCode

FILE = Path(__file__).parent / "data" / "postal_codes.csv.xz"
BATCH = 5_000


def import_postal_codes(*, report: Callable[[int], None], force: bool = False, file: Path = FILE) -> int | None:
    """Bring the postal codes up to the data file and return how many it holds; None where they already are.

    Codes that the file no longer has are deleted. ``report`` is told the count after each batch. All or nothing;
    running it twice changes nothing.
    """
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if not force and Import.objects.filter(sha256=digest).exists():
        return None
    count = 0
    with transaction.atomic():
        gone = set(PostalCode.objects.values_list("country", "code"))
        for batch in _batches(_rows(file)):
            PostalCode.objects.bulk_create(
                batch,
                update_conflicts=True,
                unique_fields=["country", "code"],
                update_fields=["name", "latitude", "longitude", "population"],
            )
            gone.difference_update((place.country, place.code) for place in batch)
            count += len(batch)
            report(count)
        for country, code in gone:
            PostalCode.objects.filter(country=country, code=code).delete()
        Import.objects.update_or_create(pk=1, defaults={"sha256": digest})
    return count


def _rows(file: Path) -> Iterator[PostalCode]:
    with lzma.open(file, "rt", encoding="utf-8", newline="") as lines:
        for country, code, name, latitude, longitude, population in csv.reader(lines):
            yield PostalCode(
                country=country,
                code=code,
                name=name,
                latitude=float(latitude),
                longitude=float(longitude),
                population=int(population),
            )


def _batches(rows: Iterator[PostalCode]) -> Iterator[list[PostalCode]]:
    batch: list[PostalCode] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
