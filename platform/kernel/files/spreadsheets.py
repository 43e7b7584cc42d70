"""CSV files that a spreadsheet opens without taking a text for a formula."""

import csv
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpResponse

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(name: str, lines: Iterable[tuple[Any, ...]], *, on: date) -> HttpResponse:
    """Return lines as a file that is downloaded under its name and day."""
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{on:%Y-%m-%d}.csv"'},
    )
    csv.writer(answer).writerows(tuple(_safe(cell) for cell in line) for line in lines)
    return answer


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
