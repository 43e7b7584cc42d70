"""Tables that people bring: the first sheet of a workbook, or text with commas, semicolons or tabs."""

import csv
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from datetime import date
from io import BytesIO, StringIO
from itertools import islice
from lzma import LZMAError
from typing import Any
from zipfile import BadZipFile, ZipFile

import openpyxl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl.utils.exceptions import InvalidFileException

from kernel.errors import DomainError

MOST_BYTES, MOST_UNPACKED = 2_000_000, 30_000_000
MOST_COLUMNS, LONGEST_CELL = 100, 2_000
# So many lines are looked at, the empty ones included, for each that may be filled.
LINES_A_ROW = 10
ZIP = b"PK\x03\x04"
# What no database keeps as text.
NO_TEXT = re.compile(r"[\0\ud800-\udfff]")
# What is raised for files that are broken, encrypted, packed in rare ways, or workbooks without a sheet of cells.
BROKEN = (
    *(ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError, ValueError),
    *(EOFError, OSError, RuntimeError, csv.Error, struct.error, zlib.error),
    *(BadZipFile, InvalidFileException, LZMAError),
)


class TableUnreadable(DomainError):
    """A file is no table."""

    message = gettext_lazy("We cannot read this file. Please choose a workbook (.xlsx) or a CSV file in UTF-8.")
    code, status = "table_unreadable", 422


class TooManyRows(DomainError):
    """A table has more rows than are taken at a time."""

    code, status = "too_many_rows", 422


def read_table(content: bytes, *, most_rows: int) -> list[list[str]]:
    """Return the lines of a table, the first of which names the columns; an empty one is an empty list.

    A whole number has no decimals, a day is written as 2026-12-24. Raises TableUnreadable or TooManyRows.
    """
    if len(content) > MOST_BYTES:
        raise _too_many(most_rows)
    lines = _of_workbook(content) if content.startswith(ZIP) else _of_text(content)
    found: list[list[str]] = []
    filled = 0
    try:
        for line in islice(lines, (most_rows + 1) * LINES_A_ROW):
            cells = [_written(cell) for cell in line]
            found.append(cells if any(cells) else [])
            filled += any(cells)
            if filled > most_rows + 1:
                raise _too_many(most_rows)
    except BROKEN as error:
        raise TableUnreadable from error
    if not filled:
        raise TableUnreadable
    return found


def may_be_cell(text: str) -> bool:
    """Say whether somebody could have typed a text into a cell."""
    return len(text) <= LONGEST_CELL and NO_TEXT.search(text) is None


def _too_many(most_rows: int) -> TooManyRows:
    return TooManyRows(_("A file can have at most %(count)d orders. Please split it.") % {"count": most_rows})


def _of_workbook(content: bytes) -> Iterator[Iterable[Any]]:
    """Yield the lines of the first sheet; what unpacks to more than any such table is not opened."""
    with ZipFile(BytesIO(content)) as packed:
        if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
            raise TableUnreadable
    book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    try:
        yield from book.worksheets[0].iter_rows(values_only=True, max_col=MOST_COLUMNS)
    finally:
        book.close()


def _of_text(content: bytes) -> Iterator[Iterable[Any]]:
    text = content.decode("utf-8-sig")
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    for line in csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True):
        yield line[:MOST_COLUMNS]


def _written(cell: Any) -> str:
    """Return a cell as text.

    Raises ValueError where nobody could have typed it.
    """
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell).strip()
    if not may_be_cell(text):
        raise ValueError
    return text
