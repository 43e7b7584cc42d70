"""A friend's document on the screen of whoever decides about it: kept by no browser."""

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from crowd.documents import LONGEST_REASON, DocumentFile
from crowd.errors import ReasonIsMissing


class RefusalForm(forms.Form):
    """Why a document does not do."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The friend reads it and may send another document."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": ReasonIsMissing.message},
    )


def document_response(file: DocumentFile) -> HttpResponse:
    """Show a document's file."""
    response = HttpResponse(file.content, content_type=file.content_type)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = "inline"
    return response
