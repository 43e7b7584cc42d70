"""The forms of the import: the file, then the table that was read from it."""

import json
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from journeys.order.booking.import_orders import MOST_ROWS
from kernel.errors import DomainError
from kernel.files.tables import MOST_COLUMNS, TableUnreadable, may_be_cell, read_table

Table = list[list[str]]


class FileForm(forms.Form):
    """A table of orders as a file."""

    file = forms.FileField(
        label=_("Table of orders"),
        help_text=_("A workbook (.xlsx) or a CSV file in UTF-8, with the columns of the template."),
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, label_suffix="")

    def clean_file(self) -> Table:
        """Return the table."""
        upload: UploadedFile = self.cleaned_data["file"]
        try:
            return read_table(upload.read(), most_rows=MOST_ROWS)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


class TableForm(forms.Form):
    """The table that was looked at, sent along so that nothing of it is kept before it is placed."""

    table = forms.CharField(widget=forms.HiddenInput)

    def clean_table(self) -> Table:
        """Return the table, which is as it was read."""
        try:
            found = json.loads(self.cleaned_data["table"])
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(str(TableUnreadable.message)) from error
        is_table = isinstance(found, list) and bool(found) and all(map(_is_line, found))
        if not is_table or len(list(filter(None, found))) > MOST_ROWS + 1:
            raise forms.ValidationError(str(TableUnreadable.message))
        return list(found)


def _is_line(line: object) -> bool:
    return isinstance(line, list) and len(line) <= MOST_COLUMNS and all(map(_is_cell, line))


def _is_cell(cell: object) -> bool:
    return isinstance(cell, str) and may_be_cell(cell)
