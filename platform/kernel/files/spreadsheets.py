"""Files for spreadsheets, whose texts are never taken for formulas."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from kernel.late import Late

if TYPE_CHECKING:
    import openpyxl
else:
    openpyxl = Late("openpyxl")

FORMULA = ("=", "+", "-", "@", "\t", "\r")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_file(name: str, lines: Iterable[tuple[Any, ...]], *, on: date) -> HttpResponse:
    """Return lines as a file that is downloaded under its name and day."""
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{on:%Y-%m-%d}.csv"'},
    )
    csv.writer(answer).writerows(tuple(_safe(cell) for cell in line) for line in lines)
    return answer


def workbook_file(name: str, lines: Iterable[Sequence[Any]]) -> HttpResponse:
    """Return lines as a workbook that is downloaded under its name."""
    book, out = openpyxl.Workbook(), BytesIO()
    for line in lines:
        book.worksheets[0].append([_safe(cell) for cell in line])
    book.save(out)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(out.getvalue(), content_type=WORKBOOK, headers=headers)


def _safe(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
