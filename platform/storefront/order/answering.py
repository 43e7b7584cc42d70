"""The customer's answer to a friend's question, as a form, and the rows in which questions stand on the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from journeys.order.talking.ask_customer import Exchange
from kernel.errors import DomainError
from orders.photos import clean_photo
from storefront.fields import PhotoField


class AnswerForm(forms.Form):
    """Words, a photo, or both. The photo is re-encoded here, so nothing of where and when it was taken is left."""

    words = forms.CharField(
        label=_("Your answer"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": _("Please write at most 1,000 characters.")},
    )
    photo = PhotoField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
    )

    def clean_photo(self) -> bytes:
        """Return the photo as a JPEG without metadata, or nothing."""
        upload: Any = self.cleaned_data.get("photo")
        if not upload:
            return b""
        try:
            return clean_photo(upload)
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


class MessageForm(AnswerForm):
    """Words to the friend, a photo, or both."""

    words = forms.CharField(
        label=_("Your message"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": _("Please write at most 2,000 characters.")},
    )


@dataclass(frozen=True)
class Row:
    """A question on the page, with a form where it waits for an answer."""

    exchange: Exchange
    form: AnswerForm | None


def rows_of(
    exchanges: Sequence[Exchange], bound: AnswerForm | None = None, question_id: UUID | None = None
) -> list[Row]:
    """Return a row for each question; the form that was sent stands where it was."""
    return [Row(one, _form(one, bound, question_id)) for one in exchanges]


def _form(exchange: Exchange, bound: AnswerForm | None, question_id: UUID | None) -> AnswerForm | None:
    if exchange.answered_at is not None:
        return None
    if bound is not None and exchange.id == question_id:
        return bound
    return AnswerForm(auto_id=f"id_{exchange.id.hex}_%s")
