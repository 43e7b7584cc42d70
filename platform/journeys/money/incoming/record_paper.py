"""The record of an order as PDF, with its photos, as a bank reads it. Run inside the tenant."""

from django.core.files.storage import default_storage
from django.utils import translation

from journeys.money.incoming.record import LANGUAGE, Record
from kernel.files.pdf import as_data, render
from kernel.files.pictures import as_jpeg

# Stripe takes files of 4.5 MB in all.
MOST_PHOTOS, LONGEST_SIDE = 20, 1_000


def draw_record(record: Record, *, identifier: bytes) -> bytes:
    """Return the record as PDF/A; the same record gives the same bytes.

    Raises UnableToDraw.
    """
    photos = []
    for name in record.photos[:MOST_PHOTOS]:
        with default_storage.open(name) as file:
            smaller = as_jpeg(file, formats=("JPEG", "PNG", "WEBP"), longest_side=LONGEST_SIDE)
        photos.append(as_data(smaller, "image/jpeg"))
    with translation.override(LANGUAGE):
        return render(
            "journeys/record.html",
            {"record": record, "photos": photos, "left_out": len(record.photos) - len(photos)},
            identifier=identifier,
        )
