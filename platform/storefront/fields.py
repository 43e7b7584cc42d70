"""Fields that the shop's forms share."""

from typing import Any

from django import forms


class _Unjudged:
    """A field that takes whatever is typed: orders.intake says what is wrong with it, in its own words."""

    def validate(self, value: Any) -> None:
        """Judge nothing."""


class TextField(_Unjudged, forms.CharField):
    """A line or an area of text; ``preview`` is what friends read of it, where that is less."""

    preview = ""


class ChoiceField(_Unjudged, forms.ChoiceField):
    """One of several."""


class ChoicesField(_Unjudged, forms.MultipleChoiceField):
    """Some of several."""


class PhotoField(forms.FileField):
    """A photo, which the form itself reads."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Judge nothing."""
        return data
