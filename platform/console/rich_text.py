"""Wagtail's field for rich text, which takes what its script has made and nothing else."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import BadRequest
from wagtail.admin.rich_text.editors.draftail import DraftailRichTextArea

# What the converter lets through where a body was made up.
NOT_RICH_TEXT = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class RichTextArea(DraftailRichTextArea):
    """Wagtail's own, but for a body that is no rich text: a bad request, not a fault of ours."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Mapping[str, Any], name: str) -> Any:
        """Return the text as it is kept.

        Raises BadRequest.
        """
        try:
            return super().value_from_datadict(data, files, name)
        except NOT_RICH_TEXT as error:
            raise BadRequest(f"{name} is no rich text") from error
