"""The card readers of a partner's friends in the form: one on a line, its id at SumUp and what friends call it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class CardReaders(forms.Textarea):
    """Lines of an id and a name."""

    def format_value(self, value: Any) -> str:
        """Return pairs as lines; what was typed stays as it is."""
        if isinstance(value, str):
            return value
        return "\n".join(f"{reader} {name}" for reader, name in value or [])


class CardReadersField(forms.CharField):
    """Card readers; the value is a list of [id, name]."""

    widget = CardReaders

    def clean(self, value: Any) -> list[list[str]]:
        """Return the readers in their order.

        Raises ValidationError where a line holds no name.
        """
        rows = [line.split(None, 1) for line in (super().clean(value) or "").splitlines() if line.strip()]
        if any(len(row) < 2 for row in rows):
            raise ValidationError(_("Please enter an id and a name on every line."))
        return [[reader, name.strip()] for reader, name in rows]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what the lines say."""
        return str(CardReaders().format_value(initial)).split() != str(data or "").split()
